"""What stands beside what: a column for each unit and period."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from learning.statistics.columns import PERIOD_COLUMNS, UNIT_COLUMNS, Column, Kind
from learning.statistics.figures import NOTHING, Figures
from learning.statistics.filters import Filters
from learning.statistics.moments import Moment
from learning.statistics.queries import Row, get_report
from learning.statistics.scope import Scope, UnitNode, get_scope, get_scope_on
from learning.statistics.screen import total_links

MOST_UNITS = 4
# Figures that open a list, by the name of the link.
_LISTS = ("assigned", "not_started", "in_progress", "completed", "exempt", "overdue")


@dataclass(frozen=True)
class Side:
    """One column. `figures` are None where the unit did not exist in that period."""

    name: str
    moment: Moment
    filters: Filters | None
    figures: Figures | None

    @property
    def since(self) -> datetime.date | None:
        """First day of its period, if it has one."""
        return self.moment.start

    def as_row(self) -> Row:
        """As a line of the chart, told by its day too where that is over."""
        day = f" · {self.moment.day:%d/%m/%Y}" if self.moment.is_past else ""
        node = UnitNode(0, "", 0, self.name + day, self.name + day, ended=False)
        return Row(unit=node, figures=self.figures or NOTHING)


@dataclass(frozen=True)
class Value:
    """One figure of one side; `change` is from the first side, in points of percent for shares."""

    value: Any
    change: Any
    address: str


@dataclass(frozen=True)
class Line:
    """One figure of all sides."""

    heading: Any
    is_share: bool
    name: str
    values: tuple[Value, ...]


def sides(
    *, reader: Any, filters: Filters, units: Sequence[UnitNode], other: Moment | None
) -> list[Side]:
    """The asked unit, those beside it, and each in the other period; a report for each."""
    moments = [filters.moment, *([other] if other else [])]
    found: list[Side] = []
    for moment in moments:
        scope = filters.scope if moment == filters.moment else _scope(reader, moment)
        beside = (filters.unit, *units[: MOST_UNITS - 1])
        found += [_side(filters, scope, unit, moment) for unit in beside]
    return found


def _scope(reader: Any, moment: Moment) -> Scope:
    if moment.by_units_then:
        return get_scope_on(reader, day=moment.day)
    return get_scope(reader, today=moment.today)


def _side(filters: Filters, scope: Scope, unit: UnitNode | None, moment: Moment) -> Side:
    there = scope.by_pk.get(unit.pk) if unit else None
    name = there.name if there else unit.name if unit else ""
    if unit is not None and there is None:
        return Side(name=name, moment=moment, filters=None, figures=None)
    asked = replace(filters, scope=scope, unit=there, moment=moment)
    return Side(name=name, moment=moment, filters=asked, figures=get_report(asked).total)


def lines(found: Sequence[Side]) -> Iterator[Line]:
    """Each figure of the table by unit, beside each other."""
    wanted: tuple[Column, ...] = UNIT_COLUMNS[1:]
    if any(side.moment.start for side in found):
        wanted += PERIOD_COLUMNS
    links = [total_links(side.filters) if side.filters else None for side in found]
    for column in wanted:
        told = [getattr(side.figures, column.name) if side.figures else None for side in found]
        yield Line(
            heading=column.heading,
            is_share=column.kind is Kind.DECIMAL and column.name != "hours",
            name=column.name,
            values=tuple(
                Value(
                    value=value,
                    change=_change(told[0], value) if place else None,
                    address=getattr(link, column.name) if link and column.name in _LISTS else "",
                )
                for place, (value, link) in enumerate(zip(told, links, strict=True))
            ),
        )


def _change(first: Any, value: Any) -> int | Decimal | None:
    return None if first is None or value is None else value - first
