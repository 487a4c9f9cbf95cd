"""Which questions an attempt asks: all of a quiz, some of them, and some by a blueprint."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from quizzes.bank.models import Quiz
from quizzes.bank.queries import (
    AskableQuestion,
    Candidate,
    askable,
    candidates_of_draw,
    candidates_of_quiz,
    draws_of,
)


def draw_questions(
    quiz: Quiz, *, on: date, seen: Collection[int], chance: random.Random
) -> list[AskableQuestion]:
    """The questions of a new attempt, in the order they are asked.

    Drawn from those valid on the day; those whose ids are in `seen` only when no others are left.
    A pool that is too small gives what it has. No question comes twice.
    """
    drawn = pick(candidates_of_quiz(quiz.pk, on=on), quiz.draw, seen=seen, chance=chance)
    for draw in draws_of(quiz.pk):
        taken = {question.question_id for question in drawn}
        pool = [q for q in candidates_of_draw(draw, on=on) if q.question_id not in taken]
        drawn += pick(pool, draw.count, seen=seen, chance=chance)
    if quiz.shuffle_questions:
        chance.shuffle(drawn)
    return askable(drawn)


def pick(
    questions: Sequence[Candidate],
    count: int | None,
    *,
    seen: Collection[int],
    chance: random.Random,
) -> list[Candidate]:
    """`count` of the questions (None: all) in their order, unseen ones first."""
    if count is None or count >= len(questions):
        return list(questions)
    fresh = [place for place, q in enumerate(questions) if q.question_id not in seen]
    if len(fresh) >= count:
        places = chance.sample(fresh, count)
    else:
        known = [place for place, q in enumerate(questions) if q.question_id in seen]
        places = fresh + chance.sample(known, count - len(fresh))
    return [questions[place] for place in sorted(places)]


@dataclass(frozen=True)
class Pool:
    """How many questions a quiz draws from somewhere, and how many are there to draw."""

    name: str
    wanted: int
    askable: int

    @property
    def is_too_small(self) -> bool:
        """Whether an attempt gets fewer questions than it should."""
        return self.askable < self.wanted


def pools(quiz: Quiz, *, on: date) -> list[Pool]:
    """The pools of a quiz on a day: its own questions, and those of its blueprint."""
    own = _ids(candidates_of_quiz(quiz.pk, on=on))
    lines = [(quiz.name, len(own) if quiz.draw is None else quiz.draw, own)] if own else []
    draws = zip(quiz.draws.select_related("pool"), draws_of(quiz.pk), strict=True)
    return fit(
        [
            *lines,
            *(
                (line.label, draw.count, _ids(candidates_of_draw(draw, on=on)))
                for line, draw in draws
            ),
        ]
    )


def fit(lines: Iterable[tuple[str, int, frozenset[int]]]) -> list[Pool]:
    """Pools from their names, how many each draws, and the ids it draws from.

    No question is drawn twice: each line has what the lines before it leave, at the worst.
    """
    found: list[Pool] = []
    before: list[tuple[frozenset[int], int]] = []
    for name, wanted, ids in lines:
        gone = sum(min(taken, len(ids & earlier)) for earlier, taken in before)
        found.append(Pool(name, wanted, max(len(ids) - gone, 0)))
        before.append((ids, min(wanted, len(ids))))
    return found


def _ids(questions: Sequence[Candidate]) -> frozenset[int]:
    return frozenset(question.question_id for question in questions)


def question_count(quiz: Quiz, *, on: date) -> int:
    """How many questions a new attempt asks."""
    return sum(min(pool.wanted, pool.askable) for pool in pools(quiz, on=on))
