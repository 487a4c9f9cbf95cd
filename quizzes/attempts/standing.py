"""How a person stands at a quiz: of her attempts, what counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from django.db.models import BigIntegerField, QuerySet

from quizzes.attempts.models import Attempt
from quizzes.bank.models import Quiz
from quizzes.prepared import prepared_models

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Standing:
    """What counts: the percentage, whether it passes, and the attempt it comes from.

    Where the mean counts, the attempt is the last of those it is made of.
    """

    percent: Decimal
    passed: bool
    attempt: Attempt


def standing(*, taker_id: int, quiz: Quiz, since: datetime | None = None) -> Standing | None:
    """How she stands at the quiz by its rule of counting; None before her first result.

    `since`: only attempts started from then on count (a course that is studied anew each year).
    """
    results = _results.all(taker_id, quiz.pk)
    if since is not None:
        results = [one for one in results if one.started_at >= since]
    return settle(results, quiz)


def has_passed(*, taker_id: int, quiz: Quiz) -> bool:
    """Whether what counts of her attempts passes."""
    found = standing(taker_id=taker_id, quiz=quiz)
    return found is not None and found.passed


def settle(attempts: Sequence[Attempt], quiz: Quiz) -> Standing | None:
    """What counts among graded `attempts`, in the order of their numbers.

    Best: the highest percentage, of those that passed if there are such (pass marks may have
    changed meanwhile), and of equals the first. The mean is that of the percentages as they were
    shown, to two places and rounded down, so that anybody can compute it from the results; it
    passes by the pass mark of the last attempt.
    """
    if not attempts:
        return None
    rule = quiz.counting
    if rule == Quiz.Counting.MEAN:
        last = attempts[-1]
        total = sum((_percent(attempt) for attempt in attempts), Decimal(0))
        mean = (total / len(attempts)).quantize(CENT, rounding=ROUND_DOWN)
        # Compared as a sum: a division would round before it is judged.
        return Standing(mean, total >= last.pass_percent * len(attempts), last)
    if rule == Quiz.Counting.FIRST:
        counted = attempts[0]
    elif rule == Quiz.Counting.LAST:
        counted = attempts[-1]
    else:
        among = [attempt for attempt in attempts if attempt.passed] or attempts
        counted = max(among, key=lambda attempt: (_percent(attempt), -attempt.number))
    return Standing(_percent(counted), bool(counted.passed), counted)


def _percent(attempt: Attempt) -> Decimal:
    return attempt.percent if attempt.percent is not None else Decimal(0)


@prepared_models(BigIntegerField(), BigIntegerField())
def _results(taker_id: int, quiz_id: int) -> QuerySet[Attempt]:
    return Attempt.objects.filter(
        taker_id=taker_id, quiz_id=quiz_id, state=Attempt.State.GRADED, practice=False
    ).order_by("number")
