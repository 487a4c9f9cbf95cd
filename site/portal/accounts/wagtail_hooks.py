"""In the admin's list of people: an administrator resets a second factor that was lost."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import user_passes_test
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.views.account import NameEmailSettingsPanel
from wagtail.admin.widgets.button import Button

from portal.accounts.models import User
from portal.accounts.second.actions import reset_second_factor


def _nowhere(self: NameEmailSettingsPanel) -> bool:
    """Wagtail asks for two halves of a name that we keep as one, empty and required: who only
    wanted another language could not save."""
    return False


NameEmailSettingsPanel.is_active = _nowhere


@user_passes_test(lambda user: user.is_superuser)
def second_factor_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, then takes all of the person's factors away."""
    user = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        count = reset_second_factor(user=user, by=request.user)
        told = _("The second step of %s was reset.") if count else _("%s had no second step.")
        messages.success(request, told % user.full_name)
        return redirect("wagtailusers_users:index")
    context = {"user_to_reset": user, "title": _("Reset second step")}
    return render(request, "accounts/admin/second_reset.html", context)


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    """Where it is asked."""
    return [path("second-factor/<int:pk>/reset/", second_factor_reset, name="second_factor_reset")]


@hooks.register("register_user_listing_buttons")
def listing_buttons(user: Any, request_user: Any) -> Iterator[Button]:
    """A button beside each person, for administrators."""
    if request_user.is_superuser:
        yield Button(
            _("Reset second step"),
            reverse("second_factor_reset", args=[user.pk]),
            icon_name="key",
            priority=40,
        )
