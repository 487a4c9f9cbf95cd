"""The city's progress on the campaign page: only where the department wants it."""

from __future__ import annotations

import datetime

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from learning.enrolments.actions import save_goal
from learning.enrolments.models import TrainingGoal
from learning.organisations.actions import end_membership
from learning.organisations.models import Membership
from tests.factories import EnrolmentFactory, make_course
from tests.learning.enrolments.factories import complete
from tests.learning.organisations.factories import make_member
from tests.learning.privacy.factories import make_city

pytestmark = pytest.mark.django_db

HEADING = "Tiến độ toàn thành phố"


@pytest.fixture
def campaign():
    cache.clear()
    city = make_city()
    for number in range(7):
        make_member(city.two, f"Người Mẫu {number}")
    course = make_course(modules=1, lessons=1, quiz=False)
    complete(EnrolmentFactory(user=city.learner, course_key=course.key))
    save_goal(
        name="Chỉ tiêu mẫu",
        decision="",
        target_percent=80,
        due_on=timezone.localdate() + datetime.timedelta(days=30),
        course_keys=[course.key],
    )
    yield course.campaign
    cache.clear()


def shown(campaign):
    cache.clear()
    return Client().get(campaign.url).content.decode()


def test_it_is_shown_to_everyone_where_the_department_wants_it(campaign):
    assert HEADING not in shown(campaign)
    TrainingGoal.objects.update(on_campaign=True)
    page = shown(campaign)
    assert HEADING in page
    assert "1/8 cán bộ, công chức, viên chức" in page
    assert "12,5%" in page


def test_a_goal_that_is_over_is_not_shown(campaign):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    TrainingGoal.objects.update(on_campaign=True, due_on=yesterday)
    assert HEADING not in shown(campaign)


def test_counted_once_in_ten_minutes(campaign):
    TrainingGoal.objects.update(on_campaign=True)
    shown(campaign)
    TrainingGoal.objects.update(name="Tên khác")
    assert "Chỉ tiêu mẫu" in Client().get(campaign.url).content.decode()


def test_a_goal_of_fewer_than_five_people_is_not_shown(campaign):
    TrainingGoal.objects.update(on_campaign=True)
    for membership in Membership.objects.open().order_by("-pk")[:3]:
        end_membership(user=membership.user, on=timezone.localdate())
    assert "1/5 cán bộ" in shown(campaign)
    last = Membership.objects.open().order_by("-pk")[0]
    end_membership(user=last.user, on=timezone.localdate())
    assert HEADING not in shown(campaign)
