"""The only door to an attempt: its taker's. For everyone else it does not exist (404)."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from quizzes.attempts.models import Attempt


def get_attempt(user: Any, pk: int) -> Attempt:
    """The user's own attempt with its quiz, or `Http404`."""
    found = Attempt.objects.filter(pk=pk, taker_id=user.pk).select_related("quiz").first()
    if found is None:
        raise Http404
    return found


def claim_attempt(user: Any, pk: int) -> Attempt:
    """The user's claim to attempt `pk`, unread: saving an answer checks it in its own query.

    The object carries only `pk` and `taker_id`; `actions.save_answer` refuses with
    `Attempt.DoesNotExist` when no attempt of this taker has that number.
    """
    return Attempt(pk=pk, taker_id=user.pk)
