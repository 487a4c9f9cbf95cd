"""From answers to a result. Pure functions, exact arithmetic, no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds import get_kind

POINT = Decimal("0.0001")
PERCENT = Decimal("0.01")


@dataclass(frozen=True)
class AnsweredItem:
    """A question as it was asked, what it is worth, and the keys chosen (empty: none)."""

    content: QuestionContent
    points: int
    answer: Sequence[str]


@dataclass(frozen=True)
class Result:
    """What an attempt is worth: points and percent as decimals to store."""

    earned: tuple[Decimal, ...]
    points: Decimal
    max_points: Decimal
    percent: Decimal
    passed: bool


def grade_item(item: AnsweredItem) -> Fraction:
    """The points earned, from 0 to `item.points`. An unanswered question earns nothing."""
    if not item.answer:
        return Fraction(0)
    return get_kind(item.content["kind"]).grade(item.content, item.answer) * item.points


def grade_attempt(items: Iterable[AnsweredItem], *, pass_percent: int) -> Result:
    """The result of all items together; `ValueError` if they are worth nothing.

    Passing is decided on the exact fraction. What is stored is rounded down, so that the
    percentage on the screen never reaches a pass mark that was missed.
    """
    listed = list(items)
    most = Fraction(sum(item.points for item in listed))
    if most <= 0:
        raise ValueError("an attempt must be worth at least one point")
    earned = [grade_item(item) for item in listed]
    total = sum(earned, Fraction(0))
    share = total / most * 100
    return Result(
        earned=tuple(to_decimal(value, POINT) for value in earned),
        points=to_decimal(total, POINT),
        max_points=to_decimal(most, POINT),
        percent=to_decimal(share, PERCENT),
        passed=share >= pass_percent,
    )


def to_decimal(value: Fraction, step: Decimal) -> Decimal:
    """`value` (not negative) as a multiple of `step`, rounded down."""
    units = value / Fraction(step)
    return (Decimal(units.numerator // units.denominator) * step).quantize(
        step, rounding=ROUND_DOWN
    )
