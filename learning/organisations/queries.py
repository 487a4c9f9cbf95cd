"""The tree as it was on a day, and who stands today for a unit that is gone."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from learning.organisations.models import (
    EarlierState,
    Membership,
    Succession,
    Unit,
    UnitQuerySet,
)
from learning.vietnamese import search_key


@dataclass(frozen=True)
class UnitOn:
    """A unit as it was on a day. `parent` is the key of the unit it hung below, None at the top."""

    pk: int
    code: str
    name: str
    short_name: str
    kind: str
    parent: int | None
    valid_from: datetime.date
    valid_to: datetime.date | None

    @property
    def label(self) -> str:
        """The name for narrow places: the short one where there is one."""
        return self.short_name or self.name


def tree_on(day: datetime.date, *, units: UnitQuerySet | None = None) -> dict[int, UnitOn]:
    """The units that existed on this day as they were then, by key; two queries.

    `units` narrows to those. Of a day to come: as things stand, waiting changes left aside.
    """
    chosen = Unit.objects.all() if units is None else units
    found = list(chosen.filter(valid_from__lte=day).current(on=day).order_by("path"))
    by_path = {unit.path: unit.pk for unit in found}
    missing = {unit.path[: -Unit.steplen] for unit in found} - set(by_path) - {""}
    if missing:
        # A unit above that is closed by now, or lies outside of `units`, is above all the same.
        by_path |= dict(Unit.objects.filter(path__in=missing).values_list("path", "pk"))
    then = _states(day)
    tree: dict[int, UnitOn] = {}
    for unit in found:
        state = then.get(unit.pk)
        now: EarlierState | Unit = state or unit
        tree[unit.pk] = UnitOn(
            pk=unit.pk,
            code=unit.code,
            name=now.name,
            short_name=now.short_name,
            kind=now.kind,
            parent=state.parent_id if state else by_path.get(unit.path[: -Unit.steplen]),
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
        )
    return tree


def _states(day: datetime.date) -> dict[int, EarlierState]:
    """What units were on the day that are something else now, by unit."""
    states: dict[int, EarlierState] = {}
    for state in EarlierState.objects.filter(until__gt=day).order_by("-until"):
        states[state.unit_id] = state
    return states


def predecessors_of(units: set[int]) -> set[int]:
    """All closed units whose place these have taken, however long ago; one query."""
    taken: dict[int, set[int]] = defaultdict(set)
    for old, new in Succession.objects.values_list("predecessor", "successor"):
        taken[new].add(old)
    found: set[int] = set()
    ahead = list(units)
    while ahead:
        for old in taken[ahead.pop()] - found:
            found.add(old)
            ahead.append(old)
    return found


def with_predecessors(units: UnitQuerySet) -> UnitQuerySet:
    """These units and the closed ones whose place they have taken: who answers for a unit answers
    for what those left behind. Two queries."""
    mine = set(units.order_by().values_list("pk", flat=True))
    return Unit.objects.filter(pk__in=mine | predecessors_of(mine))


# A unit from a day on until another, which is not of the span.
Span = tuple[int, datetime.date, datetime.date]


def spans_above(spans: Iterable[Span]) -> list[Span]:
    """These units and all that stood above them while they did, each with the days of it.

    A few queries a level of the tree, whatever the number of spans.
    """
    found: list[Span] = []
    ahead = list(spans)
    while ahead:
        found += ahead
        parents = _parents_over_time({unit for unit, _start, _end in ahead})
        ahead = [
            (parent, max(start, since), min(end, until))
            for unit, start, end in ahead
            for parent, since, until in parents[unit]
            if max(start, since) < min(end, until)
        ]
    return found


def _parents_over_time(units: set[int]) -> dict[int, list[Span]]:
    """What each unit hung below, and when."""
    earlier: dict[int, list[tuple[datetime.date, int | None]]] = defaultdict(list)
    states = EarlierState.objects.filter(unit__in=units).order_by("until")
    for unit, until, parent in states.values_list("unit_id", "until", "parent_id"):
        earlier[unit].append((until, parent))
    paths = dict(Unit.objects.filter(pk__in=units).values_list("pk", "path"))
    parents = {path[: -Unit.steplen] for path in paths.values()}
    keys = dict(Unit.objects.filter(path__in=parents).values_list("path", "pk"))
    over: dict[int, list[Span]] = defaultdict(list)
    for unit, path in paths.items():
        since = datetime.date.min
        now = (datetime.date.max, keys.get(path[: -Unit.steplen]))
        for until, above in [*earlier[unit], now]:
            if above is not None:
                over[unit].append((above, since, until))
            since = until
    return over


def unit_on(unit: Unit, day: datetime.date) -> UnitOn | None:
    """What the unit was on the day: its name, its place; None if it did not exist."""
    return tree_on(day, units=Unit.objects.filter(pk=unit.pk)).get(unit.pk)


def units_below_on(parent: Unit | None, day: datetime.date) -> QuerySet[Unit]:
    """The units right below `parent` (None: at the top) on the day, closed ones by then left out.

    Each carries `name_then`, `short_then`, `kind_then`; one query whatever their number.
    """
    chosen = Unit.objects.filter(valid_from__lte=day).current(on=day)
    return with_names_on(_hung_below(chosen, parent, day), day)


def _hung_below(chosen: UnitQuerySet, parent: Unit | None, day: datetime.date) -> UnitQuerySet:
    changed = EarlierState.objects.filter(until__gt=day)
    later = changed.filter(unit=OuterRef("pk")).order_by("until")
    here, was_here = Q(depth=1), Q(was_below__isnull=True)
    if parent is not None:
        here = Q(path__range=parent.path_range, depth=parent.depth + 1)
        was_here = Q(was_below=parent.pk)
    has_changed = Q(pk__in=changed.values("unit"))
    found: UnitQuerySet = chosen.annotate(was_below=Subquery(later.values("parent")[:1])).filter(
        (~has_changed & here) | (has_changed & was_here)
    )
    return found


def with_names_on(units: UnitQuerySet, day: datetime.date) -> UnitQuerySet:
    """The units with `name_then`, `short_then`, `kind_then`: what they were on the day."""
    later = EarlierState.objects.filter(unit=OuterRef("pk"), until__gt=day).order_by("until")
    named: UnitQuerySet = units.annotate(
        name_then=Subquery(later.values("name")[:1]),
        short_then=Subquery(later.values("short_name")[:1]),
        kind_then=Subquery(later.values("kind")[:1]),
    )
    return named


def find_units(text: str) -> UnitQuerySet:
    """Units that are or were called so, or have the code; marks and case do not matter."""
    key = search_key(text)
    earlier = EarlierState.objects.filter(name_search__contains=key).values("unit")
    found: UnitQuerySet = Unit.objects.filter(
        Q(name_search__contains=key) | Q(code__icontains=key) | Q(pk__in=earlier)
    )
    return found


def members_on(day: datetime.date) -> QuerySet[Membership]:
    """Who worked where on this day. The last day of a membership belongs to the next one."""
    return Membership.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=day), started_on__lte=day
    ).exclude(ended_on=F("started_on"))


class Present:
    """«Theo đơn vị hiện nay»: from a unit of any day to those that stand for it today.

    Two queries when it is made; it answers from memory.
    """

    def __init__(self, *, today: datetime.date) -> None:
        self._closed = set(
            Unit.objects.filter(valid_to__lt=today).order_by().values_list("pk", flat=True)
        )
        self._next: dict[int, list[int]] = defaultdict(list)
        self._day: dict[int, datetime.date] = {}
        rows = Succession.objects.order_by("pk").values_list("predecessor", "successor", "day")
        for old, new, day in rows:
            self._next[old].append(new)
            self._day[old] = day

    def of(self, unit_pk: int) -> tuple[int, ...]:
        """The unit itself while it exists, else its successors that do; none if nobody took over.

        Chains of mergers and splits are followed to their ends.
        """
        if unit_pk not in self._closed:
            return (unit_pk,)
        found: dict[int, None] = {}
        seen, ahead = {unit_pk}, [unit_pk]
        while ahead:
            for new in self._next[ahead.pop(0)]:
                if new in seen:
                    continue
                seen.add(new)
                if new in self._closed:
                    ahead.append(new)
                else:
                    found[new] = None
        return tuple(found)

    def of_person(self, unit_pk: int, went: Mapping[datetime.date, Iterable[int]]) -> int | None:
        """The one unit that stands today for the unit where a person's result lies.

        At a split it is the part she went to: `went` tells, by the day of a split, the units she
        worked in or below on it. None where that cannot be told.
        """
        seen: set[int] = set()
        while unit_pk in self._closed:
            nexts = self._next[unit_pk]
            if len(nexts) > 1:
                there = set(went.get(self._day[unit_pk], ()))
                nexts = [new for new in nexts if new in there]
            if len(nexts) != 1 or unit_pk in seen:
                return None
            seen.add(unit_pk)
            unit_pk = nexts[0]
        return unit_pk

    @property
    def split_days(self) -> set[datetime.date]:
        """Days on which a unit had several successors."""
        return {self._day[old] for old, news in self._next.items() if len(news) > 1}


def units_standing_for(
    unit_pks: Iterable[int], *, today: datetime.date
) -> dict[int, tuple[int, ...]]:
    """For each unit the units that stand for it today (see `Present.of`); two queries."""
    present = Present(today=today)
    return {pk: present.of(pk) for pk in unit_pks}
