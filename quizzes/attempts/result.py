"""The result page's figures and sentences, from a graded attempt and its review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from quizzes.attempts.models import Attempt
from quizzes.attempts.queries import ReviewedItem
from quizzes.attempts.telling import Telling

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


def describe(attempt: Attempt, review: Sequence[ReviewedItem], told: Telling) -> Summary:
    """The figures of a graded attempt; which answers were right only where it may be told."""
    judged = review if told.score else []
    wrong = tuple(item.position for item in judged if not item.right)
    took = (attempt.submitted_at or attempt.started_at) - attempt.started_at
    minutes, seconds = divmod(max(took, timedelta(0)) // timedelta(seconds=1), 60)
    mark = attempt.pass_percent * BAR_WIDTH // 100
    return Summary(
        right=len(judged) - len(wrong),
        total=len(judged),
        marks=tuple(item.right for item in judged),
        wrong_positions=wrong,
        # «8 of 10 questions» says the score only where each is worth one point, or nothing.
        counts_questions=bool(judged)
        and all(item.points == 1 and item.earned in (0, 1) for item in judged),
        minutes=minutes,
        seconds=seconds,
        bar=str(int((attempt.percent or Decimal(0)) * BAR_WIDTH / 100)),
        mark=str(mark),
        label=str(min(max(mark, LABEL_ROOM), BAR_WIDTH - LABEL_ROOM)),
        may_retry=attempt.attempts_allowed is None or attempt.number < attempt.attempts_allowed,
    )
