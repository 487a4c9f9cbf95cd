"""Tokens of an officer's units: made, shown once, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from learning.api.access import get_token, tokens_of
from learning.api.actions import make_token, revoke_token
from learning.api.forms import TokenForm
from learning.organisations.access import may_manage, units_managed_by


@never_cache
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens, and a form for a new one; its secret is on the answer to that alone."""
    if not may_manage(request.user):
        raise Http404
    units = units_managed_by(request.user).order_by("path")
    form = TokenForm(request.POST or None, units=units)
    secret = ""
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        _token, secret = make_token(
            name=told["name"],
            unit=told["unit"],
            scopes=told["scopes"],
            by=request.user,
            expires_at=form.expires_at,
        )
        form = TokenForm(units=units)
    context = {"form": form, "secret": secret, "tokens": tokens_of(request.user)}
    return render(request, "api/tokens.html", context)


@require_POST
@login_required
def revoke(request: HttpRequest, *, pk: int) -> HttpResponse:
    """End a token."""
    token = get_token(request.user, pk)
    revoke_token(token=token, by=request.user)
    messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect("tokens:list")
