"""The columns of the files, once: CSV and XLSX differ in how a cell is written, not in what."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from learning.statistics.filters import Status
from learning.statistics.moments import By
from learning.statistics.people import unnamed
from learning.statistics.queries import Report, Row

Cell = str | int | Decimal | datetime.date | None


class Kind(Enum):
    """What a cell holds, whatever its file."""

    TEXT = "text"
    NUMBER = "number"
    DECIMAL = "decimal"
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """A heading, what stands below it, and how wide it is in characters.

    `name` is the figure's. A workbook's total is a formula: the sum of the column where it `adds`
    up, or of two other columns the share of the first in the second, in percent (`share`).
    """

    heading: str | Promise
    value: Callable[[Any], Cell]
    kind: Kind
    width: int
    name: str = ""
    adds: bool = False
    share: tuple[str, str] | None = None


def _yes(value: bool) -> str:
    return _yes_in(get_language()) if value else ""


# A file has the same few words a million times: they are looked up once.
@lru_cache(maxsize=8)
def _yes_in(_language: str | None) -> str:
    return str(_("Yes"))


@lru_cache(maxsize=32)
def _status_in(_language: str | None, status: Status) -> str:
    return str(status.label)


def _people(heading: Any, name: str, kind: Kind = Kind.TEXT, width: int = 16) -> Column:
    return Column(heading, attrgetter(name), kind, width, name)


PEOPLE_COLUMNS: tuple[Column, ...] = (
    _people(_("Full name"), "full_name", width=28),
    _people(_("Staff code"), "staff_code"),
    _people(_("E-mail"), "email", width=28),
    _people(_("Position"), "position", width=20),
    _people(_("Unit"), "unit_name", width=44),
    _people(_("Course"), "course_title", width=30),
    Column(_("Status"), lambda row: _status_in(get_language(), row.status), Kind.TEXT, 14),
    Column(_("Overdue"), lambda row: _yes(row.overdue), Kind.TEXT, 10),
    Column(_("Required"), lambda row: _yes(row.required), Kind.TEXT, 10),
    _people(_("Days late"), "days_late", Kind.NUMBER, 10),
    _people(_("Due date"), "due_on", Kind.DATE, 13),
    _people(_("Started on"), "started_on", Kind.DATE, 13),
    _people(_("Completed on"), "completed_on", Kind.DATE, 13),
    _people(_("Score (%)"), "percent", Kind.DECIMAL, 10),
    _people(_("Modules completed"), "modules", Kind.NUMBER, 12),
    _people(_("Certificate number"), "certificate_number", width=26),
    _people(_("Verification code"), "certificate_code", width=18),
)


def _figure(
    heading: Any,
    name: str,
    kind: Kind = Kind.NUMBER,
    *,
    adds: bool = True,
    share: tuple[str, str] | None = None,
) -> Column:
    return Column(heading, lambda row: getattr(row.figures, name), kind, 13, name, adds, share)


UNIT_COLUMNS: tuple[Column, ...] = (
    Column(_("Unit"), lambda row: row_name(row), Kind.TEXT, 44),
    _figure(_("Staff"), "staff"),
    _figure(_("Assigned"), "assigned"),
    _figure(_("Completed"), "completed"),
    _figure(_("In progress"), "in_progress"),
    _figure(_("Not started"), "not_started"),
    _figure(_("Overdue"), "overdue"),
    _figure(_("Exempt"), "exempt"),
    _figure(
        _("Completion rate (%)"), "rate", Kind.DECIMAL, adds=False, share=("completed", "assigned")
    ),
    _figure(_("Completed on time"), "on_time"),
    _figure(_("On-time rate (%)"), "on_time_rate", Kind.DECIMAL, adds=False),
    _figure(_("Mean score (%)"), "mean_score", Kind.DECIMAL, adds=False),
    _figure(_("Median score (%)"), "median_score", Kind.DECIMAL, adds=False),
    _figure(_("Attempts"), "attempts"),
    _figure(_("Study hours"), "hours", Kind.DECIMAL),
    _figure(_("Certificates"), "certificates"),
)
PERIOD_COLUMNS: tuple[Column, ...] = (
    _figure(_("Newly assigned in the period"), "new_assigned"),
    _figure(_("Completed in the period"), "new_completed"),
)


def unit_columns(report: Report) -> tuple[Column, ...]:
    """The columns of the table by unit; those of a period where one was asked for."""
    return UNIT_COLUMNS + (PERIOD_COLUMNS if report.filters.moment.start else ())


def row_name(row: Row) -> str:
    """A line's name; people at the unit itself, beside its sub-units, are told apart."""
    if row.direct:
        return str(_("%(unit)s (directly)")) % {"unit": row.unit.name}
    return row.unit.name


def notes(report: Report) -> list[tuple[str, Cell]]:
    """What the files say about themselves: the question asked, and the goal."""
    filters = report.filters
    lines: list[tuple[str, Cell]] = [
        (str(_("Course")), filters.course_title),
        (str(_("Unit")), filters.unit.name if filters.unit else str(_("All my units"))),
        (str(_("Status")), str(_status_label(filters.status))),
        (str(_("Search")), filters.search),
        (str(_("Figures of")), _moment_of(report)),
    ]
    if hidden := unnamed(filters):
        lines.append((str(_("Not named: use of their data restricted")), hidden))
    if report.goal:
        goal = report.goal
        lines += [
            (str(_("Training goal")), goal.name),
            (str(_("Decision")), goal.decision),
            (str(_("Target (% of staff)")), goal.target_percent),
            (str(_("To be reached by")), goal.due_on),
            (str(_("Staff")), goal.staff),
            (str(_("Completed by then")), goal.done),
            (str(_("People still needed")), goal.missing),
        ]
    return lines


def _moment_of(report: Report) -> str:
    """Of a past day no clock is told: the same report is the same file whenever it is made."""
    moment = report.filters.moment
    since = f"{moment.start:%d/%m/%Y} – " if moment.start else ""
    if moment.is_past:
        return f"{since}{moment.day:%d/%m/%Y}. {By(moment.by).label}"
    return f"{since}{report.made_at:%H:%M, %d/%m/%Y}"


def _status_label(value: str) -> Any:
    return Status(value).label if value else _("All")
