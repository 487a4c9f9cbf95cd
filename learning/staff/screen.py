"""Rows of a list as its screen shows them: words for every change, people side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from learning.staff.actions import may_be_new
from learning.staff.finding import birth_fields, names_of
from learning.staff.models import Sex, StaffImportRow
from learning.staff.reading.headers import LABELS, Field

_FIELDS = {
    "full_name": Field.NAME,
    "staff_code": Field.CODE,
    "email": Field.EMAIL,
    "phone": Field.PHONE,
    "birth": Field.BIRTH,
    "sex": Field.SEX,
    "position": Field.POSITION,
    "unit": Field.UNIT,
}


@dataclass(frozen=True)
class Line:
    """One thing said of a person: its name, what it is now, and what the list says."""

    label: str
    old: str
    new: str

    @property
    def differs(self) -> bool:
        return self.old != self.new


@dataclass(frozen=True)
class Candidate:
    """A probable duplicate beside the row."""

    key: str
    name: str
    lines: list[Line] = field(default_factory=list)
    row: int | None = None


@dataclass(frozen=True)
class ShownRow:
    """A row of the list with its words."""

    row: StaffImportRow
    name: str
    unit: str
    changes: list[Line]
    candidates: list[Candidate]
    may_be_new: bool


def shown_rows(rows: Sequence[StaffImportRow]) -> list[ShownRow]:
    """The rows with words; one query for the names of all units in them."""
    units = names_of(_units_in(rows))
    return [_shown(row, units) for row in rows]


def _units_in(rows: Sequence[StaffImportRow]) -> set[int]:
    found: set[Any] = set()
    for row in rows:
        found |= {row.record.get("unit_id"), (row.before or {}).get("unit")}
        found |= set(row.changes.get("unit", ()))
        found |= {one["before"]["unit"] for one in row.candidates if "before" in one}
    return found - {None}


def _shown(row: StaffImportRow, units: Any) -> ShownRow:
    unit = row.record.get("unit_id") or (row.before or {}).get("unit")
    candidates = [_candidate(row, one, units) for one in row.candidates]
    return ShownRow(
        row=row,
        name=row.record.get("full_name") or _("(no name)"),
        unit=units.get(unit, row.record.get("unit", "")),
        changes=[
            Line(str(LABELS[_FIELDS[name]]), said(name, old, units), said(name, new, units))
            for name, (old, new) in row.changes.items()
            if name in _FIELDS
        ],
        candidates=candidates,
        may_be_new=row.outcome == StaffImportRow.Outcome.DOUBTFUL and may_be_new(row),
    )


def _candidate(row: StaffImportRow, one: dict[str, Any], units: Any) -> Candidate:
    if "row" in one:
        return Candidate(
            key="", name=_("Row %(row)s of this list") % {"row": one["row"]}, row=one["row"]
        )
    before, told = one["before"], {**row.record, "unit": row.record.get("unit_id")}
    lines = [
        Line(str(LABELS[kind]), said(name, before[name], units), said(name, told[name], units))
        for name, kind in _FIELDS.items()
        if before[name] or told[name]
    ]
    return Candidate(key=str(one["user"]), name=before["full_name"], lines=lines)


def said(name: str, value: Any, units: Any) -> str:
    """A value as people read it."""
    if value in ("", None):
        return "–"
    if name == "unit":
        return str(units.get(value, value))
    if name == "sex":
        return str(Sex(value).label)
    if name == "birth":
        on, year = birth_fields(value)
        return f"{on:%d/%m/%Y}" if on else str(year)
    return str(value)
