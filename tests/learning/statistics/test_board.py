"""All units at a glance: tiles, ranks, and what moved in the week."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from learning.progress.models import CourseCompletion
from tests.learning.organisations.factories import make_member, make_officer, make_unit
from tests.learning.statistics.factories import enrolled
from tests.learning.statistics.screens import figures, overview

DAY = datetime.timedelta(days=1)


def board(client, **asked):
    return client.get(reverse("statistics:board"), asked)


def tiles(response):
    return {tile.row.unit.name: tile for tile in response.context["board"].tiles}


@pytest.mark.parametrize(
    ("who", "seen"), [("officer", {"Phòng Sáng chế"}), ("other_officer", set())]
)
def test_an_officer_sees_the_units_below_hers(client, city, who, seen):
    client.force_login(getattr(city, who))
    response = board(client)
    assert set(tiles(response)) == seen
    assert figures(response)["overdue"] == figures(overview(client))["overdue"]


def test_a_learner_sees_none(client, city):
    client.force_login(city.people["done"])
    assert board(client).status_code == 404


def test_the_whole_city_is_ranked_by_rate(client, city):
    client.force_login(city.administrator)
    found = tiles(board(client))
    assert {name: (tile.rank, tile.level) for name, tile in found.items()} == {
        "Sở Hai": (1, 5),
        "Sở Một": (2, 3),
    }


def test_equal_rates_share_a_rank_and_nobody_assigned_has_none(client, city):
    three, four = make_unit("Sở Ba", parent=city.root), make_unit("Sở Bốn", parent=city.root)
    enrolled(make_member(three), city.course, completed_at=timezone.now())
    make_member(four)
    client.force_login(city.administrator)
    response = board(client)
    found = tiles(response)
    ranks = {name: tile.rank for name, tile in found.items()}
    assert ranks == {"Sở Hai": 1, "Sở Ba": 1, "Sở Một": 3}
    assert [tile.row.unit.name for tile in response.context["board"].blank] == ["Sở Bốn"]


def test_the_week_is_seven_days_with_the_day_itself(client, city):
    enrolments = city.enrolments
    now = timezone.now()
    done = CourseCompletion.objects
    done.filter(enrolment=enrolments["done"]).update(completed_at=now - 6 * DAY)
    done.filter(enrolment=enrolments["best"]).update(completed_at=now - 7 * DAY)
    done.filter(enrolment=enrolments["other"]).update(completed_at=now - 8 * DAY)
    client.force_login(city.administrator)
    response = board(client)
    assert figures(response)["new_completed"] == "1"
    found = response.context["board"]
    assert [(tile.row.unit.name, tile.moved, str(tile.points)) for tile in found.risen] == [
        ("Sở Một", 1, "20.0")
    ]
    # Sở Hai has nobody left to complete: it is not idle.
    assert found.idle == []
    assert [(tile.row.unit.name, tile.figures.overdue) for tile in found.late] == [("Sở Một", 1)]


def test_who_does_not_move_is_named(client, city):
    CourseCompletion.objects.update(completed_at=timezone.now() - 20 * DAY)
    client.force_login(city.administrator)
    response = board(client)
    assert [tile.row.unit.name for tile in response.context["board"].idle] == ["Sở Một"]


def test_a_past_day_has_its_own_board(client, city, today):
    client.force_login(city.administrator)
    before = (today - DAY).strftime("%d/%m/%Y")
    assert figures(board(client, **{"den-ngay": before}))["new_completed"] == "0"


def test_kinds_stand_apart(client, city):
    ward = make_unit("Phường Mới", parent=city.root, kind="ward")
    enrolled(make_member(ward), city.course)
    client.force_login(city.administrator)
    groups = board(client).context["board"].groups
    assert [(group.kind, len(group.tiles)) for group in groups] == [("ward", 1), ("division", 2)]


def test_the_number_of_queries_does_not_grow(client, city):
    client.force_login(make_officer(city.root))
    board(client)
    with CaptureQueriesContext(connection) as few:
        board(client)
    for number in range(3):
        unit = make_unit(f"Sở {number}", parent=city.root)
        enrolled(make_member(unit), city.course, completed_at=timezone.now())
    with CaptureQueriesContext(connection) as many:
        board(client)
    assert len(many) == len(few)
