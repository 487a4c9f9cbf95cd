"""Bringing questions in: upload, look at each beside its source, write the chosen."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic.base import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from quizzes.bank.kinds import get_kind
from quizzes.bank.models import Question
from quizzes.bank.presentation import reviewed
from quizzes.exchange.access import imports_of, may_publish, may_update
from quizzes.exchange.actions import (
    apply_import,
    check_import,
    choose,
    chosen_of,
    keep_file,
    set_reading,
)
from quizzes.exchange.admin.forms import ReadingForm, UploadForm
from quizzes.exchange.base import FileError
from quizzes.exchange.checking import Checked
from quizzes.exchange.formats import all_formats
from quizzes.exchange.models import Import
from quizzes.exchange.sheets import template_file

IMPORT_URL, LOOK_URL, TEMPLATE_URL = "exchange_import", "exchange_look", "exchange_template"
_A_PAGE = 50


class ImportingView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What the pages of an import have in common."""

    permission_policy = ModelPermissionPolicy(Question)
    permission_required = "add"
    page_title = _("Import questions")
    header_icon = "upload"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("wagtailsnippets_bank_question:list"), "label": _("Questions")},
            {"url": "", "label": self.page_title},
        ]


class UploadView(ImportingView):
    """A file or a text, and those that are not finished."""

    template_name = "exchange/admin/upload.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.setdefault("form", UploadForm())
        context["template_url"] = reverse(TEMPLATE_URL)
        context["open"] = imports_of(self.request.user).filter(applied_at=None).defer("data")[:10]
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the file and go on to look at it."""
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            data, name = form.data_and_name()
            given = {key: form.cleaned_data[key] for key in ("format", "topic", "known")}
            try:
                found = keep_file(user=request.user, data=data, name=name, **given)
                return redirect(reverse(LOOK_URL, args=[found.pk]))
            except FileError as error:
                form.add_error(None, str(error))
        return self.render_to_response(self.get_context_data(form=form))


class TemplateFileView(ImportingView):
    """The workbook to fill in."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        return download(template_file(), all_formats()["xlsx"].media_type, "mau-cau-hoi.xlsx")


def download(data: bytes, media_type: str, name: str) -> HttpResponse:
    """A file to be saved, whatever a browser thinks it is."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


class LookView(ImportingView):
    """Each entry beside its source, with what is wrong; then what was written."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.found: Import = get_object_or_404(imports_of(request.user), pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.found)

    def get_template_names(self) -> list[str]:
        return [f"exchange/admin/{'result' if self.found.applied_at else 'look'}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["found"] = self.found
        context["again_url"] = reverse(IMPORT_URL)
        if self.found.applied_at:
            ids = self.found.result or []
            written = Question.objects.in_bulk(ids)
            context["questions"] = [written[pk] for pk in ids if pk in written]
            return context
        checked = check_import(self.found, self.request.user)
        chosen = chosen_of(self.found, checked)
        page = Paginator(checked, _A_PAGE).get_page(self.request.GET.get("page"))
        context.setdefault("form", ReadingForm(initial=vars(self.found)))
        context |= {
            "rows": [self._row(one, chosen) for one in page],
            "page_obj": page,
            "total": len(checked),
            "faulty": sum(1 for one in checked if one.errors),
            "noted": sum(1 for one in checked if one.notes and not one.errors),
            "chosen_count": len(chosen),
            "may_publish": may_publish(self.request.user),
            "may_update": may_update(self.request.user),
        }
        return context

    def _row(self, one: Checked, chosen: set[int]) -> dict[str, Any]:
        row: dict[str, Any] = {"one": one, "number": one.index + 1, "chosen": one.index in chosen}
        if one.content:
            kind = get_kind(one.content["kind"])
            answer = kind.right_answer(one.content)
            row["kind"] = kind.label
            row["reviewed"] = reviewed(
                one.content, order=kind.order(one.content), answer=answer, right=True
            )
            options = one.content["options"]
            # Those that are right are told by the review; the others stand below it.
            row["others"] = [
                option["text"]
                for option in options
                if "right" in kind.option_fields
                and not option["right"]
                and one.content["kind"] != "statements"
            ]
        return row

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Read the file otherwise, keep the choice, or write it into the bank."""
        if self.found.applied_at:
            return redirect(reverse(LOOK_URL, args=[self.found.pk]))
        if "reread" in request.POST:
            return self._reread(request)
        self._choose(request)
        if "apply" in request.POST:
            return self._apply(request)
        page = request.POST.get("page", "1")
        number = page if page.isascii() and page.isdigit() else "1"
        return redirect(f"{reverse(LOOK_URL, args=[self.found.pk])}?page={number}")

    def _reread(self, request: HttpRequest) -> HttpResponse:
        form = ReadingForm(request.POST)
        if form.is_valid():
            try:
                set_reading(found=self.found, **form.cleaned_data)
                return redirect(reverse(LOOK_URL, args=[self.found.pk]))
            except FileError as error:
                form.add_error("format", str(error))
        return self.render_to_response(self.get_context_data(form=form))

    def _choose(self, request: HttpRequest) -> None:
        """The rows shown as they were ticked; those of other pages stay as they were."""
        checked = check_import(self.found, request.user)
        everything = {one.index for one in checked if one.can_be_chosen}
        choice = request.POST.get("choose", "")
        if choice == "all":
            chosen = everything
        elif choice == "clear":
            chosen = {one.index for one in checked if one.is_clear}
        elif choice == "none":
            chosen = set()
        else:
            shown = _numbers(request.POST.getlist("shown"))
            ticked = _numbers(request.POST.getlist("row"))
            chosen = (chosen_of(self.found, checked) - shown) | (ticked & shown & everything)
        choose(found=self.found, chosen=chosen)

    def _apply(self, request: HttpRequest) -> HttpResponse:
        publish = request.POST.get("apply") == "publish"
        try:
            written = apply_import(found=self.found, user=request.user, publish=publish)
        except PermissionDenied:
            raise
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            return redirect(reverse(LOOK_URL, args=[self.found.pk]))
        messages.success(
            request,
            ngettext(
                "%(count)s question was written.", "%(count)s questions were written.", len(written)
            )
            % {"count": len(written)},
        )
        return redirect(reverse(LOOK_URL, args=[self.found.pk]))


def _numbers(values: list[str]) -> set[int]:
    return {int(one) for one in values if one.isascii() and one.isdigit() and len(one) < 8}
