"""Officers hear of requests in time, people of answers; and no notice tells whose they are."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from learning.notices.models import Notice
from learning.organisations.actions import make_responsible, place_member
from learning.privacy.actions import answer_request, record_consent, withdraw_consent
from learning.privacy.models import DataRequest
from learning.privacy.telling import tell_due
from tests.learning.organisations.factories import SINCE, make_member, make_unit, make_user
from tests.learning.privacy.factories import make_auditor, make_city, make_request

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def city():
    return make_city()


def told(kind="data-request"):
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("person", flat=True))


def test_her_officer_is_told_at_once_and_nobody_else(city):
    make_auditor(city.one)
    asked = make_request(city.learner)
    make_request(city.learner, new_name="Nguyễn Thị Mẫu Hai")
    notice = Notice.objects.get()
    assert (notice.person, notice.required) == (city.officer, True)
    assert notice.facts == {"due": f"{asked.due_on:%d/%m/%Y}"}, "and not whose it is"
    assert notice.link == f"/yeu-cau-du-lieu/{asked.pk}/"


def test_without_an_officer_of_its_own_the_unit_above_is_told(city):
    office = make_unit("Phòng Mẫu", parent=city.one)
    place_member(user=city.officer, unit=city.one, position="Trưởng phòng", on=SINCE)
    make_request(make_member(office, "Ngô Thí Dụ"))
    make_request(city.officer)
    make_request(make_user("Người Tự Do Mẫu"))
    assert told() == [city.officer.pk, city.department.pk, city.department.pk]


def test_deputies_of_that_day_are_told_too(city):
    today = timezone.localdate()
    deputy, past = make_user("Hoàng Mẫu Thay"), make_user("Bùi Mẫu Cũ")
    for user, starts, ends in ((deputy, today, today), (past, today - 2 * DAY, today - DAY)):
        make_responsible(
            user=user, unit=city.one, starts_on=starts, ends_on=ends, deputy_for=city.officer
        )
    make_request(city.learner)
    assert set(told()) == {city.officer.pk, deputy.pk}


def test_what_is_due_is_told_again_and_what_is_late_to_those_above(city):
    asked = make_request(city.learner)
    assert tell_due(today=asked.due_on - DAY) == 0
    assert (tell_due(today=asked.due_on), tell_due(today=asked.due_on)) == (1, 0)
    assert tell_due(today=asked.due_on + DAY) == 2
    assert tell_due(today=asked.due_on + 2 * DAY) == 0
    assert told() == [city.officer.pk, city.officer.pk, city.officer.pk, city.department.pk]
    answer_request(request=asked, by=city.officer, grant=True)
    other = make_request(city.learner, "restriction")
    assert tell_due(today=asked.due_on - DAY) == 0
    assert DataRequest.objects.get(state="open") == other


def test_she_is_told_that_there_is_an_answer(city):
    asked = make_request(city.learner)
    answer_request(request=asked, by=city.officer, grant=False, answer="Thiếu giấy tờ")
    notice = Notice.objects.get(kind="data-answered")
    assert (notice.person, notice.link) == (city.learner, "/du-lieu-cua-toi/")
    assert "Thiếu" not in str(notice.facts)


def test_a_withdrawn_consent_reaches_the_officer(city):
    record_consent(user=city.learner, purpose="public-sign-up", version="1", at=timezone.now())
    withdraw_consent(user=city.learner, purpose="public-sign-up")
    assert told() == [city.officer.pk]


def test_a_morning_costs_the_same_with_one_officer_and_with_three(
    city, django_assert_max_num_queries
):
    asked = make_request(city.learner)
    costs = []
    for officers in (0, 2):
        for _time in range(officers):
            make_responsible(user=make_user(), unit=city.one)
        tell_due(today=asked.due_on)
        with django_assert_max_num_queries(9) as counted:
            tell_due(today=asked.due_on)
        costs.append(len(counted))
    assert costs[0] == costs[1]
