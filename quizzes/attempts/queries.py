"""Reads of attempts: for their screens, and for whoever asks «has she passed?»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, QuerySet
from django.utils.translation import get_language

from quizzes.attempts.grading import ORIGINAL, Verdict
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.attempts.rulings import rulings_of
from quizzes.bank.content import QuestionContent, in_language
from quizzes.bank.kinds import get_kind
from quizzes.bank.kinds.essay import rubric
from quizzes.bank.models import Quiz
from quizzes.bank.presentation import AskedQuestion, ReviewedQuestion, asked, reviewed
from quizzes.bank.versions import read_contents
from quizzes.prepared import prepared


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
    saved_at: datetime | None
    places: tuple[Place, ...]
    answered: int
    total: int
    previous: int | None
    next: int | None


@dataclass(frozen=True)
class MarkedCriterion:
    """A line of the rubric with what a person gave for it."""

    text: str
    earned: Decimal
    points: int


@dataclass(frozen=True)
class ReviewedItem:
    """A question of an attempt that was handed in, with its points.

    `waiting`: it has still to be marked. `voided`: it counts neither in points nor maximum.
    `ruling` is the effect of the ruling on it, empty without one. `criteria` and `comment` are
    what the person gave and wrote who marked it.
    """

    question: ReviewedQuestion
    earned: Decimal
    points: int
    waiting: bool = False
    voided: bool = False
    ruling: str = ""
    criteria: tuple[MarkedCriterion, ...] = ()
    comment: str = ""


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
    return _places(read_items(attempt), current)


def count_answered(attempt: Attempt) -> int:
    """How many questions of the attempt have an answer that is not empty."""
    return len(_answered.rows(attempt.pk))


@prepared(BigIntegerField())
def _answered(attempt_id: int) -> QuerySet[AttemptItem, Any]:
    return AttemptItem.objects.filter(attempt_id=attempt_id).exclude(answer=[]).values_list("pk")


class AskedItem(NamedTuple):
    """A question of an attempt with what was answered, as it is stored."""

    pk: int
    position: int
    version_id: int
    option_order: list[str]
    points: int
    earned: Decimal | None
    answer: list[str]
    saved_at: datetime | None
    voided: bool
    marking: dict[str, Any] | None


def read_items(attempt: Attempt) -> list[AskedItem]:
    """The questions of an attempt with their answers, in order; one query."""
    return [AskedItem._make(row) for row in _items.rows(attempt.pk)]


@prepared(BigIntegerField())
def _items(attempt_id: int) -> QuerySet[AttemptItem, Any]:
    return (
        AttemptItem.objects.filter(attempt_id=attempt_id)
        .order_by("position")
        .values_list(*AskedItem._fields)
    )


def _places(items: Sequence[AskedItem], current: int) -> tuple[Place, ...]:
    return tuple(
        Place(
            position=item.position,
            answered=bool(item.answer),
            current=item.position == current,
        )
        for item in items
    )


def get_sheet(attempt: Attempt, position: int | None) -> Sheet:
    """The question at `position` (None or unknown: the first unanswered one) in two queries."""
    items = read_items(attempt)
    by_position = {item.position: item for item in items}
    if position not in by_position:
        position = next((item.position for item in items if not item.answer), items[0].position)
    item = by_position[position]
    places = _places(items, position)
    total = len(items)
    return Sheet(
        question=asked(
            read_contents([item.version_id])[item.version_id],
            order=item.option_order,
            answer=item.answer,
            position=position,
            total=total,
        ),
        saved_at=item.saved_at,
        places=places,
        answered=sum(place.answered for place in places),
        total=total,
        previous=position - 1 if position > 1 else None,
        next=position + 1 if position < total else None,
    )


def get_review(attempt: Attempt) -> list[ReviewedItem]:
    """Every question of an attempt that was handed in, with its key; three queries at most.

    The key is the corrected one where a ruling corrected it.
    """
    items, rulings = read_items(attempt), rulings_of(attempt.pk)
    contents = read_contents(item.version_id for item in items)
    return [
        _reviewed_item(item, contents[item.version_id], rulings.get(item.version_id))
        for item in items
    ]


def _reviewed_item(
    item: AskedItem, content: QuestionContent, ruling: Verdict | None
) -> ReviewedItem:
    return ReviewedItem(
        question=reviewed(
            (ruling and ruling.content) or content,
            order=item.option_order,
            answer=item.answer,
            position=item.position,
            right=item.earned == item.points,
        ),
        earned=item.earned or Decimal(0),
        points=item.points,
        waiting=item.earned is None,
        voided=item.voided,
        ruling=ruling.effect if ruling and ruling.effect != ORIGINAL else "",
        criteria=_marked_criteria(content, item.marking),
        comment=item.marking.get("comment", "") if item.marking else "",
    )


def _marked_criteria(
    content: QuestionContent, marking: dict[str, Any] | None
) -> tuple[MarkedCriterion, ...]:
    if marking is None or not get_kind(content["kind"]).needs_person:
        return ()
    given = marking["points"]
    return tuple(
        MarkedCriterion(line.text, Decimal(given.get(line.key, 0)), line.points)
        for line in rubric(in_language(content, get_language()))
    )
