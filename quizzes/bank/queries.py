"""Reads of the bank for those who build on it."""

from __future__ import annotations

from dataclasses import dataclass

from quizzes.bank.models import Quiz, QuizQuestion


@dataclass(frozen=True)
class AskableQuestion:
    """A published question of a quiz: what is needed to pin it, and nothing of its key."""

    version_id: int
    kind: str
    points: int
    option_keys: tuple[str, ...]


def askable_questions(quiz: Quiz) -> list[AskableQuestion]:
    """The quiz's published questions in their order, in one query."""
    rows = (
        QuizQuestion.objects.filter(
            quiz_id=quiz.pk, question__live=True, question__current_version__isnull=False
        )
        .order_by("sort_order", "pk")
        .values_list(
            "question__current_version_id",
            "question__current_version__kind",
            "points",
            "question__current_version__content",
        )
    )
    return [
        AskableQuestion(
            version_id=version_id,
            kind=kind,
            points=points,
            option_keys=tuple(option["key"] for option in content["options"]),
        )
        for version_id, kind, points, content in rows
    ]
