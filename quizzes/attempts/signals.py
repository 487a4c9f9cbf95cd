"""The ways out of this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal

# Sent with `sender=Attempt, attempt=<the graded Attempt>` by `send`, inside the transaction
# that grades: a receiver that fails takes the grading back with it.
attempt_graded = Signal()

# The same for a result that changed afterwards, with `before=<regraded.Figures>`: the figures it
# had. What was earned by the earlier result stays earned.
attempt_regraded = Signal()

# Asked with `attempt=<Attempt>` when its result is shown: receivers answer with `Note`s.
result_notes = Signal()


@dataclass(frozen=True)
class Note:
    """A line of a result's history: when it was graded anew, and why."""

    at: datetime
    reason: str
