"""Down to the person: order, search, filters, pages."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from learning.courses.stamp import touch_content
from learning.enrolments.models import Enrolment
from learning.statistics.summary.keeping import refresh
from tests.learning.organisations.factories import make_member
from tests.learning.statistics.factories import enrolled
from tests.learning.statistics.screens import listed, people, table


@pytest.fixture
def officer(client, city):
    client.force_login(city.officer)
    return client


def test_people_are_sorted_by_given_name(officer, city):
    assert listed(people(officer)) == [
        "Vũ Mẫu An",
        "Trần Thí Dụ Ánh",
        "Đỗ Mẫu Dũng",
        "Lê Mẫu Đức",
        "Phạm Mẫu Hòa",
    ]


@pytest.mark.parametrize("typed", ["hoa", "HÒA", "pham mau", "Phạm  Mẫu", "hoà"])
def test_people_are_found_without_marks(officer, city, typed):
    assert listed(people(officer, tim=typed)) == ["Phạm Mẫu Hòa"]


def test_people_are_found_by_code_and_address(officer, city):
    assert listed(people(officer, tim="cb-01")) == ["Lê Mẫu Đức"]
    assert listed(people(officer, tim=city.people["new"].email)) == ["Vũ Mẫu An"]


@pytest.mark.parametrize("typed", ["%", "_", "không có ai"])
def test_wildcards_are_letters(officer, city, typed):
    assert listed(people(officer, tim=typed)) == []


@pytest.mark.parametrize(
    ("status", "names"),
    [
        ("chua-hoc", ["Vũ Mẫu An", "Trần Thí Dụ Ánh"]),
        ("dang-hoc", ["Phạm Mẫu Hòa"]),
        ("hoan-thanh", ["Đỗ Mẫu Dũng", "Lê Mẫu Đức"]),
        ("qua-han", ["Trần Thí Dụ Ánh"]),
        ("co-giay-chung-nhan", ["Lê Mẫu Đức"]),
    ],
)
def test_a_status_narrows_the_list(officer, city, status, names):
    assert listed(people(officer, **{"trang-thai": status})) == names


def test_directly_in_a_unit_leaves_those_below_out(officer, city):
    asked = {"don-vi": city.one.pk, "truc-tiep": "1"}
    assert listed(people(officer, **asked)) == ["Trần Thí Dụ Ánh", "Lê Mẫu Đức"]


def test_a_line_says_where_she_stands(officer, city):
    lines = table(people(officer, **{"trang-thai": "co-giay-chung-nhan"}))
    assert len(lines) == 2
    assert lines[1][0] == "Lê Mẫu Đức Chuyên viên"
    assert "80,0%" in lines[1]
    code = city.enrolments["done"].certificates.get().code
    html = people(officer, **{"trang-thai": "co-giay-chung-nhan"}).content.decode()
    assert f"/xac-thuc/{code}/" in html


def test_the_list_turns_its_pages(officer, city):
    for number in range(60):
        enrolled(make_member(city.one, f"Mai Mẫu Z{number:02d}"), city.course)
    first, second = people(officer), people(officer, trang="2")
    assert len(listed(first)) == 50
    assert len(listed(second)) == 15
    assert not set(listed(first)) & set(listed(second))
    assert people(officer, trang="xyz").status_code == 200
    assert "trang=2" in first.content.decode()


def test_the_number_of_queries_does_not_grow(officer, city):
    touch_content()
    refresh()
    people(officer)
    with CaptureQueriesContext(connection) as few:
        people(officer, **{"don-vi": city.room.pk})
    with CaptureQueriesContext(connection) as many:
        people(officer)
    assert len(many) == len(few)
    # Positions, modules and certificates of the page are asked for once each.
    assert len(many) <= 20


def test_who_is_late_longest_comes_first_with_her_days(client, city, today):
    later = city.enrolments["new"]
    Enrolment.objects.filter(pk=later.pk).update(due_on=today - datetime.timedelta(days=9))
    client.force_login(city.officer)
    response = people(client, **{"trang-thai": "qua-han"})
    assert listed(response) == ["Vũ Mẫu An", "Trần Thí Dụ Ánh"]
    rows = response.context["people"]
    assert [row.days_late for row in rows] == [9, 1]
    done = next(row for row in people(client).context["people"] if row.completed_on)
    assert done.days_late is None
