"""Choosing passwords, and proving oneself again before something weighty."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from learning.audit.actions import record
from portal.accounts.devices.actions import end_other_sessions, rename_session
from portal.accounts.entry.flow import proved_lately
from portal.accounts.entry.views import get_or_post, safe_next
from portal.accounts.forms import ChangePasswordForm, ConfirmForm, NewPasswordForm
from portal.accounts.letters import post_letter
from portal.accounts.models import User

View = Callable[..., HttpResponse]


@sensitive_post_parameters()
@never_cache
@login_required
@get_or_post
def password_change(request: HttpRequest) -> HttpResponse:
    """A new password for who knows the old one; who has none goes by a code or card."""
    user = person(request)
    if not user.has_usable_password():
        return redirect("accounts:password_new")
    form = ChangePasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        _save(request, form)
        return redirect("accounts:password_change_done")
    return render(request, "accounts/password_change.html", {"form": form})


@sensitive_post_parameters()
@never_cache
@login_required
@get_or_post
def password_new(request: HttpRequest) -> HttpResponse:
    """A new password without the old one, a quarter of an hour long after a code or a card."""
    user = person(request)
    if not proved_lately(request, "code", "card"):
        if user.has_usable_password():
            return redirect("accounts:password_change")
        return render(request, "accounts/password_by_code.html")
    then = safe_next(request) or reverse("study:my")
    form = NewPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        _save(request, form)
        return redirect("accounts:password_change_done")
    return render(request, "accounts/password_new.html", {"form": form, "next": then})


def person(request: HttpRequest) -> User:
    """Who is logged in, in a view that lets nobody else in."""
    assert isinstance(request.user, User), "the view asks for a log-in"
    return request.user


def _save(request: HttpRequest, form: NewPasswordForm) -> None:
    user, before = form.save(), request.session.session_key
    # This session goes on under a new key: a key that was stolen is worth nothing.
    update_session_auth_hash(request, user)
    rename_session(before=before, after=request.session.session_key)
    record(act="password-changed", by=user, about=user)
    end_other_sessions(user=user, keep=request.session.session_key, why="password")
    tell_of_change(user, "password")


def tell_of_change(user: Any, what: str) -> None:
    """Let her know by mail, so that a change that wasn't hers is noticed."""
    if user.email:
        post_letter(
            template=f"changed_{what}",
            subject=gettext_lazy("Your account was changed"),
            to=user.email,
            full_name=user.full_name,
        )


@never_cache
@login_required
def password_change_done(request: HttpRequest) -> HttpResponse:
    """It counts from now on."""
    return render(request, "accounts/password_change_done.html")


@sensitive_post_parameters()
@never_cache
@login_required
@get_or_post
def confirm(request: HttpRequest) -> HttpResponse:
    """The password once more."""
    then = safe_next(request) or reverse("accounts:account")
    form = ConfirmForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        record_authentication(request, request.user, "password", reauthenticated=True)
        return redirect(then)
    return render(request, "accounts/confirm.html", {"form": form, "next": then})


def confirmed(view: View) -> View:
    """Let a view be used only by who proved herself within the last quarter of an hour."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if proved_lately(request):
            return view(request, *args, **kwargs)
        # What was posted is not kept: she comes back to the page with the button.
        back = request.path if request.method == "GET" else reverse("accounts:account")
        return redirect(f"{reverse('accounts:confirm')}?{urlencode({'next': back})}")

    return never_cache(login_required(checked))
