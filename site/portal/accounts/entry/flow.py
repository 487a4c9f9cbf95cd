"""From «this is she» to a session: allauth's stages ask for the second factor in between."""

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse

PROVED_SECONDS = 15 * 60


def enter(request: HttpRequest, user: Any, *, method: str, then: str) -> HttpResponse:
    """Log `user` in, who has proved herself by `method`, and send her to `then`.

    Who has a second factor is asked for it first; a closed account gets its page.
    """
    record_authentication(request, user, method)
    return perform_login(request, Login(user=user, redirect_url=then))


def proved_lately(request: HttpRequest, *methods: str) -> bool:
    """Has she proved herself within a quarter of an hour, by one of `methods` (none: by any)?"""
    now = time.time()
    return any(
        now - proof["at"] < PROVED_SECONDS and (not methods or proof["method"] in methods)
        for proof in get_authentication_records(request, request.user)
    )
