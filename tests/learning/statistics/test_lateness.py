"""The overdue where they are too many to be sorted for a page: by days, from what is kept."""

import datetime

import pytest

from learning.privacy.models import Restriction
from learning.statistics import lateness, views
from learning.statistics.summary.keeping import refresh
from tests.learning.organisations.factories import make_member
from tests.learning.statistics.factories import enrolled
from tests.learning.statistics.screens import listed, people

OVERDUE = {"trang-thai": "qua-han"}


@pytest.fixture
def crowd(client, city, today, monkeypatch):
    """Five people due on three days; pages of two, and no list is short enough to be sorted."""
    monkeypatch.setattr(views, "FEW", 0)
    monkeypatch.setattr(views, "PEOPLE_A_PAGE", 2)
    for name, late in (
        ("Hồ Mẫu An", 5),
        ("Vũ Mẫu Thảo", 9),
        ("Lê Mẫu Bình", 9),
        ("Đào Mẫu Chi", 1),
    ):
        due = today - datetime.timedelta(days=late)
        enrolled(make_member(city.one, name), city.course, due_on=due)
    client.force_login(city.officer)
    return client


def pages(client):
    return [listed(people(client, **OVERDUE, trang=number)) for number in (1, 2, 3)]


def is_by_name_within_a_day(found):
    by_name = [["Lê Mẫu Bình", "Vũ Mẫu Thảo"], ["Hồ Mẫu An", "Trần Thí Dụ Ánh"], ["Đào Mẫu Chi"]]
    return found == by_name


def test_who_is_restricted_is_on_no_page_and_moves_the_others_up(crowd, city):
    Restriction.objects.create(person=city.people["late"])
    assert pages(crowd)[:2] == [["Lê Mẫu Bình", "Vũ Mẫu Thảo"], ["Hồ Mẫu An", "Đào Mẫu Chi"]]


@pytest.mark.parametrize("kept", [False, True])
def test_pages_go_on_over_the_days_longest_overdue_first(crowd, kept):
    if kept:
        refresh()
    assert is_by_name_within_a_day(pages(crowd))


def test_too_many_of_one_day_come_as_they_were_enrolled(crowd, monkeypatch):
    monkeypatch.setattr(lateness, "SORTED", 1)
    first, second, third = pages(crowd)
    assert first == ["Vũ Mẫu Thảo", "Lê Mẫu Bình"]
    assert (second, third) == (["Hồ Mẫu An", "Trần Thí Dụ Ánh"], ["Đào Mẫu Chi"])


def test_a_page_is_the_same_as_where_all_are_sorted(crowd, monkeypatch):
    cut = pages(crowd)
    monkeypatch.setattr(views, "FEW", 1000)
    assert pages(crowd) == cut
