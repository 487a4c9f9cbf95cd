"""Three doors: the figures, the people behind a figure, the file. All read and none writes."""

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from learning.audit.models import Disclosure
from learning.courses.queries import course_choices, get_outline
from learning.organisations.disclosing import tell_list
from learning.statistics.analysis.lists import words
from learning.statistics.charts import goal_chart, stacked_chart
from learning.statistics.exporting.actions import is_long, people_in
from learning.statistics.exporting.models import Export
from learning.statistics.exports import csv_blocks, write_xlsx
from learning.statistics.filters import (
    PAGE,
    Filters,
    Status,
)
from learning.statistics.goals import goal_views
from learning.statistics.guard import for_hr
from learning.statistics.lateness import overdue_list
from learning.statistics.moments import By
from learning.statistics.narrowing import EVERYBODY
from learning.statistics.official.files import OFFICIAL, PDF, attached, official_file
from learning.statistics.official.pdf import write_people_pdf
from learning.statistics.people import FEW, listed, page_of_people, unnamed
from learning.statistics.queries import get_report, how_many
from learning.statistics.screen import (
    chain,
    course_options,
    row_links,
    total_links,
    unit_options,
)
from learning.statistics.sorting import headings, in_order

PEOPLE_A_PAGE = 50


@for_hr
def overview(request: HttpRequest, filters: Filters) -> HttpResponse:
    """The figures of a unit and those below it."""
    filters = filters.of_all
    report = get_report(filters)
    rows = in_order(report.rows, filters.order)
    return render(
        request,
        "statistics/overview.html",
        {
            "filters": filters,
            "report": report,
            "total": report.total,
            "lines": [(row, row_links(filters, row)) for row in rows],
            "headings": headings(filters),
            "links": total_links(filters),
            "chart": stacked_chart(rows),
            "goal": report.goal,
            "goal_chart": goal_chart(report.goal) if report.goal else None,
            "chain": chain(filters),
            "course_options": course_options(filters),
            "unit_options": unit_options(filters),
            "ways": By.choices,
            "export_address": filters.address(order=""),
        },
    )


@for_hr
def goals(request: HttpRequest, filters: Filters) -> HttpResponse:
    """The training goals: how far the units are, and what is missing by when."""
    return render(
        request,
        "statistics/goals.html",
        {
            "filters": filters,
            "goals": goal_views(
                scope=filters.scope,
                unit=filters.unit,
                courses=dict(course_choices()),
                today=filters.today,
            ),
            "unit_options": unit_options(filters),
            "today": filters.today,
        },
    )


class KnownPaginator(Paginator[Any]):
    """Pages of a list whose length may be known already: counting it would cost more than it."""

    known: int | None = None

    @property
    def count(self) -> int:
        """How many there are."""
        return super().count if self.known is None else self.known


@for_hr
def people_list(request: HttpRequest, filters: Filters) -> HttpResponse:
    """The people behind a figure, a page at a time."""
    hidden = unnamed(filters)
    known = how_many(filters, unnamed=hidden)
    few = known is not None and known <= FEW
    if filters.status == Status.OVERDUE and known is not None and not few:
        found: Any = overdue_list(filters)
    else:
        found = listed(filters, few=few).values_list("pk", flat=True)
    pages = KnownPaginator(found, PEOPLE_A_PAGE)
    pages.known = known
    page = pages.get_page(request.GET.get(PAGE))
    outline = get_outline(filters.course_key) if filters.course_key else None
    _tell(request, filters, how=Disclosure.How.VIEWED, count=len(page))
    return render(
        request,
        "statistics/people.html",
        {
            "filters": filters,
            "page_of_people": page,
            "people": page_of_people(filters, list(page)),
            "unnamed": hidden,
            "narrowed": words(filters),
            "narrowing": [one for one in filters.narrowing.parameters().items() if one[1]],
            "widened": filters.address(narrowing=EVERYBODY),
            "module_count": len(outline.modules) if outline else 0,
            "statuses": Status.choices,
            "chain": chain(filters),
            "course_options": course_options(filters),
            "ways": By.choices,
            "unit_options": unit_options(filters),
            "address": filters.address(),
            "overview_address": filters.of_all.address(),
        },
    )


@for_hr
def export(request: HttpRequest, filters: Filters, *, form: str) -> HttpResponseBase:
    """The same question as a file: `csv` streams, `xlsx` is written to disk and sent.

    A long list of people is left to the worker.
    """
    if filters.subject is None:
        raise Http404
    if form in Export.Form.values and is_long(form, people_in(filters)):
        asked = reverse("statistics:export_ask", kwargs={"form": form})
        return redirect(f"{asked}?{filters.address()}")
    report = get_report(filters)
    when = (
        f"den-{filters.moment.day}" if filters.moment.is_past else f"{report.made_at:%Y-%m-%d-%H%M}"
    )
    if form in OFFICIAL:
        return official_file(report, form, when)
    name = f"thong-ke-{when}.{form.removeprefix('danh-sach-')}"
    _tell(request, filters, how=Disclosure.How.EXPORTED, count=report.total.assigned, form=form)
    if form == "danh-sach-pdf":
        return attached(write_people_pdf(report), name, PDF)
    if form == "xlsx":
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return FileResponse(
            write_xlsx(report), as_attachment=True, filename=name, content_type=kind
        )
    response = StreamingHttpResponse(csv_blocks(report), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _tell(
    request: HttpRequest, filters: Filters, *, how: Disclosure.How, count: int, **more: str
) -> None:
    """Whose data was looked at, or taken away, and by which question."""
    asked = {
        "course": filters.course_title,
        "status": filters.status,
        "search": filters.search,
        "narrowed": words(filters),
    }
    tell_list(
        how=how,
        what="learners",
        by=request.user,
        unit=filters.unit.pk if filters.unit else None,
        count=count,
        filters={name: text for name, text in {**asked, **more}.items() if text},
    )
