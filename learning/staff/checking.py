"""The dry run: a list is read and judged in chunks. Only the list's own rows are written.

Taken up anew from its beginning where a worker died: nothing depends on how far it was.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO, TypeVar, cast

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.organisations.access import responsible_units, units_managed_by
from learning.organisations.models import Membership
from learning.staff.finding import Person, Units, find_people
from learning.staff.matching import Matcher
from learning.staff.models import StaffImport, StaffImportRow
from learning.staff.reading.headers import MOST_TITLES, Field, Header, find_header
from learning.staff.reading.records import ReadRow, read_records
from learning.staff.reading.tables import Row, estimate_rows, read_rows
from quizzes.exchange.base import FileError

CHUNK = 1000
# Enough of a sheet's beginning to find its header and see what stands below it.
HEAD = MOST_TITLES + 60
Outcome = StaffImportRow.Outcome
State = StaffImport.State
_One = TypeVar("_One")


class _StoppedError(Exception):
    """Another run of the same check has begun."""


def head_of(found: StaffImport) -> list[Row]:
    """The first rows of the list's sheet. Raises `FileError`."""
    with _opened(found) as stream:
        return list(islice(read_rows(stream, sheet=found.sheet), HEAD))


def _opened(found: StaffImport) -> BinaryIO:
    # A FieldFile reads as a file does, and is typed otherwise.
    return cast(BinaryIO, found.file.open("rb"))


def header_of(found: StaffImport, head: list[Row]) -> Header:
    """The header with the columns as the officer confirmed them. Raises `FileError`."""
    header = find_header(head)
    if found.mapping is None:
        return header
    fields = {int(column): Field(name) for column, name in found.mapping.items()}
    return Header(last_row=header.last_row, titles=header.titles, fields=fields)


def run_check(*, pk: int) -> None:
    """Check a list that waits for it, from its beginning; harmless for any other."""
    with transaction.atomic():
        found = StaffImport.objects.select_for_update().filter(pk=pk).first()
        if found is None or found.state != State.CHECKING:
            return
        rows = StaffImportRow.objects.filter(of=found)
        rows._raw_delete(rows.db)
        # Which run this is: an earlier one that is still alive stops at its next chunk.
        found.cursor += 1
        with _opened(found) as stream:
            found.total = estimate_rows(stream, sheet=found.sheet)
        found.done, found.touched_at = 0, timezone.now()
        found.save(update_fields=["cursor", "total", "done", "touched_at"])
    try:
        _check(found, _read_of(found))
    except FileError as error:
        fail_check(found, str(error))
    except _StoppedError:
        return


def fail_check(found: StaffImport, says: str) -> None:
    """The file can't be read after all: back to the columns, with the reason."""
    StaffImport.objects.filter(pk=found.pk).update(
        state=State.UPLOADED, error=says, touched_at=timezone.now()
    )


def _read_of(found: StaffImport) -> Iterator[ReadRow]:
    header = header_of(found, head_of(found))
    with _opened(found) as stream:
        rows = read_rows(stream, sheet=found.sheet)
        yield from read_records(rows, header, today=timezone.localdate())


def check_records(*, found: StaffImport, rows: Iterable[ReadRow]) -> None:
    """Check rows that come from no file, at once. Whoever sends them reaches the list's unit alone,
    not all that its maker manages. Raises `FileError`."""
    _check(found, iter(rows), only_unit=True)


def _check(found: StaffImport, rows: Iterator[ReadRow], *, only_unit: bool = False) -> None:
    today = timezone.localdate()
    managed = units_managed_by(found.by)
    tops = responsible_units(found.by, roles=("hr_officer",))
    if only_unit:
        managed, tops = managed.within(found.unit), [found.unit]
    units = Units(top=found.unit, managed=managed, loose=found.loose_units, on=today)
    if found.unit_id not in units:
        raise FileError(_("You no longer manage the unit of this list."))
    spans = [unit.path_range for unit in tops]
    matcher = Matcher(found, units=units, managed=spans)
    done = 0
    for chunk in chunks(rows, CHUNK):
        with transaction.atomic():
            StaffImportRow.objects.bulk_create(matcher.judge(chunk))
            done += len(chunk)
            _note(found, done=done)
    if not done:
        raise FileError(_("Below the header stands nobody."))
    if found.complete:
        _find_leavers(found, matcher.spared, today)
    _finish(found)


def chunks(things: Iterator[_One], size: int) -> Iterator[list[_One]]:
    """`things` in lists of at most `size`."""
    while chunk := list(islice(things, size)):
        yield chunk


def _note(found: StaffImport, **progress: int) -> None:
    """Note the progress, a sign of life. Raises `_StoppedError`, and so takes the chunk back, if
    another run has begun meanwhile."""
    mine = StaffImport.objects.filter(pk=found.pk, state=State.CHECKING, cursor=found.cursor)
    if not mine.update(touched_at=timezone.now(), **progress):
        raise _StoppedError


def _find_leavers(found: StaffImport, spared: set[int], today: datetime.date) -> None:
    """Who works below the list's unit and stands nowhere in it."""
    listed = StaffImportRow.objects.filter(of=found, user__isnull=False).values("user_id")
    here = (
        Membership.objects.open()
        .filter(unit__path__range=found.unit.path_range)
        .exclude(user_id__in=listed)
        .exclude(user_id=found.by_id)
        .order_by("pk")
    )
    left = [pk for pk in here.values_list("user_id", flat=True) if pk not in spared]
    for chunk in chunks(iter(left), CHUNK):
        with transaction.atomic():
            StaffImportRow.objects.bulk_create(
                _leaver(found, person) for person in find_people(Q(pk__in=chunk))
            )
            _note(found)


def _leaver(found: StaffImport, person: Person) -> StaffImportRow:
    return StaffImportRow(
        of=found,
        outcome=Outcome.LEFT,
        user_id=person.pk,
        record={"full_name": person.full_name},
        before=person.state(),
        changes={"unit": [person.unit_id, None]},
    )


def count_rows(found: StaffImport) -> dict[str, int]:
    """How many rows have each outcome."""
    counted = StaffImportRow.objects.filter(of=found).order_by().values_list("outcome")
    return dict(counted.annotate(n=Count("pk")))


def _finish(found: StaffImport) -> None:
    counts = count_rows(found)
    mine = StaffImport.objects.filter(pk=found.pk, state=State.CHECKING, cursor=found.cursor)
    mine.update(
        state=State.CHECKED,
        counts=counts,
        total=sum(counts.values()),
        seal=secrets.token_hex(16),
        error="",
        cursor=0,
        done=0,
        touched_at=timezone.now(),
    )
    found.refresh_from_db()
