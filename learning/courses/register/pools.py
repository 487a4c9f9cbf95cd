"""What validity spans do to quizzes: pools grown too small, questions out of their days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from quizzes.bank.drawing import Pool, fit
from quizzes.bank.models import Question, Quiz, QuizDraw, QuizQuestion
from quizzes.bank.queries import asked_filter


@dataclass(frozen=True)
class QuizPools:
    """A quiz with its pools: its own questions first, then those of its blueprint."""

    pk: int
    name: str
    pools: tuple[Pool, ...]

    @property
    def asked(self) -> int:
        """How many questions an attempt asks."""
        return sum(min(pool.wanted, pool.askable) for pool in self.pools)

    @property
    def askable(self) -> int:
        """How many questions there are to draw from."""
        return sum(pool.askable for pool in self.pools)


def every_pool(*, on: date) -> list[QuizPools]:
    """The pools of all quizzes on a day, by title; four queries.

    A quiz whose own questions are all out of their days wants one at least.
    """
    bank = {row.pk: row for row in _askable(on)}
    places: dict[int, list[int]] = defaultdict(list)
    rows = QuizQuestion.objects.order_by("sort_order", "pk")
    for quiz_id, question_id in rows.values_list("quiz_id", "question_id"):
        places[quiz_id].append(question_id)
    draws: dict[int, list[QuizDraw]] = defaultdict(list)
    for draw in QuizDraw.objects.select_related("pool").order_by("sort_order", "pk"):
        draws[draw.quiz_id].append(draw)
    found = []
    for quiz in Quiz.objects.order_by("title", "pk"):
        own = frozenset(pk for pk in places[quiz.pk] if pk in bank)
        wanted = max(len(own), 1) if quiz.draw is None else quiz.draw
        lines = [(quiz.name, wanted, own)] if places[quiz.pk] else []
        for draw in draws[quiz.pk]:
            pool = bank if draw.pool_id is None else places[draw.pool_id]
            ids = frozenset(pk for pk in pool if pk in bank and bank[pk].fits(draw))
            lines.append((draw.label, draw.count, ids))
        found.append(QuizPools(quiz.pk, quiz.name, tuple(fit(lines))))
    return found


def small_pools(*, on: date) -> list[tuple[QuizPools, Pool]]:
    """Pools that give fewer questions than an attempt should ask, each with its quiz."""
    return [(quiz, pool) for quiz in every_pool(on=on) for pool in quiz.pools if pool.is_too_small]


class _Askable(NamedTuple):
    """A question that can be asked, with what blueprints ask for."""

    pk: int
    topic: str
    difficulty: int
    objective: str

    def fits(self, draw: QuizDraw) -> bool:
        """Whether the line of a blueprint may draw it."""
        return (
            draw.topic in ("", self.topic)
            and draw.objective in ("", self.objective)
            and draw.difficulty in (None, self.difficulty)
        )


def _askable(on: date) -> Iterator[_Askable]:
    rows = Question.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on),
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        **asked_filter(),
    )
    return (_Askable._make(row) for row in rows.values_list(*_Askable._fields))


@dataclass(frozen=True)
class OutOfSpan:
    """A question that isn't drawn on a day, with its days."""

    pk: int
    title: str
    valid_from: date | None
    valid_until: date | None
    is_over: bool


def outside_their_span(*, on: date) -> list[OutOfSpan]:
    """Live questions that the draw leaves out on the day, the longest over first; one query."""
    english = get_language() == "en"
    return [
        OutOfSpan(
            pk=question.pk,
            title=(english and question.prompt_en) or question.prompt,
            valid_from=question.valid_from,
            valid_until=question.valid_until,
            is_over=question.valid_until is not None and question.valid_until < on,
        )
        for question in _outside(on).order_by("valid_until", "key")
    ]


def _outside(on: date) -> QuerySet[Question]:
    return Question.objects.filter(**asked_filter()).filter(
        Q(valid_until__lt=on) | Q(valid_from__gt=on)
    )
