"""What a result may tell at a time: by the quiz's rules for the phase it is in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from quizzes.attempts.models import Attempt
from quizzes.bank.presentation import ReviewedQuestion
from quizzes.bank.telling import ANSWERS, EXPLANATION, KEY, SCORE

# «Right after handing in» lasts so long: enough to read ten explanations on a telephone.
RIGHT_AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class Telling:
    """What may be shown of an attempt that was handed in.

    Who is told the key sees her answers beside it; why it is right is told only with it.
    """

    score: bool
    answers: bool
    key: bool
    explanation: bool


EVERYTHING = Telling(score=True, answers=True, key=True, explanation=True)


def telling(attempt: Attempt, *, closes_at: datetime | None, at: datetime) -> Telling:
    """What the attempt's quiz lets be told at this time; `closes_at` is the person's own."""
    quiz = attempt.quiz
    if attempt.practice:
        return EVERYTHING
    if closes_at is not None and at >= closes_at:
        told = set(quiz.review_after_closing)
    elif attempt.submitted_at is not None and at < attempt.submitted_at + RIGHT_AFTER:
        told = set(quiz.review_right_after)
    else:
        told = set(quiz.review_while_open)
    key = KEY in told
    return Telling(
        score=SCORE in told,
        answers=key or ANSWERS in told,
        key=key,
        explanation=key and EXPLANATION in told,
    )


def without_explanation(question: ReviewedQuestion) -> ReviewedQuestion:
    """The reviewed question with its key, and nothing of why."""
    shown = question.shown
    return replace(
        question,
        explanation="",
        sources=(),
        shown=replace(
            shown,
            options=tuple(replace(option, why="") for option in shown.options),
            parts=tuple(replace(part, why="") for part in shown.parts),
        ),
    )
