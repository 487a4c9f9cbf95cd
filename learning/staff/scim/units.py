"""Groups: the units of a token as SCIM says them."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from scim2_models import (
    ConflictException,
    InvalidValueException,
    Meta,
    NotFoundException,
    Reference,
)

from learning.api.models import ApiToken
from learning.audit.actions import record
from learning.organisations.actions import place_member, save_unit
from learning.organisations.models import Membership, Unit, UnitKind, UnitQuerySet
from learning.staff.models import ScimGroup
from learning.staff.reading.values import CellError, read_text
from learning.staff.scim.people import users_of
from learning.staff.scim.resources import Group, Member


def units_of(token: ApiToken) -> UnitQuerySet:
    """The token's unit and those below it, as far as they exist today."""
    units = Unit.objects.all().within(token.unit).current(on=timezone.localdate())
    return units.order_by("path")


def get_group(token: ApiToken, key: str) -> Unit:
    """The unit. Raises `NotFoundException`."""
    unit = units_of(token).filter(pk=key).first() if key.isdecimal() and len(key) < 12 else None
    if unit is None:
        raise NotFoundException
    return unit


def shown(units: Sequence[Unit], base: str) -> list[Group]:
    """The units as SCIM shows them, each with who works right in it, in two queries."""
    keys = [unit.pk for unit in units]
    names = dict(ScimGroup.objects.filter(unit__in=keys).values_list("unit_id", "scim_key"))
    inside: dict[int, list[Member]] = {}
    here = Membership.objects.open().filter(unit__in=keys).order_by("user_id")
    here = here.exclude(user__staff_profile__scim_gone=True)
    for unit_id, user_id in here.values_list("unit_id", "user_id"):
        member = Member(value=str(user_id), ref=Reference(f"{base}/Users/{user_id}"))
        inside.setdefault(unit_id, []).append(member)
    return [
        Group(
            id=str(unit.pk),
            display_name=unit.name,
            members=inside.get(unit.pk),
            external_id=names.get(unit.pk),
            meta=Meta(resource_type="Group", location=f"{base}/Groups/{unit.pk}"),
        )
        for unit in units
    ]


def narrowed(units: UnitQuerySet, asked: str) -> UnitQuerySet:
    """All of them: units are few."""
    return units


@transaction.atomic
def create(token: ApiToken, said: Group) -> Unit:
    """A new division right below the token's unit."""
    code = f"scim-{secrets.token_hex(6)}"
    unit = save_unit(code=code, name=_name(said), kind=UnitKind.DIVISION, parent=token.unit)
    record(act="scim-unit-made", by=token.made_by, about=unit, unit=unit, name=unit.name)
    _place(token, unit, said)
    _note(unit, said)
    return unit


@transaction.atomic
def change(token: ApiToken, unit: Unit, said: Group) -> None:
    """Its name, and who works right in it; whoever is taken out works in the token's unit."""
    name = _name(said)
    if name != unit.name:
        names = [unit.name, name]
        record(act="scim-unit-renamed", by=token.made_by, about=unit, unit=unit, names=names)
        unit.name = name
        unit.save()
    _place(token, unit, said)
    _note(unit, said)


def _name(said: Group) -> str:
    try:
        name = read_text(said.display_name, most=250)
    except CellError as error:
        raise InvalidValueException(detail=str(error)) from error
    if not name:
        raise InvalidValueException(detail=_("The name is missing."))
    return name


def _note(unit: Unit, said: Group) -> None:
    if said.external_id:
        ScimGroup.objects.update_or_create(unit=unit, defaults={"scim_key": said.external_id})
    else:
        ScimGroup.objects.filter(unit=unit).delete()


def _place(token: ApiToken, unit: Unit, said: Group) -> None:
    wanted = {one.value for one in said.members or [] if one.value}
    here = Membership.objects.open().filter(unit=unit)
    present = {str(pk): position for pk, position in here.values_list("user_id", "position")}
    people = {str(user.pk): user for user in users_of(token).filter(pk__in=_keys(wanted))}
    if wanted - people.keys():
        raise InvalidValueException(detail=_("A member is nobody of this unit."))
    for key in wanted - present.keys():
        _move(token, people[key], unit)
    gone = present.keys() - wanted
    for user in users_of(token).filter(pk__in=gone) if unit.pk != token.unit_id else []:
        _move(token, user, token.unit)


def _keys(wanted: set[Any]) -> list[str]:
    return [key for key in wanted if key.isdecimal() and len(key) < 12]


def _move(token: ApiToken, user: Any, unit: Unit) -> None:
    present = Membership.objects.open().filter(user=user).first()
    position = present.position if present else ""
    units = [present.unit_id if present else None, unit.pk]
    record(act="staff-moved", by=token.made_by, about=user, unit=unit, units=units)
    place_member(user=user, unit=unit, position=position, on=timezone.localdate())


@transaction.atomic
def delete(token: ApiToken, unit: Unit) -> None:
    """The unit closes. Raises `ConflictException` for the token's own, and while anybody is in."""
    inside = Membership.objects.open().filter(unit__path__range=unit.path_range)
    if unit.pk == token.unit_id or inside.exists():
        raise ConflictException(detail=_("People work here: move them first."))
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    unit.valid_to = max(yesterday, unit.valid_from)
    unit.save()
    record(act="scim-unit-closed", by=token.made_by, about=unit, unit=unit)
