"""«Báo cáo đến ngày …»: past days told as they were, whatever has happened to units since."""

import datetime

import pytest
from django.utils import timezone

from learning.enrolments.models import Enrolment
from learning.organisations.actions import end_membership, place_member
from learning.organisations.models import Unit
from tests.learning.organisations.changes import done, new, plan
from tests.learning.organisations.factories import make_member, make_officer, make_unit, make_user
from tests.learning.statistics.factories import enrolled, make_course
from tests.learning.statistics.screens import export, figures, listed, overview, people, table

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 6, 30)


def at(month, day):
    return timezone.make_aware(datetime.datetime(2026, month, day, 9))


@pytest.fixture
def world(db):
    """In the first half of 2026 three people of two wards studied; one more came in August."""
    root = make_unit("Thành phố")
    one, two = make_unit("Phường Một", parent=root), make_unit("Phường Hai", parent=root)
    course = make_course()
    names = ("Lê Mẫu An", "Lê Mẫu Bình", "Lê Mẫu Chi")
    staff = [make_member(unit, name) for unit, name in zip((one, one, two), names, strict=True)]
    enrolled(staff[0], course, completed_at=at(5, 4), percent="90", certificate=True)
    enrolled(staff[1], course, completed_at=at(8, 4), percent="70")
    enrolled(staff[2], course, due_on=datetime.date(2026, 6, 1))
    Enrolment.objects.update(created_at=at(2, 1))
    Enrolment.objects.filter(user=staff[1]).update(started_at=at(6, 20))
    late = make_user("Lê Mẫu Muộn")
    place_member(user=late, unit=two, on=datetime.date(2026, 8, 1))
    enrolled(late, course)
    return root, one, two, staff


@pytest.fixture
def city(client, world):
    client.force_login(make_officer(world[0]))
    return client


def merge(root, *units):
    asked = plan("merge", *units, day=timezone.localdate(), into=new("moi", "Phường Mới", root))
    done(asked)
    return Unit.objects.get(code="moi")


def test_what_came_later_is_left_out(city):
    seen = figures(overview(city, **{"den-ngay": DAY.isoformat()}))
    assert {
        name: seen[name] for name in ("assigned", "completed", "in_progress", "not_started")
    } == {
        "assigned": "3",
        "completed": "1",
        "in_progress": "1",
        "not_started": "1",
    }
    assert seen["overdue"] == "1"
    assert seen["mean_score"] == "90,0%"
    now = figures(overview(city))
    assert (now["assigned"], now["completed"]) == ("4", "2")
    assert listed(people(city, **{"den-ngay": DAY.isoformat(), "trang-thai": "dang-hoc"})) == [
        "Lê Mẫu Bình"
    ]


def test_last_years_report_is_the_same_file_after_a_merger(city, world):
    root, one, two, staff = world
    asked = {"den-ngay": DAY.isoformat()}

    def files():
        csv = b"".join(export(city, "csv", **asked).streaming_content)
        xlsx = b"".join(export(city, "xlsx", **asked).streaming_content)
        return csv, xlsx

    before = files()
    merge(root, one, two)
    end_membership(user=staff[0], on=timezone.localdate())
    assert files() == before
    assert "Phường Một".encode() in before[0]


def test_both_ways_of_counting_after_a_merger(city, world):
    root, one, two, _staff = world
    then_table = table(overview(city, **{"den-ngay": DAY.isoformat()}))
    merge(root, one, two)
    then = {"den-ngay": DAY.isoformat(), "theo": "khi-do"}
    assert table(overview(city, **then)) == then_table
    assert [line[0] for line in then_table[1:-1]] == ["Phường Một", "Phường Hai"]
    now = table(overview(city, **{**then, "theo": "hien-nay"}))
    assert [line[0] for line in now[1:-1]] == ["Phường Mới"]
    assert now[-1][1:5] == then_table[-1][1:5]


def test_the_officer_of_the_new_unit_answers_for_those_it_took_the_place_of(client, world):
    root, one, two, _staff = world
    other = make_unit("Nơi khác", parent=root)
    merged = merge(root, one, two)
    client.force_login(make_officer(merged))
    past = table(overview(client, **{"den-ngay": DAY.isoformat()}))
    assert [line[0] for line in past[1:-1]] == ["Phường Một", "Phường Hai"]
    client.force_login(make_officer(other))
    assert figures(overview(client, **{"den-ngay": DAY.isoformat()}))["assigned"] == "0"


def test_who_moved_is_counted_where_she_was(city, world):
    _root, one, two, staff = world
    place_member(user=staff[0], unit=two, on=timezone.localdate())
    past = {"den-ngay": DAY.isoformat(), "don-vi": one.pk}
    assert listed(people(city, **past)) == ["Lê Mẫu An", "Lê Mẫu Bình"]
    assert listed(people(city, **past, theo="hien-nay")) == ["Lê Mẫu Bình"]


@pytest.mark.parametrize("typed", ["31/12", "2026-02-30", "hôm qua"])
def test_what_is_no_day_is_said_so_and_today_is_shown(city, typed):
    shown = overview(city, **{"den-ngay": typed})
    assert figures(shown) == figures(overview(city))
    assert f"«{typed}» không phải là ngày" in shown.content.decode()


def test_a_day_may_be_typed_as_it_is_written_here(city):
    typed = {"den-ngay": f"{DAY:%d/%m/%Y}"}
    assert figures(overview(city, **typed)) == figures(
        overview(city, **{"den-ngay": DAY.isoformat()})
    )


def test_an_unknown_way_of_counting_is_not_found(city):
    assert overview(city, theo="x").status_code == 404


def test_a_day_to_come_is_today(city):
    later = (timezone.localdate() + datetime.timedelta(days=9)).isoformat()
    assert figures(overview(city, **{"den-ngay": later})) == figures(overview(city))
