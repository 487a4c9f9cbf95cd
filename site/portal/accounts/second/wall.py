"""Where a second factor is required: before the admin and every screen with others' data."""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from learning.organisations.access import is_hr

# What a person does for herself. Everything else is behind the wall for those who answer for
# others, so that a new screen is behind it unless somebody names it here.
OPEN_NAMESPACES = {
    "accounts",
    "study",
    "courses",
    "certificates",
    "attempts",
    "kit",
    "notices",
    "joining",
}
# Of a package with screens for both: what a person does with her own data.
OPEN_VIEWS = {
    f"privacy:{name}"
    for name in (
        "mine",
        "rows",
        "seen",
        "copy",
        "copy_file",
        "ask",
        "cancel",
        "withdraw",
        "lift",
        "notice",
    )
}
OPEN_NAMES = {"serve", "health", "wagtail_serve", "javascript-catalog"}
MEANS = ("totp", "webauthn")


class SecondFactorMiddleware:
    """Sends editors, HR officers and administrators to their second factor where it is missing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """None lets the request through."""
        if not settings.MFA_REQUIRED or is_open(request) or not request.user.is_authenticated:
            return None
        if used_second_factor(request) or not needs_second_factor(request.user):
            return None
        if is_mfa_enabled(request.user, MEANS):
            # Logged in before she had one, or by a way that asks for none.
            return redirect(f"{_reverse('second_confirm')}?next={request.path}")
        return redirect(f"{_reverse('second')}?next={request.path}")


def is_open(request: HttpRequest) -> bool:
    """Is this a place for everyone, whatever her role?"""
    match = request.resolver_match
    if match is None:
        return True
    first = match.namespaces[0] if match.namespaces else ""
    if first:
        return first in OPEN_NAMESPACES or match.view_name in OPEN_VIEWS
    name = match.url_name or ""
    return name in OPEN_NAMES or name.startswith(("account_", "mfa_", "openid_connect_"))


def needs_second_factor(user: Any) -> bool:
    """Does she edit, administer, or see other people's data? One query for who does none."""
    if user.is_superuser or user.is_staff:
        return True
    return is_hr(user) or bool(user.has_perm("wagtailadmin.access_admin"))


def used_second_factor(request: HttpRequest) -> bool:
    """Has she shown it in this session?"""
    return any(
        proof.get("method") == "mfa" for proof in get_authentication_records(request, request.user)
    )


def _reverse(name: str) -> str:
    return reverse(f"accounts:{name}")
