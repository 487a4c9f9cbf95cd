"""Reads of attempts: for their screens, and for whoever asks «has she passed?»."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Count, QuerySet
from django.utils.translation import get_language

from quizzes.attempts.grading import (
    ORIGINAL,
    POINT,
    AnsweredItem,
    Verdict,
    grade_item,
    to_decimal,
)
from quizzes.attempts.models import Attempt, AttemptItem, Extension
from quizzes.attempts.rulings import rulings_of
from quizzes.attempts.telling import EVERYTHING, Telling, without_explanation
from quizzes.bank.content import QuestionContent, in_language
from quizzes.bank.kinds import get_kind
from quizzes.bank.kinds.base import FIELD
from quizzes.bank.kinds.essay import rubric
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
class MarkedCriterion:
    """A line of the rubric with what a person gave for it."""

    text: str
    earned: Decimal
    points: int


@dataclass(frozen=True)
class ReviewedItem:
    """A question of an attempt that was handed in, with its points: `question` with its key.

    Where the key may not be told there is only `asked`, which knows none. `waiting`: it has still
    to be marked. `voided`: it counts neither in points nor maximum. `ruling` is the effect of the
    ruling on it, empty without one. `criteria` and `comment` are what the person gave and wrote
    who marked it.
    """

    question: ReviewedQuestion | None
    asked: AskedQuestion | None
    position: int
    earned: Decimal
    points: int
    waiting: bool = False
    voided: bool = False
    ruling: str = ""
    criteria: tuple[MarkedCriterion, ...] = ()
    comment: str = ""

    @property
    def right(self) -> bool:
        """Whether it earned its full mark."""
        return self.earned == self.points and not self.waiting


@dataclass(frozen=True)
class Sheet:
    """One question of an open attempt with the overview of all.

    `checked` is its review, in practice after the answer was judged before her eyes.
    """

    question: AskedQuestion
    checked: ReviewedItem | None
    saved_at: datetime | None
    places: tuple[Place, ...]
    answered: int
    total: int
    previous: int | None
    next: int | None


def open_attempt(*, taker_id: int, quiz_id: int) -> Attempt | None:
    """The taker's attempt that is still to be handed in, or None."""
    return Attempt.objects.filter(
        taker_id=taker_id, quiz_id=quiz_id, state=Attempt.State.IN_PROGRESS
    ).first()


def count_versions(version_ids: list[int]) -> dict[int, int]:
    """In how many attempts each version was asked, by its id; one query."""
    rows = AttemptItem.objects.filter(version_id__in=version_ids).order_by()
    return dict(rows.values_list("version_id").annotate(count=Count("pk")))


def given_back(attempt: Attempt) -> list[Extension]:
    """What outages gave back to the attempt, with the incidents, for its page."""
    if attempt.deadline is None:
        return []
    return list(attempt.extensions.select_related("incident").order_by("incident__began_at"))


def own_fields(sent: Mapping[str, Sequence[str]], position: int) -> dict[str, Sequence[str]]:
    """Of a page's form with all questions, the fields of the one at `position`, by their own names.

    There they are called «cau-3» and «cau-3:PART» instead of «answer» and «answer:PART».
    """
    name = f"cau-{position}"
    return {
        FIELD + field[len(name) :]: values
        for field, values in sent.items()
        if field == name or field.startswith(f"{name}:")
    }


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
    checked_at: datetime | None
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


def get_sheet(attempt: Attempt, position: int | None) -> Sheet | None:
    """The question at `position` (None or unknown: the first unanswered one) in two queries.

    Without a way back it is the one she stands at, whatever was asked for; None after the last.
    """
    items = read_items(attempt)
    by_position = {item.position: item for item in items}
    if attempt.one_way:
        if attempt.reached not in by_position:
            return None
        position = attempt.reached
    elif position not in by_position:
        position = next((item.position for item in items if not item.answer), items[0].position)
    item = by_position[position]
    places = _places(items, position)
    total = len(items)
    content = read_contents([item.version_id])[item.version_id]
    return Sheet(
        question=_asked(item, content, total),
        checked=_checked(item, content) if item.checked_at else None,
        saved_at=item.saved_at,
        places=places,
        answered=sum(place.answered for place in places),
        total=total,
        previous=position - 1 if position > 1 and not attempt.one_way else None,
        next=position + 1 if position < total else None,
    )


def get_sheets(attempt: Attempt) -> list[Sheet]:
    """All questions for one page, in two queries."""
    items = read_items(attempt)
    contents = read_contents(item.version_id for item in items)
    places = _places(items, 0)
    return [
        Sheet(
            question=_asked(item, contents[item.version_id], len(items)),
            checked=_checked(item, contents[item.version_id]) if item.checked_at else None,
            saved_at=item.saved_at,
            places=places,
            answered=sum(place.answered for place in places),
            total=len(items),
            previous=None,
            next=None,
        )
        for item in items
    ]


def _asked(item: AskedItem, content: QuestionContent, total: int) -> AskedQuestion:
    return asked(
        content,
        order=item.option_order,
        answer=item.answer,
        position=item.position,
        total=total,
    )


def _checked(item: AskedItem, content: QuestionContent) -> ReviewedItem | None:
    """Judged before the attempt is: from the answer itself, where no person has to."""
    if get_kind(content["kind"]).needs_person:
        return None
    mark = grade_item(AnsweredItem(content=content, points=item.points, answer=item.answer))
    judged = item._replace(earned=to_decimal(max(mark, Fraction(0)), POINT))
    return _reviewed_item(judged, content, None, EVERYTHING, total=0)


def get_review(attempt: Attempt, told: Telling = EVERYTHING) -> list[ReviewedItem]:
    """Every question of an attempt that was handed in, as far as it may be told.

    Three queries at most. The key is the corrected one where a ruling corrected it.
    """
    items, rulings = read_items(attempt), rulings_of(attempt.pk)
    contents = read_contents(item.version_id for item in items)
    return [
        _reviewed_item(
            item,
            contents[item.version_id],
            rulings.get(item.version_id),
            told,
            total=len(items),
        )
        for item in items
    ]


def _reviewed_item(
    item: AskedItem,
    content: QuestionContent,
    ruling: Verdict | None,
    told: Telling,
    *,
    total: int,
) -> ReviewedItem:
    question = None
    if told.key:
        question = reviewed(
            (ruling and ruling.content) or content,
            order=item.option_order,
            answer=item.answer,
            position=item.position,
            right=item.earned == item.points,
        )
        question = question if told.explanation else without_explanation(question)
    return ReviewedItem(
        question=question,
        asked=None if told.key else _asked(item, content, total),
        position=item.position,
        earned=item.earned or Decimal(0),
        points=item.points,
        waiting=item.earned is None,
        voided=item.voided,
        ruling=ruling.effect if ruling and ruling.effect != ORIGINAL else "",
        criteria=_marked_criteria(content, item.marking) if told.score else (),
        comment=item.marking.get("comment", "") if item.marking and told.score else "",
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
