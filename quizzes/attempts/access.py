"""The only door to an attempt: its taker's. For everyone else it does not exist (404)."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.http import Http404

from quizzes.attempts.models import Attempt
from quizzes.bank.queries import find_quiz
from quizzes.prepared import prepared_models


def get_attempt(user: Any, pk: int) -> Attempt:
    """The user's own attempt with its quiz, or `Http404`."""
    found = _own.first(pk, user.pk)
    if found is None:
        raise Http404
    quiz = find_quiz(found.quiz_id)
    assert quiz is not None  # attempts protect their quiz
    found.quiz = quiz
    return found


@prepared_models(BigIntegerField(), BigIntegerField())
def _own(pk: int, taker_id: int) -> QuerySet[Attempt]:
    return Attempt.objects.filter(pk=pk, taker_id=taker_id)


def claim_attempt(user: Any, pk: int) -> Attempt:
    """The user's claim to attempt `pk`, unread: saving an answer checks it in its own query.

    The object carries only `pk` and `taker_id`; `actions.save_answer` refuses with
    `Attempt.DoesNotExist` when no attempt of this taker has that number.
    """
    return Attempt(pk=pk, taker_id=user.pk)
