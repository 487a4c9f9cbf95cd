"""The invented city: quick to make, the same every time, and its figures add up."""

import datetime
import time

import pytest

from learning.enrolments.models import Assignment, Enrolment
from learning.organisations.access import responsible_units
from learning.organisations.models import Membership, Unit
from learning.organisations.packs import load_units, read_units
from portal.accounts.models import User
from portal.operations.demo import CITY
from portal.operations.demo_city import AGENCIES
from portal.operations.demo_people import ROOT_CODE, create_demo_people, demo_progress_plan
from tests.learning.statistics.factories import complete, make_course
from tests.learning.statistics.screens import figures, overview

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 22)
PASSWORD = "thu-nghiem-2026"


def counts():
    return tuple(model.objects.count() for model in (User, Unit, Membership, Enrolment, Assignment))


def test_it_is_made_quickly_and_once():
    course = make_course()
    begun = time.perf_counter()
    first = create_demo_people(course_key=course, today=TODAY, password=PASSWORD)
    assert time.perf_counter() - begun < 5
    made = counts()
    assert made[0] > 240
    due = set(Enrolment.objects.values_list("due_on", flat=True))
    later = TODAY + datetime.timedelta(days=3)
    assert create_demo_people(course_key=course, today=later, password="khác") == first
    assert counts() == made
    assert set(Enrolment.objects.values_list("due_on", flat=True)) == due
    assert Unit.find_problems() == ([], [], [], [], [])
    assert User.objects.get(pk=first.learner.pk).check_password(PASSWORD)


def test_the_invented_agencies_are_those_of_the_city():
    """The nine agencies with people are rows of the city's file, not second ones beside them."""
    load_units(read_units(CITY))
    units = Unit.objects.count()
    create_demo_people(course_key=make_course(), today=TODAY, password=PASSWORD)
    divisions = sum(len(agency.divisions) for agency in AGENCIES)
    assert Unit.objects.count() == units + divisions
    for agency in AGENCIES:
        assert Unit.objects.get(code=agency.code).get_parent().code == ROOT_CODE
    assert load_units(read_units(CITY)).differing == []


def test_everyone_is_plainly_invented_and_only_the_visitors_can_log_in():
    logins = create_demo_people(course_key=make_course(), today=TODAY, password=PASSWORD)
    known = {vars(logins)[name].pk for name in vars(logins)}
    for user in User.objects.all():
        assert user.email.endswith("@vidu.example")
        assert "Mẫu" in user.full_name or "Thí Dụ" in user.full_name
        assert user.has_usable_password() == (user.pk in known)


def test_each_login_sees_what_it_promises():
    logins = create_demo_people(course_key=make_course(), today=TODAY, password=PASSWORD)
    seen = {
        name: [unit.name for unit in responsible_units(getattr(logins, name))]
        for name in vars(logins)
    }
    assert seen == {
        "learner": [],
        "hr_officer": ["Sở Khoa học và Công nghệ"],
        "other_hr_officer": ["Phường Lê Chân"],
        "administrator": ["UBND thành phố Hải Phòng"],
    }


def test_the_plan_is_the_same_on_every_call_and_leaves_the_visitors_alone():
    course = make_course()
    logins = create_demo_people(course_key=course, today=TODAY, password=PASSWORD)
    plan = demo_progress_plan(course_key=course)
    assert plan == demo_progress_plan(course_key=course)
    assert 90 < sum(step.completes for step in plan) < 160
    assert 40 < sum(not step.completes for step in plan) < 90
    visitors = {vars(logins)[name].pk for name in vars(logins)}
    assert not visitors & {step.enrolment.user_id for step in plan}


def test_every_units_figures_are_the_sum_of_its_lines(client):
    course = make_course()
    logins = create_demo_people(course_key=course, today=TODAY, password=PASSWORD)
    for step in demo_progress_plan(course_key=course)[::9]:
        if step.completes:
            complete(step.enrolment)
    client.force_login(logins.administrator)
    whole = overview(client).context["report"]
    assert whole.total.assigned == Enrolment.objects.count()
    assert whole.total.staff == Membership.objects.count()
    for row in whole.rows:
        if row.direct:
            continue
        response = overview(client, **{"don-vi": row.unit.pk})
        assert response.context["report"].total == row.figures
        assert figures(response)["assigned"] == str(row.figures.assigned)
    assert len(whole.rows) == 9
