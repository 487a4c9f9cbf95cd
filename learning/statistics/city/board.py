"""The tiles of the board, made of the lines of one report."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from learning.organisations.models import UnitKind
from learning.statistics.figures import Figures, percent_of, total
from learning.statistics.filters import Filters
from learning.statistics.queries import Report, Row, get_report

WEEK = 7
# Steps of the map's scale: below 20, 40, 60 and 80 percent, and from there on.
STEP = 20
LEVELS = 5
FEW = 5


@dataclass(frozen=True)
class Tile:
    """One unit with all below it.

    `rank` counts from 1 among the units of its kind by completion rate, equal ones sharing it;
    None where nobody is assigned. `address` asks for the unit on the overview.
    """

    row: Row
    rank: int | None
    address: str

    @property
    def figures(self) -> Figures:
        """The figures of the unit."""
        return self.row.figures

    @property
    def level(self) -> int:
        """The colour's step, 1 to 5; 0 where nobody is assigned."""
        rate = self.figures.rate
        return 0 if rate is None else min(LEVELS, int(rate) // STEP + 1)

    @property
    def moved(self) -> int:
        """Completions of the week."""
        return self.figures.new_completed

    @property
    def points(self) -> Decimal | None:
        """What the week's completions are of the assigned, in percent."""
        return percent_of(self.moved, self.figures.assigned)

    @property
    def is_idle(self) -> bool:
        """Has people who are not done, and nobody completed this week."""
        left = self.figures.in_progress + self.figures.not_started
        return bool(left) and not self.moved


@dataclass(frozen=True)
class Group:
    """The units of one kind, the best first."""

    kind: str
    name: str
    tiles: tuple[Tile, ...]
    figures: Figures


@dataclass(frozen=True)
class Board:
    """The report of the week to the asked day, as tiles by kind of unit."""

    report: Report
    since: datetime.date
    groups: tuple[Group, ...]
    # The units in which nobody is assigned: they have no place on the map.
    blank: tuple[Tile, ...]

    @property
    def tiles(self) -> list[Tile]:
        """All units, in the order of the groups."""
        return [tile for group in self.groups for tile in group.tiles]

    @property
    def risen(self) -> list[Tile]:
        """The units in which the largest share completed this week, at most five."""
        moved = [tile for tile in self.tiles if tile.moved]
        return sorted(moved, key=lambda t: (-(t.points or 0), -t.moved))[:FEW]

    @property
    def idle(self) -> list[Tile]:
        """The units where nobody completed though some are to, those with most people first."""
        idle = [tile for tile in self.tiles if tile.is_idle]
        return sorted(idle, key=lambda t: -(t.figures.in_progress + t.figures.not_started))

    @property
    def late(self) -> list[Tile]:
        """The units with most people overdue, at most five."""
        late = [tile for tile in self.tiles if tile.figures.overdue]
        return sorted(late, key=lambda t: -t.figures.overdue)[:FEW]


def get_board(filters: Filters) -> Board:
    """The board of the units right below the asked one; as many queries as one report."""
    since = filters.moment.day - datetime.timedelta(days=WEEK - 1)
    asked = replace(filters, moment=replace(filters.moment, start=since))
    report = get_report(asked)
    tiles = list(_tiles([row for row in report.rows if not row.direct], filters))
    return Board(
        report=report,
        since=since,
        groups=tuple(_groups(tile for tile in tiles if tile.rank)),
        blank=tuple(tile for tile in tiles if not tile.rank),
    )


def _groups(tiles: Iterable[Tile]) -> Iterable[Group]:
    by_kind: dict[str, list[Tile]] = defaultdict(list)
    for tile in tiles:
        by_kind[tile.row.unit.kind].append(tile)
    for kind in UnitKind:
        if kind in by_kind:
            figures = total(tile.figures for tile in by_kind[kind])
            yield Group(kind.value, str(kind.label), tuple(by_kind[kind]), figures)


def _tiles(rows: Iterable[Row], filters: Filters) -> Iterable[Tile]:
    """The rows come best first; the rank is counted within each kind."""
    places: dict[str, tuple[int, int, Decimal | None]] = {}
    for row in rows:
        rate, kind = row.figures.rate, row.unit.kind
        number, rank, last = places.get(kind, (0, 0, None))
        rank = rank if number and rate == last else number + 1
        places[kind] = (number + 1, rank, rate)
        address = filters.address(unit=row.unit, direct=False, status="", search="")
        yield Tile(row=row, rank=None if rate is None else rank, address=address)
