"""Where a person is logged in now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.accounts.devices.words import device_words


@dataclass(frozen=True)
class Device:
    """One of her sessions; `pk` is None for this one where it has no row."""

    pk: int | None
    words: str
    address: str
    began_at: datetime | None
    seen_at: datetime | None
    is_this: bool


def devices_of(user: Any, *, session_key: str | None, user_agent: str) -> list[Device]:
    """Her live sessions, this one first, then the last used; two queries whatever their number."""
    rows = list(UserSession.objects.filter(user=user).order_by("-last_seen_at", "-pk"))
    live = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    found = [
        Device(
            row.pk,
            device_words(row.user_agent),
            row.ip,
            row.created_at,
            row.last_seen_at,
            row.session_key == session_key,
        )
        for row in rows
        if row.session_key in live
    ]
    if not any(device.is_this for device in found):
        found.insert(0, Device(None, device_words(user_agent), "", None, None, True))
    return sorted(found, key=lambda device: not device.is_this)
