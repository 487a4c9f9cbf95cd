"""Whose failed log-ins are counted together."""

from typing import Any

from django.http import HttpRequest

from portal.accounts.models import canonical_login


def login_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name that was tried, as it is stored: another case of it is not another ten tries."""
    given = credentials or {}
    typed = given.get("username") or request.POST.get("username") or ""
    return canonical_login(str(typed))
