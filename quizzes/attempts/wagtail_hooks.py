"""Sittings in the admin: allowances of persons, outages."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.model import ModelViewSet

from quizzes.attempts.admin.forms import AllowanceForm
from quizzes.attempts.admin.views import OutagesView
from quizzes.attempts.models import Allowance


class AllowanceViewSet(ModelViewSet):
    """More time, attempts or days for one person at one quiz."""

    model = Allowance
    name = "attempts_allowances"
    icon = "time"
    menu_label = _("Extra time")
    menu_hook = "register_quiz_menu_item"
    menu_order = 260
    list_display = ["taker", "quiz", "extra_minutes", "extra_attempts", "closes_at", "reason"]
    list_filter = ["quiz"]
    list_per_page = 50
    ordering = ["-updated_at"]
    copy_view_enabled = False
    inspect_view_enabled = True

    def get_form_class(self, for_update: bool = False) -> type[AllowanceForm]:
        """The same form to make and to change one."""
        return AllowanceForm


@hooks.register("register_admin_viewset")
def register_allowances() -> AllowanceViewSet:
    """Allowances in the menu."""
    return AllowanceViewSet()


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """The page of outages."""
    return [path("su-co/", OutagesView.as_view(), name="attempts_outages")]


class _OutagesItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("attempts.add_incident")


@hooks.register("register_quiz_menu_item")
def register_outages() -> MenuItem:
    """Outages in the menu, for those who may declare them."""
    return _OutagesItem(
        OutagesView.page_title,
        reverse("attempts_outages"),
        name="outages",
        icon_name="warning",
        order=270,
    )
