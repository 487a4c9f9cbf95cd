"""Where a question is used, told by those who use it: the bank itself knows only its quizzes.

Whoever builds on the bank registers a counter when its app is ready; the bank asks, and never
imports them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q

from quizzes.bank.models import Question, QuestionVersion, Quiz, QuizDraw

# How often each of these versions has been asked, by their ids.
VersionCounter = Callable[[list[int]], dict[int, int]]
_counters: list[VersionCounter] = []


def register(counter: VersionCounter) -> None:
    """Have `counter` asked, once however often it is registered."""
    if counter not in _counters:
        _counters.append(counter)


def times_asked(version_ids: Iterable[int]) -> dict[int, int]:
    """How often each version has been asked, by its id; a query for each who uses versions."""
    ids, found = list(version_ids), Counter[int]()
    for counter in _counters:
        found.update(counter(ids))
    return dict(found)


@dataclass(frozen=True)
class QuizUse:
    """A quiz that asks a question, or may draw it."""

    quiz: Quiz
    # Empty where it stands in the quiz by name, else the draw that may bring it.
    draw: str = ""


def quizzes_of(question: Question) -> list[QuizUse]:
    """The quizzes that ask the question or may draw it, by title; two queries."""
    own = list(Quiz.objects.filter(places__question=question).order_by("title", "pk").distinct())
    pools = {quiz.pk for quiz in own}
    draws = (
        QuizDraw.objects.select_related("quiz", "pool")
        .filter(
            Q(pool__isnull=True) | Q(pool_id__in=pools),
            Q(topic="") | Q(topic=question.topic),
            Q(objective="") | Q(objective=question.objective),
            Q(difficulty__isnull=True) | Q(difficulty=question.difficulty),
        )
        .order_by("quiz__title", "quiz_id", "sort_order", "pk")
    )
    return [QuizUse(quiz) for quiz in own] + [QuizUse(draw.quiz, str(draw)) for draw in draws]


@dataclass(frozen=True)
class Changed:
    """What one version says other than the one before: a field's name, before and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class VersionLine:
    """A frozen version with what it changed and how often it was asked."""

    version: QuestionVersion
    changes: tuple[Changed, ...]
    asked: int
    is_current: bool


def version_lines(question: Question) -> list[VersionLine]:
    """The versions of a question, the newest first; one query and one for each who uses them."""
    versions = list(question.versions.select_related("created_by").order_by("number"))
    asked = times_asked(version.pk for version in versions)
    before: dict[str, str] = {}
    lines = []
    for version in versions:
        said = _said(version)
        changes = tuple(
            Changed(name, before.get(name, ""), said.get(name, ""))
            for name in dict.fromkeys([*before, *said])
            if before.get(name, "") != said.get(name, "")
        )
        lines.append(
            VersionLine(
                version=version,
                changes=changes if before else (),
                asked=asked.get(version.pk, 0),
                is_current=version.pk == question.current_version_id,
            )
        )
        before = said
    return lines[::-1]


def _said(version: QuestionVersion) -> dict[str, str]:
    """A version's content as lines to compare, under names an editor knows."""
    from quizzes.bank.wording import content_in_lines

    return content_in_lines(version.content)
