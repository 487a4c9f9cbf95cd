"""From answers to a result. Pure functions, exact arithmetic, no database.

A question is graded by its own key, by a person's marks, or by the ruling on it (`Verdict`): a
corrected key, full credit, or void, which takes it out of points and maximum. A ruling «only in
favour» does to each person what is better for her. If rulings take out every question of an
attempt, nothing would be left to judge by; as the fault is not hers, all of them earn full credit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any

from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds import get_kind
from quizzes.bank.kinds.essay import rubric

POINT = Decimal("0.0001")
PERCENT = Decimal("0.01")

# What a ruling may do; the values of `models.Ruling.Effect`.
KEY, VOID, CREDIT, ORIGINAL = "key", "void", "credit", "original"


@dataclass(frozen=True)
class Verdict:
    """A ruling as grading reads it: `content` has the corrected key, for `KEY` only."""

    effect: str
    favour: bool = True
    content: QuestionContent | None = None


@dataclass(frozen=True)
class AnsweredItem:
    """A question as it was asked, what it is worth, and the keys chosen (empty: none).

    `mark` is what a person gave, in points of the rubric; None where nobody has marked yet.
    """

    content: QuestionContent
    points: int
    answer: Sequence[str]
    mark: Decimal | None = None
    ruling: Verdict | None = None
    # The quiz lets a question cost points.
    negative: bool = False

    @property
    def effect(self) -> str:
        """What the ruling on it does; nothing special without one."""
        return self.ruling.effect if self.ruling else ORIGINAL


@dataclass(frozen=True)
class Result:
    """What an attempt is worth: points and percent as decimals to store.

    A voided item stands in neither `points` nor `max_points`; what it earned is kept all the same.
    """

    earned: tuple[Decimal, ...]
    points: Decimal
    max_points: Decimal
    percent: Decimal
    passed: bool
    voided: tuple[bool, ...] = ()


def needs_mark(item: AnsweredItem) -> bool:
    """Whether a person has still to mark it: an answer that only she can judge."""
    return (
        get_kind(item.content["kind"]).needs_person
        and bool(item.answer)
        and item.mark is None
        and item.effect not in (VOID, CREDIT)
    )


def mark_total(marking: Mapping[str, Any] | None) -> Decimal | None:
    """The sum of a person's marks as `AttemptItem.marking` keeps them, in points of the rubric."""
    if marking is None:
        return None
    return sum((Decimal(points) for points in marking["points"].values()), Decimal(0))


def grade_item(item: AnsweredItem) -> Fraction:
    """The points earned, from 0 to `item.points`, were the question counted.

    Where a question may cost points they go down to minus `item.points`.

    An unanswered question earns nothing, unless everyone gets full credit.
    """
    ruling = item.ruling
    if ruling is None or ruling.effect in (ORIGINAL, VOID):
        return _earned_by(item, item.content)
    if ruling.effect == CREDIT:
        return Fraction(item.points)
    assert ruling.content is not None
    corrected = _earned_by(item, ruling.content)
    return max(corrected, _earned_by(item, item.content)) if ruling.favour else corrected


def _earned_by(item: AnsweredItem, content: QuestionContent) -> Fraction:
    if not item.answer:
        return Fraction(0)
    kind = get_kind(content["kind"])
    if not kind.needs_person:
        grade = kind.grade_signed if item.negative else kind.grade
        return grade(content, item.answer) * item.points
    most = sum(criterion.points for criterion in rubric(content))
    if item.mark is None or most == 0:
        return Fraction(0)
    return min(Fraction(item.mark) / most, Fraction(1)) * item.points


def grade_attempt(items: Iterable[AnsweredItem], *, pass_percent: int) -> Result:
    """The result of all items together; `ValueError` if they are worth nothing.

    Passing is decided on the exact fraction. What is stored is rounded down, so that the
    percentage on the screen never reaches a pass mark that was missed.
    """
    listed = list(items)
    return total_of(
        [grade_item(item) for item in listed],
        [item.points for item in listed],
        voided=_choose_voids(listed),
        pass_percent=pass_percent,
    )


def total_of(
    earned: Sequence[Fraction],
    points: Sequence[int],
    *,
    voided: Sequence[bool],
    pass_percent: int,
) -> Result:
    """The result of items that earned so much of their points, the voided ones left out.

    Where all are voided, all are counted with full credit; they stay marked as voided, so that a
    later ruling on one of them finds the others as they are.
    """
    nothing_left = all(voided)
    if nothing_left:
        earned = [Fraction(worth) for worth in points]
    counted = [place for place, out in enumerate(voided) if nothing_left or not out]
    most = Fraction(sum(points[place] for place in counted))
    if most <= 0:
        raise ValueError("an attempt must be worth at least one point")
    # Whatever single questions cost, an attempt is never worth less than nothing.
    total = max(sum((earned[place] for place in counted), Fraction(0)), Fraction(0))
    share = total / most * 100
    return Result(
        earned=tuple(to_decimal(value, POINT) for value in earned),
        points=to_decimal(total, POINT),
        max_points=to_decimal(most, POINT),
        percent=to_decimal(share, PERCENT),
        passed=share >= pass_percent,
        voided=tuple(voided),
    )


def _choose_voids(items: Sequence[AnsweredItem]) -> list[bool]:
    """Which items are left out: «only in favour» those without which her share is higher.

    The worst first: leaving one out raises the share exactly when its own share is below that of
    all that are counted, so the first that would not raise it ends the search.
    """
    voided = [
        item.effect == VOID and (not (item.ruling and item.ruling.favour) or _is_unmarked(item))
        for item in items
    ]
    if all(item.effect == VOID for item in items):
        return [True] * len(items)
    earned = [grade_item(item) for item in items]
    counted = [place for place, out in enumerate(voided) if not out]
    total = sum((earned[place] for place in counted), Fraction(0))
    most = sum(items[place].points for place in counted)
    free = [place for place in counted if items[place].effect == VOID]
    for place in sorted(free, key=lambda place: earned[place] / items[place].points):
        if earned[place] * most >= total * items[place].points:
            break
        voided[place] = True
        total, most = total - earned[place], most - items[place].points
    return voided


def _is_unmarked(item: AnsweredItem) -> bool:
    """An answer nobody has marked: whether it would help her is not known, so it is left out."""
    return get_kind(item.content["kind"]).needs_person and bool(item.answer) and item.mark is None


def to_decimal(value: Fraction, step: Decimal) -> Decimal:
    """`value` as a multiple of `step`, rounded down."""
    units = value / Fraction(step)
    return (Decimal(units.numerator // units.denominator) * step).quantize(
        step, rounding=ROUND_DOWN
    )
