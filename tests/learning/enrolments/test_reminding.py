"""The morning's reminders: each step once, by the plan, to those who still have to learn."""

import datetime
import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from learning.enrolments.models import Enrolment
from learning.enrolments.reminding.planning import remind_today, step_of
from learning.notices.models import Notice
from learning.organisations.actions import make_responsible
from learning.organisations.models import Responsibility
from tests.learning.enrolments.factories import make_assignment
from tests.learning.organisations.factories import make_member, make_officer, make_unit, make_user
from tests.learning.statistics.factories import complete, enrolled, make_course

TODAY = datetime.date(2026, 11, 23)
DAY = datetime.timedelta(days=1)


def due_in(days):
    return TODAY + datetime.timedelta(days=days)


def kinds():
    return sorted(Notice.objects.values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("day", "step"),
    [(-8, None), (-7, -7), (-5, -7), (-4, None), (-1, -1), (0, -1), (1, 1), (3, 1), (4, None)],
)
def test_the_step_of_a_day(day, step):
    assert step_of((-7, -1, 1, 7), day=day) == step


@pytest.mark.django_db
def test_each_step_is_told_once_and_the_next_ones_on_their_days():
    course = make_course()
    enrolled(make_user(), course, due_on=due_in(7))
    told = [remind_today(today=due_in(day)) for day in range(25)]
    assert [day for day, count in enumerate(told) if count] == [0, 6, 8, 14, 21]
    assert kinds() == ["overdue"] * 3 + ["soon-due"] * 2
    assert [remind_today(today=due_in(day)) for day in range(25)] == [0] * 25


@pytest.mark.django_db
def test_who_is_done_withdrawn_exempt_or_gone_is_left_alone():
    course = make_course()
    done = enrolled(make_user(), course, due_on=due_in(1))
    complete(done, certificate=False)
    for field in ("withdrawn_on", "exempt_on"):
        one = enrolled(make_user(), course, due_on=due_in(1))
        Enrolment.objects.filter(pk=one.pk).update(**{field: TODAY}, exempt_reason="Nghỉ phép")
    enrolled(make_user(is_active=False), course, due_on=due_in(1))
    remind_today(today=TODAY)
    assert Notice.objects.filter(kind="soon-due").count() == 0


@pytest.mark.django_db
def test_a_later_due_date_begins_anew_and_required_courses_cannot_be_left():
    one = enrolled(make_user(), make_course("Sáng chế"), due_on=due_in(-1))
    Enrolment.objects.filter(pk=one.pk).update(required=True)
    remind_today(today=TODAY)
    Enrolment.objects.filter(pk=one.pk).update(due_on=due_in(1))
    remind_today(today=TODAY)
    assert kinds() == ["overdue", "soon-due"]
    notice = Notice.objects.get(kind="overdue")
    assert (notice.required, notice.facts["course"], notice.facts["due"]) == (
        True,
        "Sáng chế",
        "22/11/2026",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("people", [1, 3])
def test_the_queries_do_not_grow_with_the_people(django_assert_max_num_queries, people):
    course = make_course()
    for _number in range(people):
        enrolled(make_user(), course, due_on=due_in(-1))
    with django_assert_max_num_queries(15):
        assert remind_today(today=TODAY) == people


@pytest.fixture
def offices(db):
    one, two = make_unit("Sở Một"), make_unit("Sở Hai")
    course, today = make_course(), timezone.localdate()
    late = enrolled(make_member(one, "Lê Mẫu Muộn"), course, due_on=today - DAY)
    other = enrolled(make_member(two, "Ngô Mẫu Kín"), course, due_on=today - DAY)
    return SimpleNamespace(one=one, two=two, late=late, other=other)


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def test_an_officer_reminds_her_own_people_once_a_day_and_nobody_elses(offices):
    client = browser(make_officer(offices.one))
    page = client.get("/nhac-nho/?ten=1").content.decode()
    assert ("Lê Mẫu Muộn" in page, "Ngô Mẫu Kín" in page) == (True, False)
    for _twice in range(2):
        reply = client.post("/nhac-nho/", {"who": [offices.late.pk, offices.other.pk, "x"]})
        assert reply.status_code == 302
    assert Notice.objects.values_list("person", flat=True).get() == offices.late.user_id


def test_names_are_in_the_text_only_when_asked_for(offices):
    client = browser(make_officer(offices.one))
    texts = [client.get("/nhac-nho/" + asked).context["zalo"] for asked in ("", "?ten=1")]
    assert ["Lê Mẫu Muộn" in text for text in texts] == [False, True]


def test_learners_find_nothing_and_auditors_only_look(offices):
    assert browser(offices.late.user).get("/nhac-nho/").status_code == 404
    auditor = make_user()
    make_responsible(user=auditor, unit=offices.one, role=Responsibility.Role.AUDITOR)
    client = browser(auditor)
    assert client.get("/nhac-nho/").status_code == 200
    assert client.post("/nhac-nho/", {"who": [offices.late.pk]}).status_code == 404
    assert Notice.objects.count() == 0


@pytest.mark.django_db
def test_a_text_of_one_assignment_has_its_figures_and_nobodys_name(settings):
    unit, course = make_unit("Sở Mẫu"), make_course("Sáng chế")
    people = [make_member(unit, f"Lê Mẫu {name}") for name in ("An", "Bình", "Chi")]
    today = timezone.localdate()
    given = make_assignment(unit, course, due_on=today + 9 * DAY)
    client = browser(make_officer(unit))
    late = Enrolment.objects.filter(user=people[0])
    late.update(due_on=today - DAY)
    complete(Enrolment.objects.get(user=people[1]), certificate=False)
    address = f"/giao-hoc/{given.pk}/"
    text = client.get(address).context["zalo"]
    assert ("«Sáng chế»" in text, settings.SITE_URL in text, "Lê Mẫu" in text) == (
        True,
        True,
        False,
    )
    lines = text.splitlines()[1:4]
    assert [re.findall(r"\d+", line) for line in lines] == [
        f"{today + 9 * DAY:%d %m %Y}".split(),
        ["1", "3"],
        ["1"],
    ]
    for person in (people[0], people[2]):
        complete(Enrolment.objects.get(user=person), certificate=False)
    assert client.get(address).context["zalo"] == ""
