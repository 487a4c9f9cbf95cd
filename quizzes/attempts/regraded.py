"""From a stored result to the one after a ruling or new marks. Pure functions, exact.

Only the items concerned change. The others keep what they earned: the exact value where it can be
told from their answers, else the stored decimal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from quizzes.attempts.grading import (
    POINT,
    VOID,
    AnsweredItem,
    Result,
    grade_item,
    to_decimal,
    total_of,
)


@dataclass(frozen=True)
class GradedItem:
    """An item with what it earned; `concerned` if it is graded anew, by the ruling it carries."""

    answered: AnsweredItem
    earned: Decimal
    voided: bool
    concerned: bool = False


@dataclass(frozen=True)
class Figures:
    """The figures of a result that a person sees."""

    points: Decimal
    max_points: Decimal
    percent: Decimal
    passed: bool


def figures_of(result: Result) -> Figures:
    """The figures of a result, without its items."""
    return Figures(result.points, result.max_points, result.percent, result.passed)


@dataclass(frozen=True)
class Rest:
    """Items that are not looked at singly: together they earned so much of so many points."""

    earned: Fraction
    points: int


def regrade_items(
    items: Sequence[GradedItem],
    *,
    pass_percent: int,
    before: Figures,
    favour: bool,
    rest: Rest | None = None,
) -> Result | None:
    """The result with the concerned items graded anew, or None where nothing changes.

    `rest` counts in the sums beside `items`; the result tells of `items` only. With `favour`, a
    result that would not be better is not taken: neither the percentage, nor the pass, nor the
    points at the same percentage ever fall.
    """
    earned = [_exact(item) for item in items]
    points = [item.answered.points for item in items]
    voided = [item.answered.effect == VOID if item.concerned else item.voided for item in items]
    if rest is not None:
        earned, points, voided = (
            [*earned, rest.earned],
            [*points, rest.points],
            [*voided, False],
        )
    result = total_of(earned, points, voided=voided, pass_percent=pass_percent)
    result = replace(result, earned=result.earned[: len(items)], voided=result.voided[: len(items)])
    kept = all(
        (result.earned[place], result.voided[place]) == (item.earned, item.voided)
        for place, item in enumerate(items)
    )
    if kept and figures_of(result) == before:
        return None
    if favour and (result.percent, result.points) <= (before.percent, before.points):
        return None
    return result


def _exact(item: GradedItem) -> Fraction:
    computed = grade_item(item.answered)
    if item.concerned or to_decimal(computed, POINT) == item.earned:
        return computed
    return Fraction(item.earned)
