"""Reads of the bank for those who build on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, QuerySet

from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds import get_kind
from quizzes.bank.models import Quiz, QuizDraw, QuizQuestion
from quizzes.bank.versions import read_contents
from quizzes.prepared import prepared, prepared_models


@dataclass(frozen=True)
class AskableQuestion:
    """A published question of a quiz: what is needed to pin it, and nothing of its key."""

    question_id: int
    version_id: int
    kind: str
    points: int
    # The names of what it shows, in the order written: see `Kind.order`.
    order: tuple[str, ...]


def askable_questions(quiz_id: int, *, on: date) -> list[AskableQuestion]:
    """The quiz's own published questions that are valid on this day, in their order.

    Two queries at most.
    """
    rows = [
        (question_id, version_id, points)
        for question_id, version_id, points, valid_from, valid_until in _askable.rows(quiz_id)
        if (valid_from is None or valid_from <= on) and (valid_until is None or on <= valid_until)
    ]
    contents = read_contents(version_id for _pk, version_id, _points in rows)
    return [
        AskableQuestion(
            question_id=question_id,
            version_id=version_id,
            kind=contents[version_id]["kind"],
            points=points,
            order=_order(contents[version_id]),
        )
        for question_id, version_id, points in rows
    ]


def _order(content: QuestionContent) -> tuple[str, ...]:
    return tuple(get_kind(content["kind"]).order(content))


@prepared(BigIntegerField())
def _askable(quiz_id: int) -> QuerySet[QuizQuestion, Any]:
    return (
        QuizQuestion.objects.filter(
            quiz_id=quiz_id, question__live=True, question__current_version__isnull=False
        )
        .order_by("sort_order", "pk")
        .values_list(
            "question_id",
            "question__current_version_id",
            "points",
            "question__valid_from",
            "question__valid_until",
        )
    )


def pools_of(quiz_id: int) -> list[tuple[int, int]]:
    """The blueprint: the quizzes drawn from, by id, and how many questions of each."""
    return [(pool_id, count) for pool_id, count in _pools.rows(quiz_id)]


@prepared(BigIntegerField())
def _pools(quiz_id: int) -> QuerySet[QuizDraw, Any]:
    return (
        QuizDraw.objects.filter(quiz_id=quiz_id)
        .order_by("sort_order", "pk")
        .values_list("pool_id", "count")
    )


def find_quiz(pk: int | None) -> Quiz | None:
    """The quiz, or None."""
    return _quiz.first(pk) if pk is not None else None


@prepared_models(BigIntegerField())
def _quiz(pk: int) -> QuerySet[Quiz]:
    return Quiz.objects.filter(pk=pk)
