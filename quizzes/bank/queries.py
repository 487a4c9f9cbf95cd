"""Reads of the bank for those who build on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Q, QuerySet, Value

from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds import get_kind
from quizzes.bank.models import Question, Quiz, QuizDraw, QuizQuestion
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


def asked_filter(prefix: str = "") -> dict[str, bool]:
    """What keeps to questions that new attempts may ask, their days aside: see `is_asked`."""
    return {
        f"{prefix}live": True,
        f"{prefix}current_version__isnull": False,
        f"{prefix}retired_at__isnull": True,
    }


class Candidate(NamedTuple):
    """A published question that may be drawn, with what it is worth where it is drawn."""

    question_id: int
    version_id: int
    points: int


@dataclass(frozen=True)
class Draw:
    """A line of a blueprint: see `models.QuizDraw`."""

    pool_id: int | None
    topic: str
    difficulty: int | None
    objective: str
    count: int
    points: int | None


def askable(candidates: Iterable[Candidate]) -> list[AskableQuestion]:
    """The candidates with what an attempt pins of them, in their order; one query at most."""
    listed = list(candidates)
    contents = read_contents(candidate.version_id for candidate in listed)
    return [
        AskableQuestion(
            question_id=candidate.question_id,
            version_id=candidate.version_id,
            kind=contents[candidate.version_id]["kind"],
            points=candidate.points,
            order=_order(contents[candidate.version_id]),
        )
        for candidate in listed
    ]


def _order(content: QuestionContent) -> tuple[str, ...]:
    return tuple(get_kind(content["kind"]).order(content))


def candidates_of_quiz(quiz_id: int, *, on: date) -> list[Candidate]:
    """The quiz's own questions that can be asked on this day, in their order; one query."""
    return [
        Candidate(question_id, version_id, points)
        for question_id, version_id, points, valid_from, valid_until in _places.rows(quiz_id)
        if (valid_from is None or valid_from <= on) and (valid_until is None or on <= valid_until)
    ]


@prepared(BigIntegerField())
def _places(quiz_id: int) -> QuerySet[QuizQuestion, Any]:
    return (
        QuizQuestion.objects.filter(quiz_id=quiz_id, **asked_filter("question__"))
        .order_by("sort_order", "pk")
        .values_list(
            "question_id",
            "question__current_version_id",
            "points",
            "question__valid_from",
            "question__valid_until",
        )
    )


def candidates_of_draw(draw: Draw, *, on: date) -> list[Candidate]:
    """What a line of a blueprint may draw on this day, by the questions' ids; one query."""
    rows: Iterable[tuple[int, int, int]]
    if draw.pool_id is not None and not (draw.topic or draw.difficulty or draw.objective):
        rows = candidates_of_quiz(draw.pool_id, on=on)
    elif draw.pool_id is not None:
        rows = (
            _matching(QuizQuestion.objects.filter(quiz_id=draw.pool_id), draw, on, "question__")
            .order_by("sort_order", "pk")
            .values_list("question_id", "question__current_version_id", "points")
        )
    else:
        rows = (
            _matching(Question.objects.all(), draw, on, "")
            .order_by("pk")
            .values_list("pk", "current_version_id", Value(1))
        )
    return [Candidate(pk, version, draw.points or points) for pk, version, points in rows]


def _matching(found: QuerySet[Any], draw: Draw, on: date, prefix: str) -> QuerySet[Any]:
    """Those of `found` that can be asked on this day and have what the line asks for."""
    wanted = {
        name: value
        for name, value in (
            ("topic", draw.topic),
            ("difficulty", draw.difficulty),
            ("objective", draw.objective),
        )
        if value
    }
    return found.filter(
        Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": on}),
        Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gte": on}),
        **asked_filter(prefix),
        **{f"{prefix}{name}": value for name, value in wanted.items()},
    )


def draws_of(quiz_id: int) -> list[Draw]:
    """The lines of the quiz's blueprint, in their order; one query."""
    return [Draw(*row) for row in _draws.rows(quiz_id)]


@prepared(BigIntegerField())
def _draws(quiz_id: int) -> QuerySet[QuizDraw, Any]:
    return (
        QuizDraw.objects.filter(quiz_id=quiz_id)
        .order_by("sort_order", "pk")
        .values_list(*(field.name for field in fields(Draw)))
    )


def find_quiz(pk: int | None) -> Quiz | None:
    """The quiz, or None."""
    return _quiz.first(pk) if pk is not None else None


@prepared_models(BigIntegerField())
def _quiz(pk: int) -> QuerySet[Quiz]:
    return Quiz.objects.filter(pk=pk)


def topics() -> list[str]:
    """Every topic of the bank, in the database's order; one query."""
    found = Question.objects.exclude(topic="").order_by("topic").values_list("topic", flat=True)
    return list(found.distinct())
