"""Whether a person may start a quiz now, and until when she then has time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import BigIntegerField, QuerySet
from django.utils.crypto import constant_time_compare

from quizzes.attempts.errors import (
    CodeTriesError,
    CoolDownError,
    EntryCodeError,
    EntryQuizError,
    NoAttemptsLeftError,
    NotOpenYetError,
    PledgeMissingError,
    QuizClosedError,
)
from quizzes.attempts.models import Allowance, Attempt, Extension
from quizzes.attempts.standing import has_passed
from quizzes.bank.content import clean_text
from quizzes.bank.models import Quiz
from quizzes.bank.queries import find_quiz
from quizzes.prepared import prepared, prepared_models

# Wrong entry codes a person may send for a quiz in so many seconds.
CODE_TRIES = 10
CODE_SECONDS = 600


@dataclass(frozen=True)
class Terms:
    """What holds for one person at one quiz: the rules, with what she was given beyond them."""

    attempts_allowed: int | None
    time_limit: timedelta | None
    closes_at: datetime | None

    def deadline(self, started_at: datetime) -> datetime | None:
        """When an attempt started at this time is over, or None."""
        ends = [self.closes_at] if self.closes_at else []
        if self.time_limit:
            ends.append(started_at + self.time_limit)
        return min(ends, default=None)


@dataclass(frozen=True)
class Entry:
    """What she typed and agreed to before starting."""

    code: str = ""
    pledged: bool = False


def terms_of(*, taker_id: int, quiz: Quiz) -> Terms:
    """The quiz's rules for this person; two queries at most, none where nothing is limited."""
    limit = quiz.time_limit_minutes
    if quiz.attempts_allowed is None and limit is None and quiz.closes_at is None:
        return Terms(None, None, None)
    allowance = _allowance.first(taker_id, quiz.pk) or Allowance()
    allowed = quiz.attempts_allowed
    if allowed is not None:
        allowed += allowance.extra_attempts + len(_given_back.rows(taker_id, quiz.pk))
    return Terms(
        attempts_allowed=allowed,
        time_limit=timedelta(minutes=limit + allowance.extra_minutes) if limit else None,
        closes_at=allowance.closes_at or quiz.closes_at,
    )


@prepared_models(BigIntegerField(), BigIntegerField())
def _allowance(taker_id: int, quiz_id: int) -> QuerySet[Allowance]:
    return Allowance.objects.filter(taker_id=taker_id, quiz_id=quiz_id)


@prepared(BigIntegerField(), BigIntegerField())
def _given_back(taker_id: int, quiz_id: int) -> QuerySet[Extension, tuple[int]]:
    return Extension.objects.filter(
        attempt__taker_id=taker_id, attempt__quiz_id=quiz_id, gives_attempt=True
    ).values_list("pk")


def check_entry(
    *, taker_id: int, quiz: Quiz, terms: Terms, last: Attempt | None, entry: Entry, at: datetime
) -> None:
    """Raise the `AttemptError` that keeps her from starting at this time; else return.

    `last` is her latest attempt, handed in.
    """
    check_terms(taker_id=taker_id, quiz=quiz, terms=terms, last=last, at=at)
    if quiz.entry_code:
        _check_code(taker_id, quiz, entry.code)
    if quiz.honesty_note and not entry.pledged:
        raise PledgeMissingError


def check_terms(
    *, taker_id: int, quiz: Quiz, terms: Terms, last: Attempt | None, at: datetime
) -> None:
    """As `check_entry`, for what does not depend on what she types."""
    if quiz.opens_at and at < quiz.opens_at:
        raise NotOpenYetError(at=quiz.opens_at)
    if terms.closes_at and at >= terms.closes_at:
        raise QuizClosedError(at=terms.closes_at)
    if terms.attempts_allowed is not None and last and last.number >= terms.attempts_allowed:
        raise NoAttemptsLeftError
    if quiz.cooldown_minutes and last and last.submitted_at:
        again = last.submitted_at + timedelta(minutes=quiz.cooldown_minutes)
        if at < again:
            raise CoolDownError(at=again)
    if quiz.entry_quiz_id:
        first = find_quiz(quiz.entry_quiz_id)
        assert first is not None  # protected
        if not has_passed(taker_id=taker_id, quiz=first):
            raise EntryQuizError(quiz=first.name)


def _check_code(taker_id: int, quiz: Quiz, typed: str) -> None:
    """Whether it is the quiz's code; whoever guesses is stopped for a while."""
    key = f"entry-code:{quiz.pk}:{taker_id}"
    wrong = cache.get(key, 0)
    if wrong >= CODE_TRIES:
        raise CodeTriesError
    if not constant_time_compare(_folded(typed), _folded(quiz.entry_code)):
        cache.set(key, wrong + 1, CODE_SECONDS)
        raise EntryCodeError
    cache.delete(key)


def _folded(code: str) -> str:
    return "".join(clean_text(code).casefold().split())
