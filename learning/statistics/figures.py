"""The figures of a unit as plain values, and how they add up along the tree. No database here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


def percent_of(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` in percent, to one place; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Figures:
    """Counts of people; see the package for what each means.

    `score_sum` is the sum of the scores in percent of the `scored` completions that have one.
    """

    staff: int = 0
    assigned: int = 0
    not_started: int = 0
    in_progress: int = 0
    completed: int = 0
    exempt: int = 0
    overdue: int = 0
    scored: int = 0
    score_sum: Decimal = Decimal(0)
    certificates: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            staff=self.staff + other.staff,
            assigned=self.assigned + other.assigned,
            not_started=self.not_started + other.not_started,
            in_progress=self.in_progress + other.in_progress,
            completed=self.completed + other.completed,
            exempt=self.exempt + other.exempt,
            overdue=self.overdue + other.overdue,
            scored=self.scored + other.scored,
            score_sum=self.score_sum + other.score_sum,
            certificates=self.certificates + other.certificates,
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
    def mean_score(self) -> Decimal | None:
        """Mean score of those who completed, in percent to one place."""
        if not self.scored:
            return None
        return (self.score_sum / self.scored).quantize(TENTH, ROUND_HALF_UP)


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
