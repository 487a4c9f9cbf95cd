"""A checked list is written, and may be taken back, in chunks: each a transaction.

The list's `cursor` says how far it is, so a worker can take up what a killed one left. Before a
chunk is written every person in it must be as the dry run saw her; where one is not, or the
database refuses, all that was written of the list is taken back by the same steps in reverse.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.audit.actions import record
from learning.organisations.bulk import Placed, Placement, place_members, take_back
from learning.staff.finding import Person, birth_fields, find_people
from learning.staff.models import StaffImport, StaffImportRow, StaffProfile
from learning.staff.signals import people_unmade

CHUNK = 500
State = StaffImport.State
Outcome = StaffImportRow.Outcome
_ACCOUNT = {"full_name", "email", "staff_code", "active"}
_PROFILE = {"birth", "sex", "phone"}


class ChangedMeanwhileError(Exception):
    """Somebody is not as the dry run saw her; `str(error)` is the sentence to show."""


def to_write(found: StaffImport) -> Any:
    """The rows that change something, in the order they are written."""
    return StaffImportRow.objects.filter(of=found).filter(
        Q(outcome__in=[Outcome.NEW, Outcome.CHANGED, Outcome.MOVED, Outcome.LEFT])
        | Q(outcome=Outcome.DOUBTFUL) & ~Q(choice__in=["", "skip"])
    )


def continue_apply(*, pk: int) -> bool:
    """Write the next chunk of a list; False when there is none left.

    The list's row is locked, so two workers take turns. What fails is taken back whole: the list
    then is being undone, and says why.
    """
    try:
        with transaction.atomic():
            found = StaffImport.objects.select_for_update().filter(pk=pk).first()
            if found is None or found.state != State.APPLYING:
                return False
            rows = list(to_write(found).filter(pk__gt=found.cursor).order_by("pk")[:CHUNK])
            if not rows:
                _finish(found)
                return False
            _write(rows)
            found.cursor, found.done = rows[-1].pk, found.done + len(rows)
            found.touched_at = timezone.now()
            found.save(update_fields=["cursor", "done", "touched_at"])
            return True
    except ChangedMeanwhileError as error:
        _turn_back(pk, str(error))
    except IntegrityError:
        _turn_back(pk, _("A staff code or e-mail address was taken by somebody meanwhile."))
    return False


def _turn_back(pk: int, says: str) -> None:
    """Undo by itself: `error` tells later that it was not the officer's wish."""
    StaffImport.objects.filter(pk=pk, state=State.APPLYING).update(
        state=State.UNDOING, error=says, touched_at=timezone.now()
    )


def _finish(found: StaffImport) -> None:
    found.state, found.applied_at = State.APPLIED, timezone.now()
    found.save(update_fields=["state", "applied_at"])
    record(
        act="staff-list-applied",
        by=found.by,
        about=found,
        unit=found.unit,
        file=found.name,
        counts=found.counts,
    )


def people_of(rows: Sequence[StaffImportRow]) -> dict[int, Person]:
    """The persons of these rows as they are now."""
    pks = [row.user_id for row in rows if row.user_id]
    return {person.pk: person for person in find_people(Q(pk__in=pks))}


def _write(rows: list[StaffImportRow]) -> None:
    known = [row for row in rows if row.user_id is not None]
    pks = [row.user_id for row in known if row.user_id]
    # Locked before they are compared, in one order by everybody.
    list(get_user_model()._default_manager.select_for_update().filter(pk__in=pks).order_by("pk"))
    people = people_of(known)
    for row in known:
        _refuse_changed(row, people)
    new = [row for row in rows if row.user_id is None]
    _make(new)
    _update(known)
    placed = place_members(placements=[_placement(row) for row in rows], on=timezone.localdate())
    fresh = {row.pk for row in new}
    for row in rows:
        assert row.user_id is not None
        written = placed.get(row.user_id, Placed(None, None))
        row.made = {"begun": written.begun, "ended": written.ended, "new": row.pk in fresh}
    StaffImportRow.objects.bulk_update(rows, ["user", "made"], batch_size=250)


def _refuse_changed(row: StaffImportRow, people: dict[int, Person]) -> None:
    person = people.get(row.user_id or 0)
    if person is None or person.state() != row.before:
        raise ChangedMeanwhileError(
            _("“%(name)s” (row %(row)s) was changed by somebody after the check. Check again.")
            % {"name": row.record.get("full_name", ""), "row": row.number or "–"}
        )


def _make(rows: list[StaffImportRow]) -> None:
    """New people: they can't log in until they are given a way, and are placed by the caller."""
    user_model = get_user_model()
    users: list[Any] = []
    for row in rows:
        told = row.record
        user: Any = user_model(
            full_name=told["full_name"],
            email=told["email"] or None,
            staff_code=told["staff_code"] or f"CB{row.of_id}-{row.number}",
        )
        user.set_unusable_password()
        user.derive()
        users.append(user)
    user_model._default_manager.bulk_create(users)
    profiles = []
    for row, user in zip(rows, users, strict=True):
        row.user_id = user.pk
        on, year = birth_fields(row.record["birth"])
        profiles.append(
            StaffProfile(
                user_id=user.pk,
                birth_date=on,
                birth_year=year,
                sex=row.record["sex"],
                phone=row.record["phone"],
            )
        )
    StaffProfile.objects.bulk_create(profiles)


