"""Regrading in the admin's menu, addresses and log."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from quizzes.attempts.models import Ruling
from quizzes.regrading.actions import LOG_ACTION
from quizzes.regrading.views import (
    PERMISSION,
    ChooseView,
    HistoryView,
    PlanView,
    RegradeView,
)


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """History, choosing, planning with its preview, and one regrade."""
    return [
        path("regrading/", HistoryView.as_view(), name="regrading_index"),
        path("regrading/new/", ChooseView.as_view(), name="regrading_choose"),
        path("regrading/new/<int:pk>/", PlanView.as_view(), name="regrading_plan"),
        path("regrading/<int:pk>/", RegradeView.as_view(), name="regrading_regrade"),
    ]


class _RegradingItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


@hooks.register("register_quiz_menu_item")
def register_menu_item() -> MenuItem:
    """Beside the quizzes."""
    return _RegradingItem(
        HistoryView.page_title,
        reverse("regrading_index"),
        name="regrading",
        icon_name="rotate",
        order=252,
    )


@hooks.register("register_log_actions")
def register_log_action(actions: Any) -> None:
    """How the log and the question's history tell of a regrade."""

    @actions.register_action(LOG_ACTION)
    class _Formatter(LogFormatter):
        label = gettext_lazy("Regrade")

        def format_message(self, entry: Any) -> str:
            data = entry.data
            return _("%(ruling)s (%(changed)s results changed): %(reason)s") % {
                "ruling": Ruling.Effect(data["effect"]).label,
                "changed": data["changed"],
                "reason": data["reason"],
            }
