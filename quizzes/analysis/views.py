"""The screens of analysis in the admin: a quiz, a question of it, a question over all quizzes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from quizzes.analysis.access import get_question, get_quiz
from quizzes.analysis.answers import AnswerRow
from quizzes.analysis.charts import draw_distribution
from quizzes.analysis.columns import Form, cells, heading_columns, shown, sort_items, title_of
from quizzes.analysis.counting import Selection
from quizzes.analysis.exports import (
    MOST_XLSX_ATTEMPTS,
    answer_sheet,
    csv_lines,
    item_sheet,
    write_xlsx,
)
from quizzes.analysis.flags import enough_for_items
from quizzes.analysis.forms import SelectionForm
from quizzes.analysis.report import ItemReport, Report, get_report
from quizzes.bank.content import in_language
from quizzes.bank.kinds import get_kind
from quizzes.bank.models import Question, Quiz

SORT = "sort"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AnalysisView(WagtailAdminTemplateMixin, TemplateView):
    """What the pages share: the form of the selection, and the way back."""

    page_title = gettext_lazy("Analysis")
    header_icon = "table"
    object: Quiz | Question

    def select(self, **of: Any) -> Selection:
        """The selection the address asks for."""
        self.form = SelectionForm(self.request.GET or None)
        if not self.form.is_bound:
            self.form = SelectionForm({})
        return self.form.selection(**of)

    @property
    def query(self) -> str:
        """The selection as it stands in addresses."""
        names = ("which", "since", "until")
        given = {name: self.request.GET[name] for name in names if self.request.GET.get(name)}
        return urlencode(given)

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def crumbs(self) -> list[tuple[str, str]]:
        """Addresses and labels between home and this page."""
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        between = [{"url": url, "label": label} for url, label in self.crumbs()]
        return [
            *super().get_breadcrumbs_items(),
            *between,
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            form=self.form, query=self.query, enough=enough_for_items(), **kwargs
        )


class QuizReportView(AnalysisView):
    """The report of a quiz."""

    template_name = "analysis/quiz.html"

    def get(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        """The report, or how to come to one."""
        self.object = quiz = get_quiz(request.user, pk)
        report = get_report(_of_quiz(self, quiz))
        return self.render_to_response(self.get_context_data(report=report, quiz=quiz))

    def crumbs(self) -> list[tuple[str, str]]:
        return _way_to_quiz(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report: Report = kwargs["report"]
        sort = self.request.GET.get(SORT, "")
        items = sort_items(report.items, sort)
        return super().get_context_data(
            **kwargs,
            chart=draw_distribution(report.bins) if report.count else None,
            summary=summary(report),
            reliability=_reliability(report),
            headings=[_heading(column, sort, self.query) for column in heading_columns()],
            rows=[
                {
                    "title": title_of(item),
                    "url": reverse("analysis_item", args=[self.object.pk, item.question_id]),
                    "kind": get_kind(item.content["kind"]).label,
                    "cells": cells(item),
                    "item": item,
                }
                for item in items
            ],
            flagged=sum(bool(item.flags) for item in items),
            is_practice=self.object.mode == Quiz.Mode.PRACTICE,
        )


def _heading(column: Any, sort: str, query: str) -> dict[str, Any]:
    up, down = sort == column.name, sort == f"-{column.name}"
    wanted = f"-{column.name}" if up else column.name
    return {
        "column": column,
        "order": "ascending" if up else "descending" if down else "",
        "url": "?" + "&".join(part for part in (query, urlencode({SORT: wanted})) if part),
    }


def summary(report: Report) -> list[dict[str, str]]:
    """The figures of the whole test: name, value, and what it means."""
    scores = report.scores
    if scores is None:
        return []
    rows = [
        (_("Attempts"), shown(report.count, Form.WHOLE), ""),
        (_("Passed"), shown(report.pass_rate, Form.PERCENT), _count(report.passed)),
        (_("Mean score"), shown(scores.mean, Form.PERCENT), ""),
        (_("Median score"), shown(scores.median, Form.PERCENT), ""),
        (
            _("Quartiles"),
            f"{shown(scores.lower, Form.PERCENT)} – {shown(scores.upper, Form.PERCENT)}",
            _("half of the attempts lie between"),
        ),
        (_("Standard deviation"), shown(scores.deviation, Form.PERCENT), ""),
        (
            _("Skewness"),
            shown(scores.skewness, Form.NUMBER),
            _("below zero: more high scores than low ones"),
        ),
        (
            _("Median time"),
            shown(report.seconds, Form.SECONDS),
            _("minutes and seconds from start to handing in"),
        ),
    ]
    return [{"name": name, "value": value, "note": note} for name, value, note in rows]


def _reliability(report: Report) -> dict[str, Any]:
    found = report.reliability
    if found is None:
        return {}
    return {
        "value": shown(found.coefficient, Form.NUMBER),
        "error": "" if found.error is None else f"± {shown(found.error, Form.PERCENT)}",
        "count": shown(found.count, Form.WHOLE),
        "items": found.items,
        "is_negative": found.coefficient < 0,
    }


def _count(n: int) -> str:
    return gettext("%(n)s attempts") % {"n": shown(n, Form.WHOLE)}


class ItemReportView(AnalysisView):
    """A question of a quiz: its versions side by side."""

    template_name = "analysis/item.html"

    def get(
        self, request: HttpRequest, *args: Any, pk: int, question: int, **kwargs: Any
    ) -> HttpResponse:
        """The question with its figures; 404 if no attempt of the selection asked it."""
        self.quiz = get_quiz(request.user, pk)
        self.object = get_question(request.user, question, of=Quiz)
        report = get_report(_of_quiz(self, self.quiz))
        items = [item for item in report.items if item.question_id == question]
        return self.render_to_response(
            self.get_context_data(versions=[_version(item) for item in items], quiz=self.quiz)
        )

    def crumbs(self) -> list[tuple[str, str]]:
        url = reverse("analysis_quiz", args=[self.quiz.pk])
        address = f"{url}?{self.query}" if self.query else url
        return [*_way_to_quiz(self.quiz), (address, gettext("Analysis"))]


class QuestionReportView(AnalysisView):
    """A question over all quizzes that asked it."""

    template_name = "analysis/item.html"

    def get(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        """The question with its figures, or how to come to some."""
        self.object = get_question(request.user, pk)
        report = get_report(self.select(question_id=pk))
        return self.render_to_response(
            self.get_context_data(versions=[_version(item) for item in report.items], quiz=None)
        )

    def crumbs(self) -> list[tuple[str, str]]:
        model = Question
        return [
            (reverse(_list_name(model)), str(model._meta.verbose_name_plural).capitalize()),
            (
                reverse("wagtailsnippets_bank_question:edit", args=[self.object.pk]),
                str(self.object),
            ),
        ]


def _version(item: ItemReport) -> dict[str, Any]:
    content = in_language(item.content, get_language())
    tables = item.answers
    return {
        "item": item,
        "anchor": f"version-{item.number}",
        "kind": get_kind(content["kind"]).label,
        "prompt": get_kind(content["kind"]).prompt(content["prompt"]),
        "cells": cells(item),
        "options": _rows(tables.options),
        "parts": [{"part": part, "rows": _rows(part.rows)} for part in tables.parts],
        "blank_share": shown(tables.blank.share, Form.PERCENT),
    }


def _rows(rows: Iterable[AnswerRow]) -> list[dict[str, Any]]:
    return [{"row": row, "share": shown(row.share, Form.PERCENT)} for row in rows]


def _way_to_quiz(quiz: Any) -> list[tuple[str, str]]:
    return [
        (reverse(_list_name(Quiz)), str(Quiz._meta.verbose_name_plural).capitalize()),
        (reverse("wagtailsnippets_bank_quiz:edit", args=[quiz.pk]), str(quiz)),
    ]


def _list_name(model: type[Model]) -> str:
    return f"wagtailsnippets_bank_{model._meta.model_name}:list"


def _of_quiz(view: AnalysisView, quiz: Quiz) -> Selection:
    """A quiz in practice mode is judged by its practice attempts, another by those that count."""
    return view.select(quiz_id=quiz.pk, practice=quiz.mode == Quiz.Mode.PRACTICE)


class ExportView(View):
    """The table of questions, or the answers, as a file."""

    def get(
        self, request: HttpRequest, *args: Any, pk: int, what: str, form: str
    ) -> HttpResponseBase:
        """The file; back to the report where a workbook would be too long."""
        quiz = get_quiz(request.user, pk)
        selection = SelectionForm(request.GET).selection(
            quiz_id=quiz.pk, practice=quiz.mode == Quiz.Mode.PRACTICE
        )
        if what not in ("questions", "answers") or form not in ("csv", "xlsx"):
            raise Http404
        if what == "questions":
            sheet = item_sheet(sort_items(get_report(selection).items, ""))
        else:
            if form == "xlsx" and selection.chosen().count() > MOST_XLSX_ATTEMPTS:
                messages.error(
                    request, _("Too many attempts for an Excel workbook. Take the CSV file.")
                )
                return redirect("analysis_quiz", pk)
            sheet = answer_sheet(selection)
        name = f"{quiz.key}-{what}.{form}"
        if form == "xlsx":
            return FileResponse(
                write_xlsx(sheet), as_attachment=True, filename=name, content_type=_XLSX
            )
        return StreamingHttpResponse(
            csv_lines(sheet),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
