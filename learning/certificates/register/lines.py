"""The lines of the register book, the same on the screen, in the workbook and on paper."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.certificates.models import Certificate

State = Certificate.State
_AT_ONCE = 2000
_COLUMNS = (
    "code",
    "number_text",
    "register_number",
    "full_name",
    "birth_date",
    "unit_name",
    "course_title",
    "result",
    "issued_at",
    "expires_on",
    "status",
    "revoked_at",
    "revoked_reason",
)


@dataclass(frozen=True)
class Line:
    """One certificate as the book shows it; `place` counts from one within what was asked."""

    place: int
    code: str
    number: str
    register_number: str
    full_name: str
    birth_date: datetime.date | None
    unit_name: str
    course_title: str
    result: str
    issued_on: datetime.date
    state: Certificate.State
    note: str


def lines(found: QuerySet[Certificate], *, first: int = 1) -> Iterator[Line]:
    """The lines of `found` in its order, numbered from `first`; read in portions."""
    today = timezone.localdate()
    rows = _values(found).iterator(chunk_size=_AT_ONCE)
    return (_line(row, place, today) for place, row in enumerate(rows, start=first))


def lines_of_page(found: QuerySet[Certificate], *, first: int) -> list[Line]:
    """The lines of a slice, in one query."""
    today = timezone.localdate()
    return [_line(row, place, today) for place, row in enumerate(_values(found), start=first)]


def _values(found: QuerySet[Certificate]) -> QuerySet[Certificate, dict[str, Any]]:
    return found.values(
        *_COLUMNS,
        old_number=F("replaces__number_text"),
        new_number=F("replaced_by__number_text"),
    )


def _line(row: dict[str, Any], place: int, today: datetime.date) -> Line:
    state = State(row["status"])
    if state is State.VALID and row["expires_on"] is not None and row["expires_on"] < today:
        state = State.EXPIRED
    return Line(
        place=place,
        code=row["code"],
        number=row["number_text"],
        register_number=row["register_number"],
        full_name=row["full_name"],
        birth_date=row["birth_date"],
        unit_name=row["unit_name"],
        course_title=row["course_title"],
        result=row["result"],
        issued_on=timezone.localdate(row["issued_at"]),
        state=state,
        note=_note(row),
    )


def _note(row: dict[str, Any]) -> str:
    told = []
    if row["old_number"]:
        told.append(_("Issued in place of no. %(number)s") % {"number": row["old_number"]})
    if row["new_number"]:
        told.append(_("Issued again as no. %(number)s") % {"number": row["new_number"]})
    if row["revoked_at"] is not None:
        day = f"{timezone.localdate(row['revoked_at']):%d/%m/%Y}"
        told.append(
            _("Revoked on %(day)s: %(reason)s") % {"day": day, "reason": row["revoked_reason"]}
            if row["revoked_reason"]
            else _("Revoked on %(day)s") % {"day": day}
        )
    if row["expires_on"] is not None:
        told.append(_("Valid until %(day)s") % {"day": f"{row['expires_on']:%d/%m/%Y}"})
    return "; ".join(told)
