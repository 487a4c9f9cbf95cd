"""Whom the other system's person is here: found by staff code or verified e-mail, never guessed."""

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render

from learning.audit.actions import record
from learning.vietnamese import nfc
from portal.accounts.models import User

logger = logging.getLogger(__name__)


class CityAccountAdapter(DefaultSocialAccountAdapter):
    """What becomes of a log-in that the provider has vouched for."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join the provider's person to hers here, once; later she is found by that.

        Raises `ImmediateHttpResponse` with a page for who is unknown here.
        """
        if sociallogin.is_existing:
            return
        claims = Claims(sociallogin.claims)
        user = find_person(claims)
        if user is None and settings.OIDC_MAKES_ACCOUNTS:
            user = make_person(claims)
        if user is None:
            page = render(request, "accounts/oidc_unknown.html", {"claims": claims}, status=403)
            raise ImmediateHttpResponse(page)
        with transaction.atomic():
            sociallogin.connect(request, user)
            record(act="sso-joined", by=user, about=user)

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        """Nothing of ours is filled in from there: `make_person` reads the claims itself."""
        return sociallogin.user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Whatever failed between the two systems is one page; the log knows more."""
        logger.warning("Log-in by the other system failed: %s %s", error, exception)
        # Who cancels there may come back without the state that would prove it: it's only a page.
        cancelled = request.GET.get("error") == "access_denied"
        page = render(request, "accounts/oidc_failed.html", {"cancelled": cancelled})
        page.status_code = 400
        raise ImmediateHttpResponse(page)


class Claims:
    """What the provider says of a person, under the names that the settings give its claims."""

    def __init__(self, claims: dict[str, Any]) -> None:
        names = settings.OIDC_CLAIMS
        self.staff_code = _text(claims, names["staff_code"])
        self.full_name = _text(claims, names["full_name"])
        self.email = _text(claims, names["email"]).lower()
        # Some providers send the word.
        self.email_verified = str(claims.get(names["email_verified"], "")).lower() == "true"


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return nfc(value).strip() if isinstance(value, str) else ""


def find_person(claims: Claims) -> User | None:
    """The person with this staff code; otherwise with this e-mail, if the provider checked it."""
    people = User.objects.all()
    if claims.staff_code:
        found = people.filter(staff_code=claims.staff_code.upper()).first()
        if found is not None:
            return found
    if claims.email and claims.email_verified:
        return people.filter(email=claims.email).first()
    return None


def make_person(claims: Claims) -> User | None:
    """A new person, where the setting allows it and the claims suffice."""
    email = claims.email if claims.email_verified else None
    if not claims.full_name or not (email or claims.staff_code):
        return None
    with transaction.atomic():
        user = User.objects.create_user(
            full_name=claims.full_name, email=email, staff_code=claims.staff_code or None
        )
        record(act="account-made", by=None, about=user, how="sso")
    return user
