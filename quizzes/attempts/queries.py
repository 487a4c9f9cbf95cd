"""Reads of attempts: for their screens, and for whoever asks «has she passed?»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quizzes.attempts.models import Answer, Attempt, AttemptItem
from quizzes.bank.models import Quiz
from quizzes.bank.presentation import AskedQuestion, ReviewedQuestion, asked, reviewed


@dataclass(frozen=True)
class Place:
    """A question's field in the overview."""

    position: int
    answered: bool
    current: bool


@dataclass(frozen=True)
class Sheet:
    """One question of an open attempt with the overview of all."""

    question: AskedQuestion
    saved: Answer | None
    places: tuple[Place, ...]
    answered: int
    total: int
    previous: int | None
    next: int | None


@dataclass(frozen=True)
class ReviewedItem:
    """A question of a graded attempt with its points."""

    question: ReviewedQuestion
    earned: Decimal
    points: int


def best_attempt(taker: Any, quiz: Quiz) -> Attempt | None:
    """The taker's graded attempt with the highest percentage; of equals the first."""
    return (
        Attempt.objects.filter(taker_id=taker.pk, quiz_id=quiz.pk, state=Attempt.State.GRADED)
        .order_by("-percent", "number")
        .first()
    )


def passed_attempt(*, taker_id: int, quiz_id: int) -> Attempt | None:
    """The first attempt by which the taker passed the quiz, or None."""
    return (
        Attempt.objects.filter(taker_id=taker_id, quiz_id=quiz_id, passed=True)
        .order_by("number")
        .first()
    )


def open_attempt(*, taker_id: int, quiz_id: int) -> Attempt | None:
    """The taker's attempt that is still to be handed in, or None."""
    return Attempt.objects.filter(
        taker_id=taker_id, quiz_id=quiz_id, state=Attempt.State.IN_PROGRESS
    ).first()


def places_of(attempt: Attempt, *, current: int = 0) -> tuple[Place, ...]:
    """The overview in one query; `current` marks the question on the screen."""
    rows = (
        AttemptItem.objects.filter(attempt_id=attempt.pk)
        .order_by("position")
        .values_list("position", "answer__value")
    )
    return tuple(
        Place(position=position, answered=bool(value), current=position == current)
        for position, value in rows
    )


def count_answered(attempt: Attempt) -> int:
    """How many questions of the attempt have an answer that is not empty."""
    return Answer.objects.filter(item__attempt_id=attempt.pk).exclude(value=[]).count()


def get_sheet(attempt: Attempt, position: int | None) -> Sheet:
    """The question at `position` (None or unknown: the first unanswered one) in two queries."""
    rows = list(
        AttemptItem.objects.filter(attempt_id=attempt.pk)
        .select_related("answer")
        .order_by("position")
    )
    by_position = {item.position: item for item in rows}
    if position not in by_position:
        position = next((item.position for item in rows if not _chosen(item)), rows[0].position)
    item = by_position[position]
    places = tuple(
        Place(position=row.position, answered=bool(_chosen(row)), current=row.position == position)
        for row in rows
    )
    total = len(rows)
    return Sheet(
        question=asked(
            item.version.content,
            order=item.option_order,
            chosen=_chosen(item),
            position=position,
            total=total,
        ),
        saved=getattr(item, "answer", None),
        places=places,
        answered=sum(place.answered for place in places),
        total=total,
        previous=position - 1 if position > 1 else None,
        next=position + 1 if position < total else None,
    )


def get_review(attempt: Attempt) -> list[ReviewedItem]:
    """Every question of a graded attempt with its key, in one query."""
    items = attempt.items.select_related("version", "answer").order_by("position")
    return [
        ReviewedItem(
            question=reviewed(
                item.version.content,
                order=item.option_order,
                chosen=_chosen(item),
                position=item.position,
                right=item.earned == item.points,
            ),
            earned=item.earned or Decimal(0),
            points=item.points,
        )
        for item in items
    ]


def _chosen(item: AttemptItem) -> Sequence[str]:
    answer: Answer | None = getattr(item, "answer", None)
    return answer.value if answer is not None else []
