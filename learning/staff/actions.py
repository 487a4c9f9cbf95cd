"""Writes: a list is handed in, its columns confirmed, doubts decided, applied and undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from django.contrib.auth import get_user_model
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.audit.actions import record
from learning.organisations.models import Unit
from learning.staff.applying import people_of, to_write
from learning.staff.checking import count_rows
from learning.staff.matching import login_refusal
from learning.staff.models import StaffImport, StaffImportRow
from learning.staff.reading.headers import Field
from learning.staff.reading.tables import check_file, sheet_names
from learning.staff.signals import acting_asked
from learning.staff.tasks import apply_list, check_list, undo_list

State = StaffImport.State
Outcome = StaffImportRow.Outcome
# More names of people who have begun to learn than these nobody reads.
_MOST_NAMES = 5


class StaffError(Exception):
    """A refusal; `str(error)` is the sentence to show."""


class ChangedSinceError(StaffError):
    """What was shown is not true any more."""

    def __init__(self) -> None:
        super().__init__(_("The list has changed since you looked at it. Look again, then apply."))


@transaction.atomic
def upload_list(
    *, unit: Unit, by: Any, name: str, stream: BinaryIO, size: int, complete: bool
) -> StaffImport:
    """Keep a file that looks like a list. Raises `FileError` for one that is not to be read."""
    check_file(name, stream, size)
    sheets = sheet_names(name, stream)
    stream.seek(0)
    found = StaffImport(unit=unit, by=by, name=name[-200:], sheet=sheets[0] if sheets else "")
    found.complete = complete
    found.file.save(name, File(stream), save=False)
    found.save()
    return found


@transaction.atomic
def choose_sheet(*, found: StaffImport, sheet: str) -> None:
    """Read this sheet of the workbook; the columns are asked anew."""
    locked = _locked(found)
    if locked.is_running or locked.state not in (State.UPLOADED, State.CHECKED):
        raise ChangedSinceError
    locked.sheet, locked.mapping, locked.state, locked.error = sheet, None, State.UPLOADED, ""
    locked.save()


@transaction.atomic
def start_check(
    *, found: StaffImport, mapping: Mapping[int, Field] | None, complete: bool, loose_units: bool
) -> None:
    """Check the list by these columns (None: as they were), in the background.

    Repeated while it is being checked it changes nothing. Raises `StaffError` where the list was
    applied or is being applied.
    """
    locked = _locked(found)
    if locked.state == State.CHECKING:
        return
    if locked.state not in (State.UPLOADED, State.CHECKED, State.FAILED):
        raise ChangedSinceError
    if mapping is not None:
        locked.mapping = {str(column): str(field) for column, field in mapping.items()}
    locked.complete, locked.loose_units = complete, loose_units
    locked.state, locked.error, locked.seal, locked.done = State.CHECKING, "", "", 0
    locked.undone_at = None
    locked.touched_at = timezone.now()
    locked.save()
    transaction.on_commit(lambda: check_list.enqueue(locked.pk))


@transaction.atomic
def decide(*, row: StaffImportRow, choice: str) -> None:
    """What becomes of a doubtful row: «new», «skip», a candidate's key, or «» for undecided.

    Raises `StaffError` for a choice that can't be.
    """
    found = StaffImport.objects.select_for_update().get(pk=row.of_id)
    if found.state != State.CHECKED or row.outcome != Outcome.DOUBTFUL:
        raise ChangedSinceError
    user_id, before, changes = None, None, {}
    if choice not in ("", "skip", "new"):
        one = next((c for c in row.candidates if str(c.get("user")) == choice), None)
        if one is None:
            raise StaffError(_("This choice is not offered for the row."))
        if one["privileged"] and one["changes"].keys() & {"email", "staff_code"}:
            raise StaffError(login_refusal())
        user_id, before, changes = one["user"], one["before"], one["changes"]
    elif choice == "new" and not may_be_new(row):
        raise StaffError(_("The staff code or e-mail address of this row is somebody's already."))
    row.choice, row.user_id, row.before, row.changes = choice, user_id, before, changes
    try:
        with transaction.atomic():
            row.save(update_fields=["choice", "user", "before", "changes"])
    except IntegrityError as error:
        raise StaffError(_("Another row of the list is this person's already.")) from error


def may_be_new(row: StaffImportRow) -> bool:
    """Whether a doubtful row could be a new person: nobody has its code or address."""
    told = row.record
    return not any(
        (told["staff_code"] and one["before"]["staff_code"] == told["staff_code"])
        or (told["email"] and one["before"]["email"] == told["email"])
        for one in row.candidates
        if "user" in one
    )


def obstacles(found: StaffImport) -> list[str]:
    """Why a checked list can't be applied as it is; empty where it can."""
    rows = StaffImportRow.objects.filter(of=found)
    told = []
    if rows.filter(outcome=Outcome.DOUBTFUL, choice="").exists():
        told.append(_("Some doubtful rows are not decided yet."))
    if found.complete and rows.filter(outcome=Outcome.ERROR).exists():
        told.append(
            _(
                "A complete list must be free of errors: whoever stands in a row with an error"
                " would count as having left."
            )
        )
    if not told and not to_write(found).exists():
        told.append(_("The list changes nothing."))
    return told


