"""Analysis in the admin: its pages, and the ways to them from quizzes and questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.snippets.action_menu import ActionMenuItem

from quizzes.analysis.access import may_analyse
from quizzes.analysis.views import ExportView, ItemReportView, QuestionReportView, QuizReportView
from quizzes.bank.models import Question, Quiz

LABEL = _("Analysis")


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """The reports and their files."""
    return [
        path("phan-tich/bai/<int:pk>/", QuizReportView.as_view(), name="analysis_quiz"),
        path(
            "phan-tich/bai/<int:pk>/cau/<int:question>/",
            ItemReportView.as_view(),
            name="analysis_item",
        ),
        path(
            "phan-tich/bai/<int:pk>/<slug:what>.<slug:form>",
            ExportView.as_view(),
            name="analysis_export",
        ),
        path("phan-tich/cau/<int:pk>/", QuestionReportView.as_view(), name="analysis_question"),
    ]


def report_url(thing: Any) -> str | None:
    """The address of the report of a quiz or a question; None for anything else."""
    if isinstance(thing, Quiz):
        return reverse("analysis_quiz", args=[thing.pk])
    if isinstance(thing, Question):
        return reverse("analysis_question", args=[thing.pk])
    return None


@hooks.register("register_snippet_listing_buttons")
def listing_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """«Analysis» in the lists of quizzes and of questions."""
    url = report_url(snippet)
    if url and may_analyse(user, type(snippet)):
        yield Button(LABEL, url, icon_name="table", priority=25)


class AnalysisMenuItem(ActionMenuItem):
    """«Analysis» beside saving, where a quiz or a question is edited."""

    name = "action-analysis"
    label = LABEL
    icon_name = "table"

    def is_shown(self, context: dict[str, Any]) -> bool:
        """Only for what has been saved, and for those who may see reports."""
        thing = context.get("instance")
        return thing is not None and may_analyse(context["request"].user, type(thing))

    def get_url(self, context: dict[str, Any]) -> str | None:
        """The report's address."""
        return report_url(context["instance"])


@hooks.register("register_snippet_action_menu_item")
def action_menu_item(model: type) -> AnalysisMenuItem | None:
    """The menu item, for quizzes and questions."""
    return AnalysisMenuItem(order=45) if model in (Quiz, Question) else None
