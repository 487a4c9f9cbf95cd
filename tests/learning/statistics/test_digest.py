"""The weekly digest: the figures of the screen, once a week, to who answers for people."""

from __future__ import annotations

import datetime

import pytest

from learning.notices.models import DeadAddress, Notice
from learning.organisations.models import Membership
from learning.statistics.digest import DIGEST, tell_weekly
from tests.factories import EnrolmentFactory, make_course
from tests.learning.enrolments.factories import complete
from tests.learning.organisations.factories import make_member
from tests.learning.privacy.factories import make_auditor, make_city

pytestmark = pytest.mark.django_db

MONDAY = datetime.date(2026, 11, 23)


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def course():
    return make_course(modules=1, lessons=1, questions=1, title="Khóa A")


def told():
    return {notice.person.full_name: notice.facts for notice in Notice.objects.filter(kind=DIGEST)}


def test_each_officer_reads_the_figures_of_her_units(city, course):
    make_auditor(city.one)
    late = make_member(city.one, "Lê Thí Dụ")
    EnrolmentFactory(
        user=late, course_key=course.key, due_on=MONDAY - datetime.timedelta(days=3), required=True
    )
    done = EnrolmentFactory(user=city.learner, course_key=course.key)
    complete(done, MONDAY - datetime.timedelta(days=2))
    assert tell_weekly(today=MONDAY) == 2
    facts = told()
    assert set(facts) == {"Trần Mẫu Lan", "Vũ Mẫu Minh"}
    assert facts["Trần Mẫu Lan"]["figures"] == (
        "Khóa A: 1/2 hoàn thành (50,0%), thêm 1 so với tuần trước; 1 quá hạn"
    )
    assert facts["Trần Mẫu Lan"]["week"] == "22/11/2026"
    assert "Sở Một" in facts["Trần Mẫu Lan"]["unit"]


def test_told_once_a_week_and_made_up_for_after_a_missed_monday(city, course):
    EnrolmentFactory(user=city.learner, course_key=course.key)
    day = datetime.timedelta(days=1)
    assert tell_weekly(today=MONDAY + 2 * day) == 2
    assert tell_weekly(today=MONDAY + 2 * day) == 0
    assert tell_weekly(today=MONDAY + 3 * day) == 0
    assert tell_weekly(today=MONDAY + 7 * day) == 2


def test_nothing_assigned_is_no_letter(city, course):
    assert tell_weekly(today=MONDAY) == 0


def test_addresses_that_reach_nobody_are_counted(city, course):
    EnrolmentFactory(user=city.learner, course_key=course.key)
    DeadAddress.objects.create(address=city.learner.email, reason="550")
    tell_weekly(today=MONDAY)
    assert "1 người có địa chỉ e-mail không nhận được thư" in told()["Trần Mẫu Lan"]["todo"]
    Membership.objects.filter(user=city.learner).update(ended_on=MONDAY)
