"""The only door to an answer that is to be marked."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.bank.kinds import all_kinds

PERMISSION = "marking.mark_answers"


def get_answer(marker: Any, pk: int) -> AttemptItem:
    """An answer that was handed in and is marked by people, or `Http404`: never one's own."""
    kinds = [kind.name for kind in all_kinds() if kind.needs_person]
    item = (
        AttemptItem.objects.filter(pk=pk, kind__in=kinds)
        .exclude(attempt__state=Attempt.State.IN_PROGRESS)
        .exclude(attempt__taker_id=marker.pk)
        .exclude(answer=[])
        .select_related("attempt__quiz", "attempt__taker", "version__question")
        .first()
    )
    if item is None or not marker.has_perm(PERMISSION):
        raise Http404
    return item
