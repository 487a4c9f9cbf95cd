"""Reads of the bank for those who build on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, QuerySet

from quizzes.bank.models import Quiz, QuizQuestion
from quizzes.bank.versions import read_contents
from quizzes.prepared import prepared, prepared_models


@dataclass(frozen=True)
class AskableQuestion:
    """A published question of a quiz: what is needed to pin it, and nothing of its key."""

    version_id: int
    kind: str
    points: int
    option_keys: tuple[str, ...]


def askable_questions(quiz: Quiz) -> list[AskableQuestion]:
    """The quiz's published questions in their order, in two queries at most."""
    rows = _askable.rows(quiz.pk)
    contents = read_contents(version_id for version_id, _points in rows)
    return [
        AskableQuestion(
            version_id=version_id,
            kind=contents[version_id]["kind"],
            points=points,
            option_keys=tuple(option["key"] for option in contents[version_id]["options"]),
        )
        for version_id, points in rows
    ]


@prepared(BigIntegerField())
def _askable(quiz_id: int) -> QuerySet[QuizQuestion, Any]:
    return (
        QuizQuestion.objects.filter(
            quiz_id=quiz_id, question__live=True, question__current_version__isnull=False
        )
        .order_by("sort_order", "pk")
        .values_list("question__current_version_id", "points")
    )


def find_quiz(pk: int | None) -> Quiz | None:
    """The quiz, or None."""
    return _quiz.first(pk) if pk is not None else None


@prepared_models(BigIntegerField())
def _quiz(pk: int) -> QuerySet[Quiz]:
    return Quiz.objects.filter(pk=pk)
