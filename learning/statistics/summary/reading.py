"""Reading what is kept, with what is marked counted from the facts: always the figures of now."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from learning.courses.queries import get_outline
from learning.statistics.figures import Figures, Scores
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
_READ = (*_PLAIN, "unit_id", "dues", "scores", "attempts")


def read_figures(
    *,
    units: UnitsAsked,
    course_keys: Sequence[UUID],
    today: datetime.date,
    start: datetime.date | None,
) -> dict[int, Figures]:
    """Each unit's own people as they are now; `start` begins the period of what is new.

    Four queries and three a course, and as many again for what is marked.
    """
    # Marks first: what is counted again after this look is told by them all the same.
    marked = _marks(course_keys, units)
    found: dict[int, Figures] = defaultdict(Figures)
    for unit, staff in _staff(units, marked.get(None, set())):
        found[unit] += Figures(staff=staff)
    for course in course_keys:
        old = marked.get(course, set())
        live = _live_origins(course)
        news = _news(course, units, old, start) if start else {}
        for row in _rows(course, units, old):
            new = news.get(row["unit_id"], (0, 0)) if start else None
            found[row["unit_id"]] += _as_figures(row, live, today.isoformat(), new)
    return dict(found)


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


def _rows(course: UUID, units: UnitsAsked, old: set[int]) -> Iterator[dict[str, Any]]:
    """As plain values: of thousands of units no objects are made."""
    kept = KeptFigures.objects.filter(units.condition(), course_key=course).values(*_READ)
    yield from (row for row in kept if row["unit_id"] not in old)
    for again in count_figures(course, old) if old else ():
        yield {name: getattr(again, name) for name in _READ}


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
    row: dict[str, Any], live: Collection[str], today: str, new: tuple[int, int] | None
) -> Figures:
    attempts = row["attempts"]
    assigned, completed = new or (row["assigned"], row["completed"])
    return Figures(
        overdue=sum(count for due, count in row["dues"].items() if due < today),
        scores=Scores.told(row["scores"]),
        attempts=sum(attempts[origin] for origin in live if origin in attempts),
        new_assigned=assigned,
        new_completed=completed,
        **{name: row[name] for name in _PLAIN},
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
