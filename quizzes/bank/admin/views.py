"""A question's versions and where it is used, with the buttons that retire it and use it again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.utils import quote
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import DeleteView, EditView

from quizzes.bank.editing import retire, reuse
from quizzes.bank.models import Question
from quizzes.bank.usage import quizzes_of, version_lines

VERSIONS_URL = "bank_question_versions"


class QuestionEditView(EditView):
    """Wagtail's own, with the way to the versions."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Beside Wagtail's: versions and where it is used."""
        return [
            *super().header_more_buttons,
            Button(
                _("Versions and where it is used"),
                url=reverse(VERSIONS_URL, args=[quote(self.object.pk)]),
                icon_name="history",
                priority=5,
            ),
        ]


class CarefulDeleteView(DeleteView):
    """Wagtail's own, which asks an index of uses that the worker brings up to date a moment later:
    what it doesn't know yet, the database refuses, and that is said."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Delete; or, where something asks it, say so on the list."""
        try:
            with transaction.atomic():
                deleted: HttpResponse = super().form_valid(form)
                return deleted
        except ProtectedError:
            messages.error(
                self.request,
                _now("“%(name)s” is in use and stays: it can be withdrawn, not deleted.")
                % {"name": self.object},
            )
            return redirect(self.get_success_url())


class RetireForm(forms.Form):
    """Why a question is no longer asked."""

    why = forms.CharField(label=_("Why it is no longer to be asked"), max_length=300, required=True)


class VersionsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Every frozen version with its changes, who asks the question, and whether it is in use."""

    permission_policy = ModelPermissionPolicy(Question)
    permission_required = "change"
    page_title = _("Versions and where it is used")
    header_icon = "history"
    template_name = "bank/admin/versions.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.question = get_object_or_404(Question, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.question)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("wagtailsnippets_bank_question:list"), "label": _("Questions")},
            {"url": self._edit_url, "label": str(self.question)},
            {"url": "", "label": self.page_title},
        ]

    @property
    def _edit_url(self) -> str:
        return reverse("wagtailsnippets_bank_question:edit", args=[quote(self.question.pk)])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.setdefault("form", RetireForm())
        return context | {
            "question": self.question,
            "edit_url": self._edit_url,
            "versions": version_lines(self.question),
            "uses": quizzes_of(self.question),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Retire the question, or use it again."""
        if "reuse" in request.POST:
            reuse(question=self.question, user=request.user)
            messages.success(request, _now("The question may be asked again."))
        else:
            form = RetireForm(request.POST)
            if not form.is_valid():
                return self.render_to_response(self.get_context_data(form=form))
            retire(question=self.question, why=form.cleaned_data["why"], user=request.user)
            messages.success(
                request, _now("The question is retired: attempts keep it, nothing new asks it.")
            )
        return redirect(reverse(VERSIONS_URL, args=[quote(self.question.pk)]))
