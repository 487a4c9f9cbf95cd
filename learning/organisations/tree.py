"""The tree as a list on a screen: what is open, on which day, with how many people.

The state lies in the address. The number of queries is the same whatever is open.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from learning.organisations.models import EarlierState, Unit, UnitKind, UnitQuerySet
from learning.organisations.queries import find_units, members_on, tree_on, with_names_on
from learning.vietnamese import read_day

MOST_FOUND = 200
MOST_OPEN = 300


@dataclass(frozen=True)
class TreeState:
    """What the screen was asked for. `opened` are units whose sub-units are shown."""

    today: datetime.date
    day: datetime.date
    opened: frozenset[int] = frozenset()
    search: str = ""
    kind: str = ""
    closed: bool = False

    @property
    def is_listing(self) -> bool:
        """A flat list of what was looked for, instead of the tree?"""
        return bool(self.search or self.kind)

    def address(self, *, opened: Iterable[int] | None = None) -> str:
        """The query part of the address of this state."""
        parts = {
            "q": self.search,
            "kind": self.kind,
            "closed": "1" if self.closed else "",
            "day": self.day.isoformat() if self.day != self.today else "",
            "open": ",".join(str(pk) for pk in sorted(self.opened if opened is None else opened)),
        }
        return urlencode({name: value for name, value in parts.items() if value})


def _day(text: str) -> datetime.date | None:
    try:
        return read_day(text)
    except ValueError:
        return None


def read_state(asked: dict[str, str], *, today: datetime.date) -> TreeState:
    """What the address says; what it says wrongly is left aside."""
    numbers = asked.get("open", "").split(",")
    opened = [int(n) for n in numbers if n.isascii() and n.isdigit() and len(n) < 19]
    day = _day(asked.get("day", "")) or today
    kind = asked.get("kind", "")
    return TreeState(
        today=today,
        day=day,
        opened=frozenset(opened[:MOST_OPEN]),
        search=asked.get("q", "").strip()[:100],
        kind=kind if kind in UnitKind.values else "",
        closed=asked.get("closed") == "1",
    )


@dataclass(frozen=True)
class TreeRow:
    """A line: the unit as it was on the day; `toggle` is the address that opens or shuts it."""

    unit: Unit
    name: str
    kind: str
    level: int
    people: int
    has_below: bool
    is_open: bool
    is_closed: bool
    toggle: str


def tree_rows(state: TreeState) -> list[TreeRow]:
    """The lines in the order of the tree; of a search, the units found, at most `MOST_FOUND`."""
    if state.is_listing:
        found = find_units(state.search) if state.search else Unit.objects.all()
        if state.kind:
            found = found.filter(kind=state.kind)
        shown = [(unit, 0) for unit in _on(found, state).order_by("path")[:MOST_FOUND]]
    else:
        shown = list(_walk(state))
    people = _people({unit.pk: unit.path for unit, _level in shown}, state)
    return [_row(state, unit, level, people.get(unit.pk, 0)) for unit, level in shown]


def _row(state: TreeState, unit: Unit, level: int, people: int) -> TreeRow:
    is_open = unit.pk in state.opened and not state.is_listing
    return TreeRow(
        unit=unit,
        name=unit.name_then or unit.name,
        kind=str(UnitKind(unit.kind_then or unit.kind).label),
        level=level,
        people=people,
        has_below=unit.numchild > 0 or unit.had_below,
        is_open=is_open,
        is_closed=unit.valid_to is not None and unit.valid_to < state.day,
        toggle=state.address(opened=state.opened ^ {unit.pk}),
    )


def _on(units: UnitQuerySet, state: TreeState) -> UnitQuerySet:
    """Those of the day, with their names then; closed ones too where they are asked for."""
    chosen = units.filter(valid_from__lte=state.day)
    if not state.closed:
        chosen = chosen.current(on=state.day)
    below = EarlierState.objects.filter(parent=OuterRef("pk"))
    found: UnitQuerySet = with_names_on(chosen, state.day).annotate(had_below=Exists(below))
    return found


def _walk(state: TreeState) -> Iterable[tuple[Unit, int]]:
    """The top of the tree and all that is opened, in one query, put in order in memory."""
    opened = list(Unit.objects.filter(pk__in=state.opened))
    changed = EarlierState.objects.filter(until__gt=state.day)
    later = changed.filter(unit=OuterRef("pk")).order_by("until")
    here = Q(depth=1)
    for unit in opened:
        here |= Q(path__range=unit.path_range, depth=unit.depth + 1)
    has_changed = Q(pk__in=changed.values("unit"))
    there = Q(was_below__isnull=True) | Q(was_below__in=[unit.pk for unit in opened])
    units = _on(Unit.objects.all(), state).annotate(
        was_below=Subquery(later.values("parent")[:1]), has_changed=Exists(later)
    )
    by_path = {unit.path: unit.pk for unit in opened}
    below: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in units.filter((~has_changed & here) | (has_changed & there)).order_by("path"):
        above = unit.was_below if unit.has_changed else by_path.get(unit.path[: -Unit.steplen])
        below[above].append(unit)
    ahead = [(unit, 0) for unit in reversed(below[None])]
    seen: set[int] = set()
    while ahead:
        unit, level = ahead.pop()
        if unit.pk in seen:
            continue
        seen.add(unit.pk)
        yield unit, level
        ahead += [(child, level + 1) for child in reversed(below.get(unit.pk, []))]


def _people(shown: dict[int, str], state: TreeState) -> dict[int, int]:
    """How many worked in each of the units and below on the day; two queries more for the past."""
    counts = (
        members_on(state.day)
        .order_by()
        .values_list("unit_id", "unit__path")
        .annotate(count=Count("pk"))
    )
    totals: dict[int, int] = defaultdict(int)
    if state.day >= state.today:
        by_path = {path: pk for pk, path in shown.items()}
        for _pk, path, count in counts:
            for end in range(Unit.steplen, len(path) + 1, Unit.steplen):
                if path[:end] in by_path:
                    totals[by_path[path[:end]]] += count
        return totals
    tree = tree_on(state.day)
    for pk, _path, count in counts:
        above: int | None = pk
        seen: Collection[int] = set()
        while above is not None and above not in seen:
            seen = {*seen, above}
            totals[above] += count
            above = tree[above].parent if above in tree else None
    return totals
