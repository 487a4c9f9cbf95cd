"""The report of what must be looked at again, and the page on which a review is recorded."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from learning.courses.admin.forms import ReviewForm
from learning.courses.admin.rows import SUBJECTS, Row, reviews, row_of, stale_rows
from learning.courses.models import Source
from learning.courses.register.actions import record_review
from learning.courses.register.pools import outside_their_span, small_pools
from learning.courses.register.queries import Register

_REVIEWS_SHOWN = 20


class _ForEditors(PermissionCheckedMixin):
    """Who may change sources may see what hangs on them: editors and administrators."""

    permission_policy = ModelPermissionPolicy(Source)
    permission_required = "change"

    @cached_property
    def register(self) -> Register:
        """The register as it is now, read once."""
        return Register()


class StaleContentView(_ForEditors, ReportView):
    """All that must be looked at again, with the pools that validity spans have emptied."""

    page_title = _("Content to look at again")
    header_icon = "rotate"
    index_url_name = "courses_stale_content"
    template_name = "courses/admin/stale_content.html"
    results_template_name = "courses/admin/stale_content_results.html"
    export_filename = "noi-dung-can-xem-lai"
    list_export = ["kind", "title", "reasons", "since", "address"]
    export_headings = {
        "kind": _("Kind"),
        "title": _("Content"),
        "reasons": _("Sources and what happened to them"),
        "since": _("Since"),
        "address": _("Edit"),
    }

    @property
    def subject(self) -> str:
        """The kind the list is narrowed to, or nothing."""
        asked = self.request.GET.get("loai", "")
        return asked if asked in SUBJECTS else ""

    def get_queryset(self) -> list[Row]:
        return stale_rows(self.register, subject=self.subject)

    def to_row_dict(self, item: Row) -> dict[str, Any]:
        return {
            "kind": item.kind,
            "title": item.content.title,
            "reasons": "; ".join(reason.line for reason in item.reasons),
            "since": item.since,
            "address": self.request.build_absolute_uri(item.edit_url),
        }

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        if self.is_export:
            return context
        register = self.register
        return context | {
            "kinds": self._kinds(),
            "quizzes": register.stale_quizzes,
            "small_pools": small_pools(on=register.today),
            "outside": outside_their_span(on=register.today),
            "reviews": reviews(register, most=_REVIEWS_SHOWN),
        }

    def _kinds(self) -> list[dict[str, Any]]:
        every = [item.content.subject for item in self.register.stale]
        kinds = [{"key": "", "label": _("All"), "count": len(every)}]
        kinds += [
            {"key": key, "label": label, "count": every.count(key)}
            for key, label in SUBJECTS.items()
            if key in every
        ]
        return [kind | {"chosen": kind["key"] == self.subject} for kind in kinds]


class ReviewView(_ForEditors, WagtailAdminTemplateMixin, TemplateView):
    """One content: why it must be looked at, who did so before, and the form to say so."""

    page_title = _("Record a review")
    header_icon = "rotate"
    template_name = "courses/admin/review.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.subject, self.key = kwargs["subject"], kwargs["key"]

    @cached_property
    def row(self) -> Row:
        """The content that is reviewed; 404 where none is published under the key."""
        content = self.register.find(self.subject, self.key)
        if content is None:
            raise Http404
        return row_of(self.register, content)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        report = {"url": reverse("courses_stale_content"), "label": StaleContentView.page_title}
        return [*super().get_breadcrumbs_items(), report, {"url": "", "label": self.page_title}]

    def get_page_subtitle(self) -> str:
        return self.row.content.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["row"] = self.row
        context["reviews"] = reviews(
            self.register, most=_REVIEWS_SHOWN, subject=self.subject, key=self.key
        )
        context.setdefault("form", self._form())
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Record the review, unless news has come that the editor hasn't seen."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        record_review(
            subject=self.subject,
            key=self.key,
            verdict=form.cleaned_data["verdict"],
            note=form.cleaned_data["note"],
            by=request.user,
        )
        messages.success(
            request, _("The review of “%(title)s” is recorded.") % {"title": self.row.content.title}
        )
        return redirect("courses_stale_content")

    def _form(self, data: Any = None) -> ReviewForm:
        news = self.register.news_of(self.row.content)
        return ReviewForm(data, latest=news[-1].event.at.isoformat() if news else "")
