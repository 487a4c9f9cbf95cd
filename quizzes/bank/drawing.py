"""Which questions an attempt asks: all of a quiz, some of them, or some of other quizzes."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from quizzes.bank.models import Quiz
from quizzes.bank.queries import AskableQuestion, askable_questions, pools_of


def draw_questions(
    quiz: Quiz, *, on: date, seen: Collection[int], chance: random.Random
) -> list[AskableQuestion]:
    """The questions of a new attempt, in the order they are asked.

    Drawn from those valid on the day; those whose ids are in `seen` only when no others are left.
    A pool that is too small gives what it has.
    """
    own = askable_questions(quiz.pk, on=on)
    drawn = pick(own, quiz.draw, seen=seen, chance=chance)
    for pool_id, count in pools_of(quiz.pk):
        taken = {question.question_id for question in drawn}
        pool = [q for q in askable_questions(pool_id, on=on) if q.question_id not in taken]
        drawn += pick(pool, count, seen=seen, chance=chance)
    if quiz.shuffle_questions:
        chance.shuffle(drawn)
    return drawn


def pick(
    questions: Sequence[AskableQuestion],
    count: int | None,
    *,
    seen: Collection[int],
    chance: random.Random,
) -> list[AskableQuestion]:
    """`count` of the questions (None: all) in their order, unseen ones first."""
    if count is None or count >= len(questions):
        return list(questions)
    mixed = chance.sample(questions, len(questions))
    mixed.sort(key=lambda question: question.question_id in seen)
    chosen = {question.question_id for question in mixed[:count]}
    return [question for question in questions if question.question_id in chosen]


@dataclass(frozen=True)
class Pool:
    """How many questions a quiz draws from a quiz's questions, and how many are there to draw."""

    name: str
    wanted: int
    askable: int

    @property
    def is_too_small(self) -> bool:
        """Whether an attempt gets fewer questions than it should."""
        return self.askable < self.wanted


def pools(quiz: Quiz, *, on: date) -> list[Pool]:
    """The pools of a quiz on a day: its own questions, and those of its blueprint."""
    own = len(askable_questions(quiz.pk, on=on))
    found = [Pool(quiz.name, own if quiz.draw is None else quiz.draw, own)] if own else []
    names = {quiz.pk: quiz.name for quiz in Quiz.objects.all()}
    return found + [
        Pool(names[pool_id], count, len(askable_questions(pool_id, on=on)))
        for pool_id, count in pools_of(quiz.pk)
    ]


def question_count(quiz: Quiz, *, on: date) -> int:
    """How many questions a new attempt asks."""
    return sum(min(pool.wanted, pool.askable) for pool in pools(quiz, on=on))
