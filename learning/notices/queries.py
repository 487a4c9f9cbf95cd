"""Reads: what a person has not looked at yet."""

from typing import Any

from learning.notices.models import Notice


def unread_count(person: Any) -> int:
    """Notices in her list that are new to her; one look into a partial index."""
    return Notice.objects.filter(person_id=person.pk, seen_at__isnull=True).count()
