"""One person at a time: added, changed, moved, gone. The same checks as a list's, the same log."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.audit.actions import record as note
from learning.organisations.access import responsible_units, units_managed_by
from learning.organisations.actions import end_membership, place_member
from learning.organisations.models import Unit
from learning.staff.applying import write_states
from learning.staff.finding import Person, Units, birth_fields, find_people
from learning.staff.matching import Matcher, login_refusal
from learning.staff.models import StaffImport, StaffImportRow, StaffProfile
from learning.staff.reading.records import ReadRow, Record
from learning.staff.reading.tables import Row


class PersonError(Exception):
    """A refusal by field («» for all of them); `str(error)` is the sentence to show."""

    def __init__(self, field: str, says: str) -> None:
        super().__init__(says)
        self.field = field


class SimilarError(Exception):
    """Somebody like her is here already: `people`, to be looked at."""

    def __init__(self, people: list[Person]) -> None:
        super().__init__()
        self.people = people


@dataclass(frozen=True)
class Told:
    """What a form says of a person; `birth` as `birth_text` writes it."""

    full_name: str
    staff_code: str
    email: str
    phone: str
    sex: str
    birth: str
    position: str
    unit: Unit


def get_person(pk: int) -> Person:
    """The person as she is now."""
    [person] = find_people(Q(pk=pk))
    return person


@transaction.atomic
def add_person(*, told: Told, record: Record, by: Any, sure: bool, again: int | None = None) -> Any:
    """A new person in a unit; `sure` says she is not one of those who are like her, `again` that
    she is this one, who worked somewhere before and works nowhere now.

    Raises `SimilarError` otherwise, and `PersonError` where code or address is that of somebody
    out of reach.
    """
    row = _judged(told.unit, record, by)
    if row.outcome == StaffImportRow.Outcome.ERROR:
        raise PersonError("", " ".join(one["says"] for one in row.errors))
    taken = find_people(_login(told.staff_code, told.email))
    if again is not None and again in {one.pk for one in taken if one.unit_id is None}:
        user = get_user_model()._default_manager.get(pk=again)
        place_again(user=user, unit=told.unit, position=told.position, by=by)
        return user
    if taken or row.outcome != StaffImportRow.Outcome.NEW:
        like = [one["user"] for one in row.candidates if "user" in one]
        like += [row.user_id] if row.user_id else []
        if taken or not sure:
            raise SimilarError(taken or find_people(Q(pk__in=like)))
    return made_person(told=told, by=by)


@transaction.atomic
def made_person(*, told: Told, by: Any) -> Any:
    """A new person in a unit, by somebody who knows that she is new."""
    user = _made(told)
    place_member(user=user, unit=told.unit, position=told.position, on=timezone.localdate())
    note(act="staff-added", by=by, about=user, unit=told.unit)
    return user


@transaction.atomic
def place_again(*, user: Any, unit: Unit, position: str, by: Any) -> None:
    """She comes back with all she has learnt; how she logs in stays as it was."""
    write_states({user.pk: {"active": True}})
    place_member(user=user, unit=unit, position=position, on=timezone.localdate())
    note(act="staff-added", by=by, about=user, unit=unit, again=True)


def _judged(unit: Unit, record: Record, by: Any) -> StaffImportRow:
    """The row as a list would have it judged."""
    managed = units_managed_by(by)
    units = Units(top=unit, managed=managed, loose=False, on=timezone.localdate())
    spans = [one.path_range for one in responsible_units(by, roles=("hr_officer",))]
    matcher = Matcher(StaffImport(unit=unit, by=by), units=units, managed=spans)
    return matcher.judge([ReadRow(Row(1, ()), record)])[0]


def _login(code: str, email: str) -> Q:
    condition = Q(pk__in=[])
    if code:
        condition |= Q(staff_code=code)
    if email:
        condition |= Q(email=email)
    return condition


def _made(told: Told) -> Any:
    users: Any = get_user_model()._default_manager
    code = told.staff_code or f"CB0-{secrets.randbelow(10**8):08d}"
    user = users.create_user(
        full_name=told.full_name, email=told.email or None, staff_code=code, password=None
    )
    on, year = birth_fields(told.birth)
    StaffProfile.objects.create(
        user=user, birth_date=on, birth_year=year, sex=told.sex, phone=told.phone
    )
    return user


@transaction.atomic
def change_person(*, user: Any, told: Told, by: Any, placed: bool = True) -> dict[str, list[Any]]:
    """She is as the form says from now on; what has changed, by field. Not `placed`: she works
    nowhere, and stays so.

    Raises `PersonError` for a code or address that is somebody else's, and for the log-in of a
    person with a role.
    """
    get_user_model()._default_manager.select_for_update().get(pk=user.pk)
    person = get_person(user.pk)
    changes = _changes(person, told)
    if not placed:
        changes = {name: one for name, one in changes.items() if name not in ("unit", "position")}
    _refuse_login(person, told, changes)
    write_states({user.pk: {name: new for name, (_old, new) in changes.items() if name != "unit"}})
    if placed:
        place_member(user=user, unit=told.unit, position=told.position, on=timezone.localdate())
    user.refresh_from_db()
    plain = {name: change for name, change in changes.items() if name != "unit"}
    if plain:
        # What is private stays out of the log: only that it was changed.
        kept = {
            name: change if name in ("full_name", "staff_code", "email", "position") else True
            for name, change in plain.items()
        }
        note(act="staff-changed", by=by, about=user, unit=told.unit, changes=kept)
    if "unit" in changes:
        note(act="staff-moved", by=by, about=user, unit=told.unit, units=changes["unit"])
    return changes


def _changes(person: Person, told: Told) -> dict[str, list[Any]]:
    now = person.state()
    then = {**now, "unit": told.unit.pk}
    for name in ("full_name", "staff_code", "email", "phone", "sex", "birth", "position"):
        then[name] = getattr(told, name)
    return {name: [now[name], then[name]] for name in now if now[name] != then[name]}


def _refuse_login(person: Person, told: Told, changes: dict[str, list[Any]]) -> None:
    if not told.staff_code and not told.email:
        raise PersonError("staff_code", _("Give an e-mail address or a staff code."))
    if person.privileged and changes.keys() & {"email", "staff_code"}:
        raise PersonError("", login_refusal())
    for other in find_people(_login(told.staff_code, told.email) & ~Q(pk=person.pk)):
        field = "staff_code" if other.code == told.staff_code else "email"
        raise PersonError(field, _("This is another person's already."))


@transaction.atomic
def let_go(*, user: Any, by: Any) -> None:
    """She works here no longer, from today. What she has earned stays hers."""
    person = get_person(user.pk)
    if person.unit_id is None:
        return
    unit = Unit.objects.get(pk=person.unit_id)
    end_membership(user=user, on=timezone.localdate())
    note(act="staff-left", by=by, about=user, unit=unit)
