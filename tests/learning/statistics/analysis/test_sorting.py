"""The table of units in the order of any of its columns."""

import re

import pytest
from django.utils import timezone

from learning.statistics.sorting import COLUMNS
from tests.learning.organisations.factories import make_member, make_unit
from tests.learning.statistics.analysis.asking import PEOPLE
from tests.learning.statistics.factories import enrolled
from tests.learning.statistics.screens import export, overview


@pytest.fixture
def officer(client, city):
    """A third unit beside the two, and a fourth in which nobody was assigned anything."""
    three = make_unit("Sở Ánh", parent=city.root)
    for _number in range(2):
        enrolled(make_member(three), city.course)
    enrolled(make_member(three), city.course, completed_at=timezone.now(), percent="50")
    make_unit("Sở Đất", parent=city.root)
    client.force_login(city.administrator)
    return client


def units(response):
    return [row.unit.name for row, _links in response.context["lines"]]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("", ["Sở Hai", "Sở Một", "Sở Ánh", "Sở Đất"]),
        ("ten", ["Sở Ánh", "Sở Đất", "Sở Hai", "Sở Một"]),
        ("-ten", ["Sở Một", "Sở Hai", "Sở Đất", "Sở Ánh"]),
        ("-duoc-giao", ["Sở Một", "Sở Ánh", "Sở Hai", "Sở Đất"]),
        ("duoc-giao", ["Sở Đất", "Sở Hai", "Sở Ánh", "Sở Một"]),
        ("ty-le", ["Sở Ánh", "Sở Một", "Sở Hai", "Sở Đất"]),
        ("-diem", ["Sở Hai", "Sở Một", "Sở Ánh", "Sở Đất"]),
        ("diem", ["Sở Ánh", "Sở Một", "Sở Hai", "Sở Đất"]),
    ],
)
def test_rows_stand_in_the_order_asked_for_and_empty_ones_last(officer, order, names):
    assert units(overview(officer, **({"sap-xep": order} if order else {}))) == names


def test_every_heading_sorts_and_says_so_and_the_second_click_turns_it_round(officer, city):
    for column, (figure, _label) in COLUMNS.items():
        first = f"-{column}" if figure else column
        html = overview(officer, **{"don-vi": city.root.pk, "sap-xep": first}).content.decode()
        head = re.search(r"<thead>.*?</thead>", html, re.DOTALL).group(0)
        assert head.count("aria-sort=") == 1
        assert f'aria-sort="{"descending" if figure else "ascending"}"' in head
        turned = column if figure else f"-{column}"
        assert f"sap-xep={turned}#by-unit" in head
        assert head.count(f"don-vi={city.root.pk}") == len(COLUMNS)
    plain = overview(officer).content.decode()
    assert "aria-sort" not in plain


def test_the_order_stays_below_and_is_no_part_of_lists(officer, city):
    response = overview(officer, **{"sap-xep": "-qua-han"})
    row, links = response.context["lines"][0]
    assert units(response)[0] == row.unit.name == "Sở Một"
    assert "sap-xep=-qua-han" in links.below
    assert "sap-xep" not in links.assigned
    assert officer.get(f"{PEOPLE}?{links.overdue}").status_code == 200


def test_files_keep_their_own_order(officer):
    def lines(**asked):
        response = export(officer, "csv", **asked)
        return b"".join(response.streaming_content)

    assert lines() == lines(**{"sap-xep": "duoc-giao"})
    assert "sap-xep" not in overview(officer, **{"sap-xep": "ten"}).context["export_address"]


def test_an_unknown_column_is_not_there(officer):
    assert overview(officer, **{"sap-xep": "luong"}).status_code == 404
    assert overview(officer, **{"sap-xep": "--ten"}).status_code == 404
