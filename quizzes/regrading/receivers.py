"""What a learner's result page tells of regrades."""

from __future__ import annotations

from typing import Any

from quizzes.attempts.models import Attempt
from quizzes.attempts.signals import Note
from quizzes.regrading.models import RegradeChange


def on_result_shown(*, attempt: Attempt, **_signal: Any) -> list[Note]:
    """When and why this result was computed again; one query, none for a result graded once."""
    if attempt.gradings < 2:
        return []
    changes = RegradeChange.objects.filter(attempt=attempt).select_related("regrade")
    return [Note(change.changed_at, change.regrade.reason) for change in changes]
