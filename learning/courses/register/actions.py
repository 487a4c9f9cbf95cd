"""Writes of the register: a review, and news of a source."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from learning.courses.models import Source, SourceReview

# What makes those who cite a source look again, when an editor changes it.
NEWS_FIELDS = frozenset({"amended_by", "replaced_by", "in_force_until"})


def record_review(
    *,
    subject: str,
    key: str,
    verdict: str,
    by: Any,
    note: str = "",
    at: datetime | None = None,
) -> SourceReview:
    """Store that `by` has looked whether the content still says what its sources say.

    It answers all news of its sources up to `at` (now, unless it is given).
    """
    return SourceReview.objects.create(
        subject=subject,
        key=key,
        verdict=verdict,
        note=note.strip(),
        by=by,
        at=at or timezone.now(),
    )


def note_news(source: Source, *, changed: set[str]) -> None:
    """Mark the source, not yet saved, as changed now if these fields are news to who cites it."""
    if source.pk is not None and NEWS_FIELDS & changed:
        source.changed_at = timezone.now()
