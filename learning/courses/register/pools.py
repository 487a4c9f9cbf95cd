"""What validity spans do to quizzes: pools grown too small, questions out of their days."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from quizzes.bank.drawing import Pool
from quizzes.bank.models import Question, Quiz, QuizDraw, QuizQuestion


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
    """The pools of all quizzes on a day, by title; three queries.

    A quiz whose own questions are all out of their days wants one at least.
    """
    places, askable = _counts(on)
    draws: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = QuizDraw.objects.order_by("sort_order", "pk")
    for quiz_id, pool_id, count in rows.values_list("quiz_id", "pool_id", "count"):
        draws[quiz_id].append((pool_id, count))
    quizzes = list(Quiz.objects.order_by("title", "pk"))
    names = {quiz.pk: quiz.name for quiz in quizzes}
    found = []
    for quiz in quizzes:
        own = askable[quiz.pk]
        wanted = max(own, 1) if quiz.draw is None else quiz.draw
        pools = [Pool(quiz.name, wanted, own)] if places[quiz.pk] else []
        pools += [Pool(names[pool], count, askable[pool]) for pool, count in draws[quiz.pk]]
        found.append(QuizPools(quiz.pk, quiz.name, tuple(pools)))
    return found


def small_pools(*, on: date) -> list[tuple[QuizPools, Pool]]:
    """Pools that give fewer questions than an attempt should ask, each with its quiz."""
    return [(quiz, pool) for quiz in every_pool(on=on) for pool in quiz.pools if pool.is_too_small]


def _counts(on: date) -> tuple[dict[int, int], dict[int, int]]:
    """How many questions each quiz has, and how many of them can be asked on the day."""
    places: dict[int, int] = defaultdict(int)
    askable: dict[int, int] = defaultdict(int)
    rows = QuizQuestion.objects.values_list(
        "quiz_id",
        "question__live",
        "question__current_version_id",
        "question__valid_from",
        "question__valid_until",
    )
    for quiz_id, live, version, begins, ends in rows:
        places[quiz_id] += 1
        is_valid = (begins is None or begins <= on) and (ends is None or on <= ends)
        askable[quiz_id] += bool(live and version and is_valid)
    return places, askable


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
    return Question.objects.filter(live=True).filter(Q(valid_until__lt=on) | Q(valid_from__gt=on))
