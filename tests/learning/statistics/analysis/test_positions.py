"""By position: spellings are one, sums are the overview's, numbers open their lists."""

import datetime

import pytest
from django.utils import timezone

from learning.enrolments.models import Enrolment
from learning.organisations.actions import place_member
from learning.organisations.models import Membership
from tests.learning.organisations.factories import make_member
from tests.learning.statistics.analysis.asking import behind, queries, screen
from tests.learning.statistics.factories import enrolled
from tests.learning.statistics.screens import overview

POSITIONS = {
    "done": "Trưởng phòng",
    "late": "trưởng  phòng",
    "busy": "Truong phong",
    "new": "",
    "best": "Chuyên viên",
    "other": "Trưởng phòng",
}


@pytest.fixture
def staff(client, city):
    for name, position in POSITIONS.items():
        Membership.objects.filter(user=city.people[name]).update(position=position)
    client.force_login(city.administrator)
    return client


def lines(client, **asked):
    return [line for line, _links in screen(client, "positions", **asked).context["lines"]]


def test_spellings_are_one_the_largest_first_and_none_last(staff):
    found = lines(staff)
    assert [(one.key, one.name, one.figures.assigned) for one in found] == [
        ("truong phong", "Trưởng phòng", 4),
        ("chuyen vien", "Chuyên viên", 1),
        ("-", "", 1),
    ]
    first = found[0].figures
    assert (first.completed, first.in_progress, first.not_started) == (2, 1, 1)
    assert (first.exempt, first.overdue) == (0, 1)
    assert str(first.rate) == "50.0"
    # 80 and 100.
    assert str(first.mean_score) == "90.0"
    assert found[2].figures.mean_score is None


def test_the_sum_is_the_overviews(staff, city):
    for asked in ({}, {"don-vi": city.one.pk}, {"don-vi": city.room.pk}):
        mine = screen(staff, "positions", **asked).context["total"]
        whole = overview(staff, **asked).context["total"]
        for name in (
            "assigned",
            "completed",
            "in_progress",
            "not_started",
            "exempt",
            "overdue",
            "rate",
            "mean_score",
        ):
            assert getattr(mine, name) == getattr(whole, name), (asked, name)
        assert mine.assigned == (mine.completed + mine.in_progress + mine.not_started + mine.exempt)


def test_every_number_opens_a_list_of_as_many_people(staff, today):
    for asked in ({}, {"den-ngay": today.isoformat()}):
        opened = 0
        for line, links in screen(staff, "positions", **asked).context["lines"]:
            for name in ("assigned", "completed", "in_progress", "not_started", "overdue"):
                count = getattr(line.figures, name)
                assert len(behind(staff, links[name.upper()])) == count, (line, name)
                opened += bool(count)
        assert opened == 9


def test_who_changed_position_is_told_by_that_of_the_day(staff, city, today):
    yesterday = today - datetime.timedelta(days=1)
    Enrolment.objects.update(created_at=timezone.now() - datetime.timedelta(days=9))
    place_member(user=city.people["best"], unit=city.one, position="Giám đốc", on=today)
    past = {"den-ngay": yesterday.isoformat()}
    assert [one.key for one in lines(staff)] == ["truong phong", "giam doc", "-"]
    assert [one.key for one in lines(staff, **past)] == ["truong phong", "chuyen vien", "-"]
    now = lines(staff, **past, theo="hien-nay")
    assert [one.key for one in now] == ["truong phong", "giam doc", "-"]
    then = screen(staff, "positions", **past).context["lines"][1][1]["ASSIGNED"]
    assert behind(staff, then) == ["Đỗ Mẫu Dũng"]


def test_a_position_is_looked_for_inside_the_scope_alone(client, staff, city):
    client.force_login(city.officer)
    assert behind(client, "chuc-vu=Trưởng+PHÒNG") == [
        "Trần Thí Dụ Ánh",
        "Lê Mẫu Đức",
        "Phạm Mẫu Hòa",
    ]
    assert behind(client, "chuc-vu=-") == ["Vũ Mẫu An"]
    assert behind(client, "chuc-vu=khong-co") == []


def test_the_number_of_queries_does_not_grow(staff, city):
    few = queries(staff, "positions")
    for number in range(3):
        member = make_member(city.room)
        Membership.objects.filter(user=member).update(position=f"Chức vụ {number}")
        enrolled(member, city.course)
    assert queries(staff, "positions") == few
