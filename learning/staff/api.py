"""PUT /api/v1/staff: another system's list, judged as a file's is, all of it or nothing."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field as ApiField
from ninja import Query, Router, Schema

from learning.api.access import TokenAuth
from learning.api.models import ApiToken, Scope
from learning.api.problems import problem
from learning.staff.actions import StaffError, obstacles, start_apply
from learning.staff.applying import continue_apply, continue_undo
from learning.staff.checking import check_records
from learning.staff.models import StaffImport, StaffImportRow
from learning.staff.reading.headers import Field, Header
from learning.staff.reading.records import ReadRow, read_person
from learning.staff.reading.tables import Row
from quizzes.exchange.base import FileError

router = Router(tags=["staff"])
MOST_PEOPLE = 2_000
_COLUMNS = (
    Field.CODE,
    Field.NAME,
    Field.BIRTH,
    Field.SEX,
    Field.POSITION,
    Field.UNIT,
    Field.EMAIL,
    Field.PHONE,
)
_HEADER = Header(last_row=0, titles=(), fields=dict(enumerate(_COLUMNS)))
State = StaffImport.State
Outcome = StaffImportRow.Outcome


class PersonIn(Schema):
    """A person as the other system has her. What is left empty stays as it is here."""

    staff_code: str = ""
    full_name: str
    birth: str = ApiField("", description="1985-03-05, 05/03/1985, or 1985")
    sex: str = ApiField("", description="female, male, Nữ, Nam")
    position: str = ""
    unit: str = ApiField(
        "", description="Code or name of a unit below the token's; empty: that one"
    )
    email: str = ""
    phone: str = ""


class StaffIn(Schema):
    """The list."""

    people: list[PersonIn]


class Options(Schema):
    """What is done with it."""

    dry_run: bool = ApiField(False, description="Only tell what would happen")
    complete: bool = ApiField(False, description="Whoever is not in the list has left")


@router.put("", auth=TokenAuth(Scope.STAFF), summary="Bring the staff of a unit up to date")
def put_staff(request: HttpRequest, told: StaffIn, options: Query[Options]) -> Any:
    """The same list twice changes nothing. With an error, or a probable duplicate that a person has
    to decide, nothing is written: 422, with the rows."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    if not 0 < len(told.people) <= MOST_PEOPLE:
        says = _("A list has from 1 to %(most)s people.") % {"most": MOST_PEOPLE}
        return problem(422, _("The list cannot be taken"), says)
    found = _checked(token, told, complete=options.complete)
    if isinstance(found, HttpResponse):
        return found
    rows = [_told(row) for row in _rows(found)]
    if not options.dry_run and any(
        row["outcome"] in (Outcome.ERROR, Outcome.DOUBTFUL) for row in rows
    ):
        title, says = _("The list cannot be taken"), _("Nothing was written. See the rows.")
        found.delete()
        return problem(422, title, says, counts=found.counts, rows=rows)
    if options.dry_run:
        found.delete()
        return {"written": False, "counts": found.counts, "rows": rows}
    return _applied(found, token, rows)


def _checked(token: ApiToken, told: StaffIn, *, complete: bool) -> StaffImport | HttpResponse:
    found = StaffImport.objects.create(
        unit=token.unit,
        by=token.made_by,
        name=f"API: {token.name}",
        complete=complete,
        state=State.CHECKING,
        total=len(told.people),
    )
    try:
        check_records(found=found, rows=map(_read, range(len(told.people)), told.people))
    except FileError as error:
        found.delete()
        return problem(422, _("The list cannot be taken"), str(error))
    return found


def _read(place: int, one: PersonIn) -> ReadRow:
    values = (
        one.staff_code,
        one.full_name,
        one.birth,
        one.sex,
        one.position,
        one.unit,
        one.email,
        one.phone,
    )
    return read_person(Row(place + 1, values), _HEADER, today=timezone.localdate())


def _rows(found: StaffImport) -> list[StaffImportRow]:
    return list(StaffImportRow.objects.filter(of=found).order_by("number", "pk"))


def _told(row: StaffImportRow) -> dict[str, Any]:
    """A row as the other system reads it: its place in the list from 1."""
    told: dict[str, Any] = {
        "row": row.number,
        "staff_code": row.record.get("staff_code", ""),
        "full_name": row.record.get("full_name", ""),
        "outcome": row.outcome,
    }
    if row.changes:
        told["changes"] = {name: {"from": a, "to": b} for name, (a, b) in row.changes.items()}
    if row.errors:
        told["errors"] = [_fault(one) for one in row.errors]
    if row.candidates:
        told["candidates"] = [
            one["before"]["staff_code"] if "before" in one else f"#{one['row']}"
            for one in row.candidates
        ]
    return told


def _fault(one: dict[str, str]) -> dict[str, str]:
    letter = one["cell"].rstrip("0123456789")
    field = str(_COLUMNS[ord(letter) - ord("A")]) if len(letter) == 1 else ""
    return {"field": field, "value": one["text"], "detail": one["says"]}


def _applied(found: StaffImport, token: ApiToken, rows: list[dict[str, Any]]) -> Any:
    if not obstacles(found):
        try:
            with transaction.atomic():
                start_apply(found=found, seal=found.seal, by=token.made_by, queued=False)
        except StaffError as error:
            return problem(409, _("The list cannot be taken now"), str(error))
        while continue_apply(pk=found.pk):
            pass
        while continue_undo(pk=found.pk):
            pass
        found.refresh_from_db()
        if found.state != State.APPLIED:
            return problem(409, _("The list cannot be taken now"), found.error)
        rows = [_told(row) for row in _rows(found)]
        return {"written": True, "list": found.pk, "counts": found.counts, "rows": rows}
    counts = found.counts
    found.delete()
    return {"written": False, "counts": counts, "rows": rows}
