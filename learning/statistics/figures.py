"""The figures of a unit as plain values, and how they add up along the tree. No database here."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any

TENTH = Decimal("0.1")


def percent_of(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` in percent, to one place; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(TENTH, ROUND_HALF_UP)


def add_up(parts: Iterable[Any]) -> dict[Any, int]:
    """What each key counts in all the parts together."""
    added: dict[Any, int] = {}
    for part in parts:
        for key, count in part.items():
            added[key] = added.get(key, 0) + count
    return added


@lru_cache(maxsize=512)
def _read(written: str) -> tuple[tuple[str, int], ...]:
    """Kept by what is written, so never old: the lines of a city's table are read over and over.

    Costs memory: some 25 kB for a line that sums twenty units.
    """
    return tuple(add_up(json.loads(written)).items())


class _Told:
    """Scores of one place as they are written («80.00»), read when they are asked for."""

    __slots__ = ("_written",)

    def __init__(self, written: str) -> None:
        self._written = written

    def items(self) -> Iterable[tuple[Any, int]]:
        """Each score and how often it was reached."""
        return _read(self._written)


class Scores:
    """Scores in percent and how often each was reached; immutable.

    Sums keep their parts and merge them when a mean or median is asked for: along a tree of
    thousands of units only the lines that are shown cost anything.
    """

    __slots__ = ("_merged", "_parts")

    def __init__(self, counts: Mapping[Decimal, int] | None = None) -> None:
        self._parts: tuple[Mapping[Any, int] | _Told, ...] = (dict(counts),) if counts else ()
        self._merged: dict[Decimal, int] | None = None

    @classmethod
    def told(cls, written: str) -> "Scores":
        """Of a JSON list of objects that count scores: `[{"80.00": 2}, {}]`."""
        found = cls()
        found._parts = (_Told(written),)
        return found

    def __add__(self, other: "Scores") -> "Scores":
        if not other._parts:
            return self
        if not self._parts:
            return other
        both = Scores()
        both._parts = self._parts + other._parts
        return both

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scores) and self.counts == other.counts

    def __hash__(self) -> int:
        return hash(frozenset(self.counts.items()))

    def __repr__(self) -> str:
        return f"Scores({self.counts!r})"

    @property
    def counts(self) -> dict[Decimal, int]:
        """How many reached each score."""
        if self._merged is None:
            merged: dict[Decimal, int] = {}
            for score, count in add_up(self._parts).items():
                number = Decimal(score)
                merged[number] = merged.get(number, 0) + count
            self._merged = {score: count for score, count in merged.items() if count}
        return self._merged

    @property
    def count(self) -> int:
        """Completions that have a score."""
        return sum(self.counts.values())

    @property
    def mean(self) -> Decimal | None:
        """In percent to one place; None of none."""
        if not self.counts:
            return None
        summed = sum((score * count for score, count in self.counts.items()), Decimal(0))
        return (summed / self.count).quantize(TENTH, ROUND_HALF_UP)

    @property
    def median(self) -> Decimal | None:
        """In percent to one place, between the two middle ones of an even number; None of none."""
        number = self.count
        if not number:
            return None
        low, high = (self._at((number - 1) // 2), self._at(number // 2))
        return ((low + high) / 2).quantize(TENTH, ROUND_HALF_UP)

    def _at(self, place: int) -> Decimal:
        """The score at this place of all, the lowest at 0."""
        for score in sorted(self.counts):
            place -= self.counts[score]
            if place < 0:
                return score
        raise IndexError(place)


NO_SCORES = Scores()


@dataclass(frozen=True)
class Figures:
    """Counts of people; see the package for what each means.

    `timed` are the completions that had a due date, `on_time` those of them that kept it. `hours`
    are study hours of the completions, `attempts` quizzes handed in. The `new_` ones came about
    within the period.
    """

    staff: int = 0
    assigned: int = 0
    not_started: int = 0
    in_progress: int = 0
    completed: int = 0
    exempt: int = 0
    overdue: int = 0
    timed: int = 0
    on_time: int = 0
    scores: Scores = NO_SCORES
    hours: Decimal = Decimal(0)
    attempts: int = 0
    certificates: int = 0
    new_assigned: int = 0
    new_completed: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            *(mine + theirs for mine, theirs in zip(_parts(self), _parts(other), strict=True))
        )

    @property
    def rate(self) -> Decimal | None:
        """Completed of assigned, in percent to one place."""
        return percent_of(self.completed, self.assigned)

    @property
    def in_progress_rate(self) -> Decimal | None:
        """In progress of assigned, in percent to one place."""
        return percent_of(self.in_progress, self.assigned)

    @property
    def not_started_rate(self) -> Decimal | None:
        """Not started of assigned, in percent to one place."""
        return percent_of(self.not_started, self.assigned)

    @property
    def overdue_rate(self) -> Decimal | None:
        """Overdue of assigned, in percent to one place."""
        return percent_of(self.overdue, self.assigned)

    @property
    def on_time_rate(self) -> Decimal | None:
        """On time of all whose due date has been met or missed, in percent to one place."""
        return percent_of(self.on_time, self.timed + self.overdue)

    @property
    def mean_score(self) -> Decimal | None:
        """Mean score of those who completed, in percent to one place."""
        return self.scores.mean

    @property
    def median_score(self) -> Decimal | None:
        """Median score of those who completed, in percent to one place."""
        return self.scores.median


_parts = attrgetter(*(field.name for field in fields(Figures)))

NOTHING = Figures()


def total(figures: Iterable[Figures]) -> Figures:
    """The sum; of none, nothing."""
    return sum(figures, NOTHING)


def roll_up(own: Mapping[str, Figures], *, step: int) -> dict[str, Figures]:
    """From each unit's own people to each unit with all below it.

    `own` is keyed by the unit's path in the tree, which grows by `step` characters a level. A
    unit whose parent is not among the keys is a top: its figures go nowhere further.
    """
    rolled = dict(own)
    # Longest path first: a unit is complete before it is added to the one above.
    for path in sorted(own, key=len, reverse=True):
        parent = path[:-step]
        if parent in rolled:
            rolled[parent] = rolled[parent] + rolled[path]
    return rolled
