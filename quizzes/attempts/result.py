"""The result page's figures and sentences, from a graded attempt and its review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from quizzes.attempts.models import Attempt
from quizzes.attempts.queries import ReviewedItem

# The score bar's drawing is this wide; percentages become lengths on it.
BAR_WIDTH = 400
# The label under the pass mark needs this much room on both sides.
LABEL_ROOM = 60


@dataclass(frozen=True)
class Summary:
    """What the head of the result page says. Lengths are in units of the drawing."""

    right: int
    total: int
    marks: tuple[bool, ...]
    wrong_positions: tuple[int, ...]
    counts_questions: bool
    minutes: int
    seconds: int
    bar: str
    mark: str
    label: str
    may_retry: bool


def describe(attempt: Attempt, review: Sequence[ReviewedItem]) -> Summary:
    """The figures of a graded attempt."""
    wrong = tuple(item.question.position for item in review if not item.question.right)
    took = (attempt.submitted_at or attempt.started_at) - attempt.started_at
    minutes, seconds = divmod(max(took, timedelta(0)) // timedelta(seconds=1), 60)
    mark = attempt.pass_percent * BAR_WIDTH // 100
    return Summary(
        right=len(review) - len(wrong),
        total=len(review),
        marks=tuple(item.question.right for item in review),
        wrong_positions=wrong,
        # «8 of 10 questions» says the score only where each is worth one point, or nothing.
        counts_questions=all(item.points == 1 and item.earned in (0, 1) for item in review),
        minutes=minutes,
        seconds=seconds,
        bar=str(int((attempt.percent or Decimal(0)) * BAR_WIDTH / 100)),
        mark=str(mark),
        label=str(min(max(mark, LABEL_ROOM), BAR_WIDTH - LABEL_ROOM)),
        may_retry=attempt.attempts_allowed is None or attempt.number < attempt.attempts_allowed,
    )
