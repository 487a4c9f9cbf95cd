"""Writes: tokens are made, revoked, and seen in use."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from learning.api.models import ApiToken
from learning.audit.actions import record
from learning.organisations.models import Unit

PREFIX = "hp_"
# Use is noted at most so often: a note is not worth a write for every request.
_NOTE_EVERY = datetime.timedelta(minutes=1)


def digest_of(secret: str) -> str:
    """What is kept of a token. It has 256 random bits, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_token(
    *, name: str, unit: Unit, scopes: Sequence[str], by: Any, expires_at: datetime.datetime
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is told this once."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        name=name,
        unit=unit,
        scopes=list(scopes),
        digest=digest_of(secret),
        hint=secret[:8],
        made_by=by,
        expires_at=expires_at,
    )
    record(act="token-made", by=by, about=token, unit=unit, scopes=list(scopes), until=expires_at)
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Any) -> None:
    """It opens nothing from now on. Repeated it changes nothing."""
    revoked = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
    if revoked.update(revoked_at=timezone.now()):
        record(act="token-revoked", by=by, about=token, unit=token.unit)


def note_use(*, token: ApiToken) -> None:
    """It was used just now."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - _NOTE_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        token.last_used_at = now
