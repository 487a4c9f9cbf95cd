"""The door of machines: which token was shown, and does it still open anything?"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja.security import HttpBearer

from learning.api.actions import digest_of, note_use
from learning.api.models import ApiToken
from learning.organisations.access import units_managed_by


def find_token(secret: str) -> ApiToken | None:
    """The token with this secret, if it is valid and its maker still manages its unit."""
    token = (
        ApiToken.objects.filter(digest=digest_of(secret)).select_related("unit", "made_by").first()
    )
    if token is None or not token.is_valid:
        return None
    if not units_managed_by(token.made_by).filter(pk=token.unit_id).exists():
        return None
    note_use(token=token)
    return token


class TokenAuth(HttpBearer):
    """«Authorization: Bearer …» with a scope. The token becomes `request.auth`."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        found = find_token(token)
        return found if found is not None and self.scope in found.scopes else None


def tokens_of(user: Any) -> QuerySet[ApiToken]:
    """The tokens of the units that `user` manages."""
    units = units_managed_by(user).order_by().values("pk")
    return ApiToken.objects.filter(unit__in=units).select_related("unit", "made_by")


def get_token(user: Any, pk: int) -> ApiToken:
    """The token, if `user` manages its unit. Raises `Http404` otherwise."""
    token = tokens_of(user).filter(pk=pk).first()
    if token is None:
        raise Http404
    return token
