"""Texts of messages and the outbox in the admin's menus."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import AdminOnlyMenuItem, MenuItem

from learning.notices.admin_views import (
    CHANGE_TEXTS,
    DeadAddressesView,
    OutboxView,
    SendAgainView,
    TextsView,
    TextView,
)


@hooks.register("register_admin_urls")
def notices_urls() -> list[Any]:
    """Texts, one text, the outbox, and sending again."""
    return [
        path("thu/mau/", TextsView.as_view(), name="notices_texts"),
        path("thu/mau/<slug:kind>/", TextView.as_view(), name="notices_text"),
        path("reports/thu/", OutboxView.as_view(), name="notices_outbox"),
        path(
            "reports/thu/results/",
            OutboxView.as_view(results_only=True),
            name="notices_outbox_results",
        ),
        path("reports/thu/dia-chi/", DeadAddressesView.as_view(), name="notices_dead"),
        path(
            "reports/thu/dia-chi/results/",
            DeadAddressesView.as_view(results_only=True),
            name="notices_dead_results",
        ),
        path("reports/thu/<int:pk>/gui-lai/", SendAgainView.as_view(), name="notices_send_again"),
    ]


class TextsMenuItem(MenuItem):
    """For those who may change the texts."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CHANGE_TEXTS)


@hooks.register("register_settings_menu_item")
def texts_menu_item() -> MenuItem:
    """«Mẫu thư» among the settings."""
    return TextsMenuItem(
        _("Texts of messages"), reverse("notices_texts"), icon_name="mail", order=700
    )


@hooks.register("register_reports_menu_item")
def outbox_menu_item() -> MenuItem:
    """«Thư đã gửi» among the reports."""
    return AdminOnlyMenuItem(_("Letters"), reverse("notices_outbox"), icon_name="mail", order=900)