def _update(rows: list[StaffImportRow]) -> None:
    write_states(
        {
            row.user_id: {name: new for name, (_old, new) in row.changes.items()}
            for row in rows
            if row.user_id
        }
    )


def write_states(values: dict[int, dict[str, Any]]) -> None:
    """Write these fields of a person's state (see `Person.state`); units and positions are not
    written here."""
    accounts = {pk: told for pk, told in values.items() if _ACCOUNT & told.keys()}
    profiles = {pk: told for pk, told in values.items() if _PROFILE & told.keys()}
    user_model = get_user_model()
    users: list[Any] = list(user_model._default_manager.filter(pk__in=accounts))
    for user in users:
        told = accounts[user.pk]
        user.full_name = told.get("full_name", user.full_name)
        user.email = told.get("email", user.email) or None
        user.staff_code = told.get("staff_code", user.staff_code) or None
        user.is_active = told.get("active", user.is_active)
        user.derive()
    names = ["full_name", "name_sort", "name_search", "email", "staff_code", "is_active"]
    user_model._default_manager.bulk_update(users, names, batch_size=100)
    held = {one.user_id: one for one in StaffProfile.objects.filter(user__in=profiles)}
    for pk, told in profiles.items():
        one = held.setdefault(pk, StaffProfile(user_id=pk))
        if "birth" in told:
            one.birth_date, one.birth_year = birth_fields(told["birth"])
        one.sex, one.phone = told.get("sex", one.sex), told.get("phone", one.phone)
    StaffProfile.objects.bulk_create([one for one in held.values() if one.pk is None])
    fields = ["birth_date", "birth_year", "sex", "phone"]
    StaffProfile.objects.bulk_update(
        [one for one in held.values() if one.pk is not None], fields, batch_size=100
    )


def _placement(row: StaffImportRow) -> Placement:
    assert row.user_id is not None
    if row.outcome == Outcome.LEFT:
        return Placement(row.user_id, None)
    before = row.before or {}
    position = row.record["position"] or before.get("position", "")
    return Placement(row.user_id, row.record["unit_id"], position)


def continue_undo(*, pk: int) -> bool:
    """Take the last chunk back; False when there is none left."""
    with transaction.atomic():
        found = StaffImport.objects.select_for_update().filter(pk=pk).first()
        if found is None or found.state != State.UNDOING:
            return False
        rows = list(
            StaffImportRow.objects.filter(of=found, made__isnull=False).order_by("-pk")[:CHUNK]
        )
        if not rows:
            _finish_undo(found)
            return False
        _take_back(rows)
        found.cursor, found.done = 0, max(0, found.done - len(rows))
        found.touched_at = timezone.now()
        found.save(update_fields=["cursor", "done", "touched_at"])
        return True


def _finish_undo(found: StaffImport) -> None:
    found.state = State.FAILED if found.error else State.UNDONE
    found.undone_at = timezone.now()
    found.save(update_fields=["state", "undone_at"])
    record(
        act="staff-list-undone",
        by=found.by,
        about=found,
        unit=found.unit,
        file=found.name,
        reason=found.error,
    )


def _take_back(rows: list[StaffImportRow]) -> None:
    with_user = [row for row in rows if row.user_id is not None]
    placed = {
        row.user_id: Placed(row.made["begun"], row.made["ended"])
        for row in with_user
        if row.user_id and row.made and (row.made["begun"] or row.made["ended"])
    }
    take_back(placed=placed)
    old = [row for row in with_user if row.made and not row.made["new"]]
    write_states(
        {
            row.user_id: {name: was for name, (was, _new) in row.changes.items()}
            for row in old
            if row.user_id
        }
    )
    _restore_positions([row for row in old if "unit" not in row.changes])
    new = [row.user_id for row in with_user if row.user_id and row.made and row.made["new"]]
    for row in rows:
        if row.made and row.made["new"]:
            row.user_id = None
        row.made = None
    StaffImportRow.objects.bulk_update(rows, ["user", "made"], batch_size=250)
    _unmake(new)


def _restore_positions(rows: list[StaffImportRow]) -> None:
    back = [
        Placement(row.user_id, row.before["unit"], row.before["position"])
        for row in rows
        if row.user_id and row.before and "position" in row.changes
    ]
    place_members(placements=back, on=timezone.localdate())


def _unmake(pks: list[int]) -> None:
    """New people go again. Somebody on whom something hangs that can't go stays, unable to log in
    and working nowhere; the next list that names her finds her."""
    if not pks:
        return
    people_unmade.send(sender=StaffImport, user_ids=pks)
    users = get_user_model()._default_manager.filter(pk__in=pks)
    StaffProfile.objects.filter(user__in=pks).delete()
    try:
        with transaction.atomic():
            users.delete()
    except IntegrityError:  # ProtectedError is one: then each by herself
        for user in users:
            _unmake_one(user)


def _unmake_one(user: Any) -> None:
    try:
        with transaction.atomic():
            user.delete()
    except IntegrityError:
        get_user_model()._default_manager.filter(pk=user.pk).update(is_active=False)
