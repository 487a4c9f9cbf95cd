"""A quiz as it is offered to a person: what it asks of her, and her attempts so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from quizzes.attempts.entering import Terms, check_terms, terms_of
from quizzes.attempts.errors import AttemptError
from quizzes.attempts.models import Attempt
from quizzes.attempts.telling import telling
from quizzes.bank.drawing import question_count
from quizzes.bank.models import Quiz
from quizzes.bank.wording import rules_in_words


@dataclass(frozen=True)
class Line:
    """One of her attempts, and whether its score may be told now."""

    attempt: Attempt
    tells_score: bool


@dataclass(frozen=True)
class Offer:
    """What a page says of a quiz beside its button."""

    quiz: Quiz
    question_count: int
    # What is to be known before starting, a sentence each.
    rules: tuple[str, ...]
    # Oldest first; none for a passer-by.
    attempts: tuple[Line, ...]
    running: Attempt | None
    # Why she cannot start now, or nothing.
    obstacle: str

    @property
    def title(self) -> str:
        """The quiz's title in the language of the page."""
        return self.quiz.name

    @property
    def pass_percent(self) -> int:
        """The pass mark in percent."""
        return self.quiz.pass_percent

    @property
    def asks_before_start(self) -> bool:
        """Whether its button leads to a page with more to know, to type or to agree to."""
        return self.quiz.asks_before_start and self.running is None


def offer(*, taker_id: int | None, quiz: Quiz, since: datetime | None = None) -> Offer:
    """The quiz for this person, or for a passer-by (None); of her attempts those `since` then.

    Three queries at least, for its questions and her attempts; more only where rules limit it.
    """
    now = timezone.now()
    attempts = list(_attempts(taker_id, quiz)) if taker_id is not None else []
    terms = terms_of(taker_id=taker_id, quiz=quiz) if taker_id is not None else _own_terms(quiz)
    count = question_count(quiz, on=timezone.localdate(now))
    running = attempts[-1] if attempts and attempts[-1].is_open else None
    return Offer(
        quiz=quiz,
        question_count=count,
        rules=tuple(
            rules_in_words(
                quiz,
                questions=count,
                minutes=terms.time_limit // timedelta(minutes=1) if terms.time_limit else None,
                attempts=terms.attempts_allowed,
                closes_at=terms.closes_at,
            )
        ),
        attempts=tuple(
            Line(one, telling(one, closes_at=terms.closes_at, at=now).score)
            for one in attempts
            if since is None or one.started_at >= since
        ),
        running=running,
        obstacle="" if running else _obstacle(taker_id, quiz, terms, attempts),
    )


def _own_terms(quiz: Quiz) -> Terms:
    limit = quiz.time_limit_minutes
    return Terms(
        attempts_allowed=quiz.attempts_allowed,
        time_limit=timedelta(minutes=limit) if limit else None,
        closes_at=quiz.closes_at,
    )


def _attempts(taker_id: int, quiz: Quiz) -> list[Attempt]:
    found = list(Attempt.objects.filter(taker_id=taker_id, quiz_id=quiz.pk).order_by("number"))
    for one in found:
        one.quiz = quiz
    return found


def _obstacle(taker_id: int | None, quiz: Quiz, terms: Terms, attempts: list[Attempt]) -> str:
    if taker_id is None:
        return ""
    last = attempts[-1] if attempts else None
    try:
        check_terms(taker_id=taker_id, quiz=quiz, terms=terms, last=last, at=timezone.now())
    except AttemptError as error:
        return str(error)
    return ""
