"""Whose people one sees: the learner, the officer of the unit, the officer of another."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from learning.organisations.access import (
    current_unit,
    get_unit,
    is_hr,
    responsible_units,
    units_of_hr,
)
from learning.organisations.actions import (
    end_membership,
    end_responsibility,
    make_responsible,
    place_member,
)
from tests.learning.organisations.factories import SINCE, make_member, make_officer, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    root = make_unit("Thành phố")
    one = make_unit("Sở Một", parent=root)
    two = make_unit("Sở Hai", parent=root)
    return {"root": root, "one": one, "two": two, "room": make_unit("Phòng", parent=one)}


def names(user):
    return {unit.name for unit in units_of_hr(user)}


def test_an_officer_sees_her_unit_and_those_below(city):
    assert names(make_officer(city["one"])) == {"Sở Một", "Phòng"}
    assert names(make_officer(city["room"])) == {"Phòng"}
    assert names(make_officer(city["root"])) == {"Thành phố", "Sở Một", "Sở Hai", "Phòng"}


def test_a_learner_and_a_stranger_see_nothing(city):
    learner = make_member(city["one"])
    for person in (learner, AnonymousUser()):
        assert names(person) == set()
        assert not is_hr(person)
        with pytest.raises(Http404):
            get_unit(person, city["one"].pk)


def test_another_units_officer_is_told_nothing(city):
    other = make_officer(city["two"])
    assert is_hr(other)
    assert get_unit(other, city["two"].pk) == city["two"]
    for hidden in ("root", "one", "room"):
        with pytest.raises(Http404):
            get_unit(other, city[hidden].pk)


def test_the_eleventh_unit_does_not_hide_behind_the_first(city):
    """Paths share beginnings only along the tree, however many siblings there are."""
    for number in range(40):
        make_unit(f"Xã {number}", parent=city["root"])
    assert names(make_officer(city["two"])) == {"Sở Hai"}


def test_responsibilities_within_each_other_count_once(city):
    officer = make_officer(city["one"])
    make_responsible(user=officer, unit=city["room"])
    make_responsible(user=officer, unit=city["room"])
    assert responsible_units(officer) == [city["one"]]
    end_responsibility(user=officer, unit=city["one"])
    assert responsible_units(officer) == [city["room"]]


def test_who_may_not_log_in_sees_nothing(city):
    officer = make_officer(city["root"])
    officer.is_active = False
    officer.save()
    assert not is_hr(officer)
    assert names(officer) == set()


def test_the_current_unit_follows_moves(city):
    user = make_member(city["one"])
    assert current_unit(user) == city["one"]
    place_member(user=user, unit=city["two"], on=SINCE)
    assert current_unit(user) == city["two"]
    end_membership(user=user, on=SINCE)
    assert current_unit(user) is None
