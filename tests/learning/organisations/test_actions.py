"""Units and places: repeating harms nothing, and nobody works in two units at once."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from learning.organisations.actions import place_member, save_unit
from learning.organisations.models import Membership, Unit, UnitKind
from tests.learning.organisations.factories import SINCE, make_member, make_unit, make_user

pytestmark = pytest.mark.django_db


def test_a_unit_saved_twice_is_one_unit_and_may_move():
    one, two = make_unit("Một"), make_unit("Hai")
    first = save_unit(code="phong-a", name="Phòng A", kind=UnitKind.DIVISION, parent=one)
    below = make_unit("Tổ", parent=first)
    again = save_unit(code="phong-a", name="Phòng  B", kind=UnitKind.DIVISION, parent=two)
    assert again.pk == first.pk
    assert again.name == "Phòng B"
    assert again.get_parent() == two
    assert Unit.objects.get(pk=below.pk).get_parent() == again
    assert Unit.find_problems() == ([], [], [], [], [])


def test_units_are_found_without_marks():
    unit = make_unit("Đặc khu Cát Hải")
    assert list(Unit.objects.all().search("dac khu CAT hai")) == [unit]
    assert not Unit.objects.all().search("do son").exists()


def test_placing_twice_changes_only_the_position():
    unit, user = make_unit(), make_user()
    first = place_member(user=user, unit=unit, position="Chuyên viên", on=SINCE)
    second = place_member(user=user, unit=unit, position="Trưởng phòng", on=SINCE)
    assert second.pk == first.pk
    assert Membership.objects.get().position == "Trưởng phòng"


def test_a_move_closes_the_old_place():
    old, new = make_unit("Cũ"), make_unit("Mới")
    user = make_member(old)
    day = SINCE + datetime.timedelta(days=30)
    place_member(user=user, unit=new, on=day)
    assert Membership.objects.get(unit=old).ended_on == day
    assert [m.unit for m in Membership.objects.open()] == [new]


def test_two_open_memberships_are_impossible():
    user = make_member(make_unit())
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, unit=make_unit(), started_on=SINCE)


def test_a_unit_cannot_end_before_it_begins():
    unit = make_unit()
    unit.valid_to = unit.valid_from - datetime.timedelta(days=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        unit.save()
