"""Sessions: noted at log-in, ended one by one or all but this one."""

from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from learning.audit.actions import record

SEEN_SECONDS = 3600


def note_log_in(request: HttpRequest) -> None:
    """The session has just begun: no word of it for an hour."""
    cache.set(_key(request.session.session_key), 1, SEEN_SECONDS)


def note_seen(request: HttpRequest) -> None:
    """Write that the session is in use, at most once an hour and process."""
    key = request.session.session_key
    if key and cache.add(_key(key), 1, SEEN_SECONDS):
        UserSession.objects.filter(session_key=key).update(
            last_seen_at=timezone.now(),
            ip=get_client_ip_address(request) or "0.0.0.0",  # noqa: S104
        )


def rename_session(*, before: str | None, after: str | None) -> None:
    """The same device goes on under a new key."""
    UserSession.objects.filter(session_key=before).update(session_key=after)


def end_session(*, user: Any, pk: int) -> bool:
    """Log the device with this row out; False where she has no such."""
    row = UserSession.objects.filter(user=user, pk=pk).first()
    if row is None:
        return False
    _end([row])
    record(act="session-ended", by=user, about=user)
    return True


def end_other_sessions(*, user: Any, keep: str | None, why: str = "") -> int:
    """Log all devices out but the session with the key `keep`; how many were known.

    Sessions of hers that have no row (begun before rows were kept) end at the next change of the
    password, as Django compares its hash.
    """
    rows = [row for row in UserSession.objects.filter(user=user) if row.session_key != keep]
    with transaction.atomic():
        _end(rows)
        if rows:
            record(act="sessions-ended", by=user, about=user, count=len(rows), why=why)
    return len(rows)


def _end(rows: list[UserSession]) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for row in rows:
        store(row.session_key).delete()
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    UserSession.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _key(session_key: str | None) -> str:
    return f"accounts:seen:{session_key}"