@transaction.atomic
def start_apply(*, found: StaffImport, seal: str, by: Any, queued: bool = True) -> None:
    """Write the list as the dry run with this seal showed it, in the background (`queued`), or by
    the caller, who then calls `applying.continue_apply` herself.

    Repeated it changes nothing. Raises `ChangedSinceError` for another dry run, `StaffError` where
    something stands against it.
    """
    locked = _locked(found)
    if locked.seal == seal and locked.state in (State.APPLYING, State.APPLIED):
        return
    if locked.state != State.CHECKED or locked.seal != seal:
        raise ChangedSinceError
    if against := obstacles(locked):
        raise StaffError(" ".join(against))
    locked.state, locked.cursor, locked.done = State.APPLYING, 0, 0
    locked.total, locked.touched_at = to_write(locked).count(), timezone.now()
    locked.counts = count_rows(locked)
    try:
        with transaction.atomic():
            locked.save()
    except IntegrityError as error:
        raise StaffError(
            _("Another list of this unit is just being applied. Wait for its end.")
        ) from error
    record(
        act="staff-list-apply",
        by=by,
        about=locked,
        unit=locked.unit,
        file=locked.name,
        counts=locked.counts,
    )
    if queued:
        transaction.on_commit(lambda: apply_list.enqueue(locked.pk))


@transaction.atomic
def start_undo(*, found: StaffImport, by: Any) -> None:
    """Take the whole list back, in the background. Repeated it changes nothing.

    Raises `StaffError`, with names, where somebody has acted on it: a new person has logged in or
    begun to learn, or a person was changed afterwards.
    """
    locked = _locked(found)
    if locked.state in (State.UNDOING, State.UNDONE):
        return
    if locked.state != State.APPLIED:
        raise ChangedSinceError
    if names := acted_upon(locked):
        raise StaffError(
            _("It can't be undone any more: %(names)s.") % {"names": _enumerated(names)}
        )
    locked.state, locked.error, locked.touched_at = State.UNDOING, "", timezone.now()
    locked.total = locked.done
    try:
        with transaction.atomic():
            locked.save()
    except IntegrityError as error:
        raise StaffError(
            _("Another list of this unit is just being applied. Wait for its end.")
        ) from error
    record(act="staff-list-undo", by=by, about=locked, unit=locked.unit, file=locked.name)
    transaction.on_commit(lambda: undo_list.enqueue(locked.pk))


def acted_upon(found: StaffImport) -> list[str]:
    """Who has acted, or was acted upon, since the list was applied: names with the reason."""
    told: list[str] = []
    cursor = 0
    rows = StaffImportRow.objects.filter(of=found, made__isnull=False).order_by("pk")
    while chunk := list(rows.filter(pk__gt=cursor)[:1000]):
        cursor = chunk[-1].pk
        told += _acted_in(chunk)
    return told


def _acted_in(rows: list[StaffImportRow]) -> list[str]:
    new = [row.user_id for row in rows if row.made and row.made["new"] and row.user_id]
    users = get_user_model()._default_manager.filter(pk__in=new)
    logged_in = set(users.filter(last_login__isnull=False).values_list("pk", flat=True))
    learning: set[int] = set()
    for _hearer, answer in acting_asked.send(sender=StaffImport, user_ids=new):
        learning.update(cast("set[int]", answer))
    people = people_of(rows)
    told = []
    for row in rows:
        name = row.record["full_name"]
        person = people.get(row.user_id or 0)
        if row.user_id in logged_in:
            told.append(_("%(name)s has logged in") % {"name": name})
        elif row.user_id in learning:
            told.append(_("%(name)s has begun to learn") % {"name": name})
        elif person is None or not _stands(row, person.state()):
            told.append(_("%(name)s was changed afterwards") % {"name": name})
    return told


def _stands(row: StaffImportRow, now: dict[str, Any]) -> bool:
    """Whether what the row wrote is still so."""
    written = {name: new for name, (_old, new) in row.changes.items()}
    if row.made and row.made["new"]:
        written = {"full_name": row.record["full_name"], "unit": row.record["unit_id"]}
    return all(now[name] == value for name, value in written.items())


def _enumerated(names: list[str]) -> str:
    shown = "; ".join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return (
        shown if more <= 0 else _("%(names)s; and %(more)s more") % {"names": shown, "more": more}
    )


@transaction.atomic
def take_up(*, found: StaffImport) -> None:
    """Go on with a list whose worker was stopped; harmless for one that runs."""
    locked = _locked(found)
    task = {
        State.CHECKING: check_list,
        State.APPLYING: apply_list,
        State.UNDOING: undo_list,
    }.get(State(locked.state))
    if task is None or not locked.is_stuck:
        return
    locked.touched_at = timezone.now()
    locked.save(update_fields=["touched_at"])
    transaction.on_commit(lambda: task.enqueue(locked.pk))


def _locked(found: StaffImport) -> StaffImport:
    return StaffImport.objects.select_for_update(of=("self",)).get(pk=found.pk)
