"""Reading what is kept, with what is marked counted from the facts: always the figures of now."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum, TextField
from django.db.models.functions import Cast

from learning.courses.queries import get_outline
from learning.statistics.figures import Figures, Scores, add_up
from learning.statistics.summary.counting import (
    count_days,
    count_figures,
    count_goal,
    count_staff,
)
from learning.statistics.summary.keeping import set_of
from learning.statistics.summary.models import (
    KeptDay,
    KeptFigures,
    KeptGoal,
    KeptSet,
    KeptStaff,
    Mark,
)
from learning.statistics.summary.units import UnitsAsked

_PLAIN = (
    *("assigned", "not_started", "in_progress", "completed", "exempt", "timed", "on_time"),
    *("certificates", "hours"),
)
_COUNTS = ("dues", "scores", "attempts")
# The counts as they are written: they are read a line of the table at a time, not a unit.
_WRITTEN = {f"{name}_written": Cast(name, TextField()) for name in _COUNTS}
_READ = ("unit_id", *_PLAIN, *_WRITTEN)


def read_figures(
    *,
    units: UnitsAsked,
    course_keys: Sequence[UUID],
    today: datetime.date,
    start: datetime.date | None,
    lines: Mapping[int, int] | None = None,
) -> dict[int, Figures]:
    """The own people of units as they are now; `start` begins the period of what is new.

    `lines` tells for each unit under which key it is counted, and so what is summed up; units it
    does not know are left out. Without it each unit is counted under its own. Four queries and
    three a course, and as many again for what is marked.
    """
    line_of = lines if lines is not None else {unit: unit for unit in units.keys}
    # Marks first: what is counted again after this look is told by them all the same.
    marked = _marks(course_keys, units)
    staff: dict[int, int] = defaultdict(int)
    for unit, count in _staff(units, marked.get(None, set())):
        if unit in line_of:
            staff[line_of[unit]] += count
    found: dict[int, Figures] = defaultdict(Figures)
    found |= {line: Figures(staff=count) for line, count in staff.items()}
    for course in course_keys:
        old = marked.get(course, set())
        live = _live_origins(course)
        news = _news(course, units, old, start) if start else None
        gathered: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for row in _rows(course, units, old):
            if row[0] in line_of:
                gathered[line_of[row[0]]].append(row)
        for line, rows in gathered.items():
            found[line] += _as_figures(rows, live, today.isoformat(), news)
    return dict(found)


def read_count(
    *, units: UnitsAsked, course_keys: Sequence[UUID], name: str, today: datetime.date
) -> int:
    """One figure of all these units together, summed by the database; `name` is of `Figures`."""
    if name == "overdue":
        return sum(read_dues(units=units, course_keys=course_keys, today=today).values())
    found = 0
    for kept, again in _kept_and_again(units, course_keys):
        found += kept.aggregate(sum=Sum(name, default=0))["sum"]
        found += sum(getattr(row, name) for row in again)
    return found


def read_dues(
    *, units: UnitsAsked, course_keys: Sequence[UUID], today: datetime.date
) -> dict[datetime.date, int]:
    """How many people of these units together are overdue since each day."""
    parts: list[Mapping[str, int]] = []
    for kept, again in _kept_and_again(units, course_keys):
        parts += [*kept.values_list("dues", flat=True), *(row.dues for row in again)]
    dues = {datetime.date.fromisoformat(day): count for day, count in add_up(parts).items()}
    return {day: count for day, count in dues.items() if day < today}


def _kept_and_again(
    units: UnitsAsked, course_keys: Sequence[UUID]
) -> Iterator[tuple[Any, list[KeptFigures]]]:
    """Of each course what is kept, as a query, and what is counted again instead."""
    marked = _marks(course_keys, units)
    for course in course_keys:
        old = marked.get(course, set())
        kept = KeptFigures.objects.filter(units.condition(), course_key=course)
        yield (
            kept.exclude(unit_id__in=old) if old else kept,
            count_figures(course, old) if old else [],
        )


def _passed(dues: Mapping[str, int], today: str) -> int:
    return sum(count for due, count in dues.items() if due < today)


def _marks(course_keys: Sequence[UUID], units: UnitsAsked) -> dict[UUID | None, set[int]]:
    wanted = Q(course_key__isnull=True) | Q(course_key__in=course_keys)
    marked: dict[UUID | None, set[int]] = defaultdict(set)
    for unit, course in Mark.objects.filter(wanted).values_list("unit_id", "course_key").distinct():
        if unit in units:
            marked[course].add(unit)
    return marked


def _staff(units: UnitsAsked, old: set[int]) -> Iterator[tuple[int, int]]:
    kept = KeptStaff.objects.filter(units.condition()).values_list("unit_id", "staff")
    yield from ((unit, staff) for unit, staff in kept if unit not in old)
    if old:
        yield from ((row.unit_id, row.staff) for row in count_staff(old))


def _rows(course: UUID, units: UnitsAsked, old: set[int]) -> Iterator[tuple[Any, ...]]:
    """As plain values in the order of `_READ`: of thousands of units no objects are made."""
    kept = KeptFigures.objects.filter(units.condition(), course_key=course).annotate(**_WRITTEN)
    yield from (row for row in kept.values_list(*_READ) if row[0] not in old)
    for again in count_figures(course, old) if old else ():
        plain = (getattr(again, name) for name in ("unit_id", *_PLAIN))
        yield (*plain, *(json.dumps(getattr(again, name)) for name in _COUNTS))


def _news(
    course: UUID, units: UnitsAsked, old: set[int], start: datetime.date
) -> dict[int, tuple[int, int]]:
    """Newly assigned and newly completed since the day, by unit."""
    kept = KeptDay.objects.filter(units.condition(), course_key=course, day__gte=start).order_by()
    summed = kept.values_list("unit_id").annotate(a=Sum("assigned"), c=Sum("completed"))
    found = {unit: (a, c) for unit, a, c in summed if unit not in old}
    for row in count_days(course, old) if old else ():
        if row.day >= start:
            a, c = found.get(row.unit_id, (0, 0))
            found[row.unit_id] = (a + row.assigned, c + row.completed)
    return found


def _live_origins(course: UUID) -> Collection[str]:
    outline = get_outline(course)
    return outline.origins if outline else ()


def _as_figures(
    rows: Sequence[tuple[Any, ...]],
    live: Collection[str],
    today: str,
    news: Mapping[int, tuple[int, int]] | None,
) -> Figures:
    """The sum of the rows: by columns, a figure a unit would cost more than all the rest."""
    units, *columns = zip(*rows, strict=True)
    plain: dict[str, Any] = dict(zip(_PLAIN, map(sum, columns), strict=False))
    dues, scores, attempts = (f"[{','.join(told)}]" for told in columns[len(_PLAIN) :])
    new = [news.get(unit, (0, 0)) for unit in units] if news is not None else None
    return Figures(
        overdue=_passed(add_up(json.loads(dues)), today),
        scores=Scores.told(scores),
        attempts=sum(n for origin, n in add_up(json.loads(attempts)).items() if origin in live),
        new_assigned=sum(one[0] for one in new) if new is not None else plain["assigned"],
        new_completed=sum(one[1] for one in new) if new is not None else plain["completed"],
        **plain,
    )


def read_goal(
    *, units: UnitsAsked, course_keys: Iterable[UUID], days: Sequence[datetime.date]
) -> list[dict[int, int]]:
    """Of each unit's own staff, who had completed all these courses by the end of each day."""
    courses = set_of(course_keys)
    if not courses:
        # A goal that names no course yet: nobody has completed it.
        return [defaultdict(int) for _day in days]
    keys = [UUID(key) for key in courses.split(",")]
    marked = _marks(keys, units)
    old = set().union(*marked.values()) if marked else set()
    if not KeptSet.objects.filter(courses=courses).exists():
        rows = count_goal(courses, units.keys)
        return [_done_by(rows, day) for day in days]
    kept = KeptGoal.objects.filter(units.condition(), courses=courses).order_by()
    whole = dict(kept.filter(day=None).values_list("unit_id", "done"))
    again = count_goal(courses, old) if old else []
    found = []
    for day in days:
        by_unit = dict(whole)
        after = kept.filter(day__gt=day).values_list("unit_id")
        for unit, done in after.annotate(sum=Sum("done")):
            by_unit[unit] -= done
        found.append({u: n for u, n in by_unit.items() if u not in old} | _done_by(again, day))
    return found


def _done_by(rows: Iterable[KeptGoal], day: datetime.date) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for row in rows:
        if row.day and row.day <= day:
            found[row.unit_id] += row.done
    return dict(found)


def read_staff(units: UnitsAsked) -> dict[int, int]:
    """The staff of each unit itself."""
    marked = _marks((), units)
    return dict(_staff(units, marked.get(None, set())))
