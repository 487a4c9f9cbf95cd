"""The result page's figures and sentences, from an attempt that was handed in and its review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from quizzes.attempts.models import Attempt
from quizzes.attempts.queries import ReviewedItem
from quizzes.attempts.signals import Note, result_notes
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
    marks: tuple[str, ...]
    wrong_positions: tuple[int, ...]
    counts_questions: bool
    minutes: int
    seconds: int
    bar: str
    mark: str
    label: str
    may_retry: bool
    # How many answers wait for a person, and what the others have earned so far.
    waiting: int
    earned: Decimal
    earnable: int
    # When and why the result was computed again, the latest first.
    notes: tuple[Note, ...]


def describe(attempt: Attempt, review: Sequence[ReviewedItem], told: Telling) -> Summary:
    """The figures of an attempt that was graded or waits for marks.

    Which answers were right is said only where it may be told.
    """
    judged = review if told.score else []
    wrong = tuple(item.position for item in judged if _mark_of(item) == "wrong")
    counted = [item for item in judged if not item.waiting and not item.voided]
    took = (attempt.submitted_at or attempt.started_at) - attempt.started_at
    minutes, seconds = divmod(max(took, timedelta(0)) // timedelta(seconds=1), 60)
    mark = attempt.pass_percent * BAR_WIDTH // 100
    return Summary(
        right=sum(_mark_of(item) == "right" for item in judged),
        total=len(judged),
        marks=tuple(_mark_of(item) for item in judged),
        wrong_positions=wrong,
        # «8 of 10 questions» says the score only where each is worth one point, or nothing.
        counts_questions=bool(judged)
        and all(item.points == 1 and item.earned in (0, 1) and not item.voided for item in judged),
        minutes=minutes,
        seconds=seconds,
        bar=str(int((attempt.percent or Decimal(0)) * BAR_WIDTH / 100)),
        mark=str(mark),
        label=str(min(max(mark, LABEL_ROOM), BAR_WIDTH - LABEL_ROOM)),
        may_retry=attempt.attempts_allowed is None or attempt.number < attempt.attempts_allowed,
        waiting=sum(item.waiting for item in review),
        earned=sum((item.earned for item in counted), Decimal(0)),
        earnable=sum(item.points for item in counted),
        notes=_notes(attempt),
    )


def _mark_of(item: ReviewedItem) -> str:
    """One word for the strip of all questions."""
    if item.waiting:
        return "waiting"
    if item.voided:
        return "voided"
    if item.right:
        return "right"
    # A person who gave some of the points did not say «wrong».
    return "marked" if item.criteria and item.earned else "wrong"


def _notes(attempt: Attempt) -> tuple[Note, ...]:
    answers: Any = result_notes.send(sender=Attempt, attempt=attempt)
    notes = [note for _receiver, told in answers for note in told]
    return tuple(sorted(notes, key=lambda note: note.at, reverse=True))
