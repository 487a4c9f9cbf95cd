"""By position: spellings that differ in marks and case alone are one."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Count

from learning.statistics.analysis.base import assigned, with_position
from learning.statistics.figures import NOTHING, Figures, Scores, total
from learning.statistics.filters import Filters, Status, status_condition
from learning.statistics.narrowing import NO_POSITION, Narrowing
from learning.vietnamese import name_sort_key, search_key


@dataclass(frozen=True)
class PositionLine:
    """The people of one position; `name` is its commonest spelling, empty without a position."""

    key: str
    name: str
    figures: Figures


def get_positions(filters: Filters) -> tuple[PositionLine, ...]:
    """The positions, the largest first and those without one last; two queries."""
    moment = filters.moment
    found = with_position(assigned(filters), moment)
    counted = found.values("position").annotate(
        assigned=Count("pk"),
        not_started=Count("pk", filter=status_condition(Status.NOT_STARTED, moment=moment)),
        in_progress=Count("pk", filter=status_condition(Status.IN_PROGRESS, moment=moment)),
        completed=Count("pk", filter=status_condition(Status.COMPLETED, moment=moment)),
        exempt=Count("pk", filter=status_condition(Status.EXEMPT, moment=moment)),
        overdue=Count("pk", filter=status_condition(Status.OVERDUE, moment=moment)),
    )
    scores: dict[str, dict[Decimal, int]] = defaultdict(dict)
    reached = found.filter(
        status_condition(Status.COMPLETED, moment=moment), completion__percent__isnull=False
    ).values_list("position", "completion__percent")
    for position, percent, count in reached.annotate(count=Count("pk")):
        mine = scores[position or ""]
        mine[percent] = mine.get(percent, 0) + count
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    figures: dict[str, Figures] = defaultdict(lambda: NOTHING)
    for row in counted:
        position = row.pop("position") or ""
        key = search_key(position) or NO_POSITION
        spellings[key][position] += row["assigned"]
        figures[key] += Figures(**row)
    for position, counts in scores.items():
        figures[search_key(position) or NO_POSITION] += Figures(scores=Scores(counts))
    lines = [
        PositionLine(key, _commonest(spellings[key]) if key != NO_POSITION else "", figures[key])
        for key in figures
    ]
    return tuple(sorted(lines, key=_largest_first))


def sum_of(lines: tuple[PositionLine, ...]) -> Figures:
    """All of them together."""
    return total(line.figures for line in lines)


def list_of(filters: Filters, line: PositionLine, status: str = "") -> str:
    """The query part of the address of the list behind one number."""
    narrowed = replace(filters, narrowing=Narrowing(position=line.key), status=status)
    return narrowed.address()


def _commonest(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda one: (-spellings[one], name_sort_key(one), one))


def _largest_first(line: PositionLine) -> tuple[bool, int, str]:
    return (line.key == NO_POSITION, -line.figures.assigned, line.key)
