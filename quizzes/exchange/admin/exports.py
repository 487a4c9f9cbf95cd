"""Taking questions out: which, as what, what gets lost, then the file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from quizzes.bank.models import Question
from quizzes.exchange.access import may_export
from quizzes.exchange.admin.forms import ExportForm
from quizzes.exchange.admin.importing import download
from quizzes.exchange.exporting import drafts_of, questions_for
from quizzes.exchange.formats import all_formats

EXPORT_URL = "exchange_export"
# An address holds no more of them.
MOST_CHOSEN = 500
_LOSSES_SHOWN = 200


class ExportView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The choice, then how many questions there are and what the format cannot say of them."""

    permission_policy = ModelPermissionPolicy(Question)
    permission_required = "change"
    page_title = _("Export questions")
    header_icon = "download"
    template_name = "exchange/admin/export.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("wagtailsnippets_bank_question:list"), "label": _("Questions")},
            {"url": "", "label": self.page_title},
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; with a format chosen what it would lose; with «download» the file."""
        asked = "format" in request.GET
        form = ExportForm(request.GET if asked else None)
        ids = _ids(request)
        context: dict[str, Any] = {"form": form, "ids": ids}
        if asked and form.is_valid():
            drafts = drafts_of(questions_for(ids=ids, **_filters(form)))
            format_ = all_formats()[form.cleaned_data["format"]]
            written = format_.write(drafts)
            if "download" in request.GET:
                return download(
                    written.data,
                    format_.media_type,
                    f"cau-hoi-{format_.name}{format_.extensions[0]}",
                )
            whole = {loss.index for loss in written.losses if loss.whole}
            context |= {
                "count": len(drafts),
                "kept": len(drafts) - len(whole),
                "format_label": format_.label,
                "losses": [
                    {"loss": loss, "draft": drafts[loss.index]}
                    for loss in written.losses[:_LOSSES_SHOWN]
                ],
                "more": max(0, len(written.losses) - _LOSSES_SHOWN),
                "download_url": f"?{request.GET.urlencode()}&download=1",
            }
        return self.render_to_response(self.get_context_data(**context))


def _filters(form: ExportForm) -> dict[str, Any]:
    quiz = form.cleaned_data["quiz"]
    return {
        "topic": form.cleaned_data["topic"],
        "kind": form.cleaned_data["kind"],
        "quiz": quiz.pk if quiz else None,
    }


def _ids(request: HttpRequest) -> list[int]:
    values = request.GET.getlist("id")[:MOST_CHOSEN]
    return [int(one) for one in values if one.isascii() and one.isdigit() and len(one) < 10]


class ExportQuestions(SnippetBulkAction):
    """The questions ticked in the list, on their way to the page of exports."""

    models = [Question]
    display_name = _("Export")
    action_type = "export_questions"
    aria_label = _("Export the questions chosen")
    action_priority = 20

    def check_perm(self, question: Question) -> bool:
        """Whoever may export any question may export this one."""
        return may_export(self.request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go there; nothing is written."""
        questions, _without_access = self.get_actionable_objects()
        if not questions:
            raise PermissionDenied
        if len(questions) > MOST_CHOSEN:
            messages.error(request, _("Choose at most 500 questions, or export by topic and quiz."))
            return redirect(self.next_url)
        query = urlencode([("id", question.pk) for question in questions])
        return redirect(f"{reverse(EXPORT_URL)}?{query}")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same: there is nothing to confirm."""
        return self.get(request)
