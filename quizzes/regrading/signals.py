"""What would follow elsewhere from new results, asked without anything being written."""

from __future__ import annotations

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True)
class NewPass:
    """An attempt that would be passed; `origin` as whoever started it wrote it."""

    attempt_id: int
    taker_id: int
    quiz_id: int
    origin: str


# Asked with `passes=<list of NewPass>`, all of a taker's in one call, by `send`. Receivers answer
# with a dict: sentence with «%(count)s» → how many.
regrade_effects = Signal()
