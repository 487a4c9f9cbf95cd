"""One screen a question. All read and none writes; they name nobody."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from learning.courses.queries import get_outline
from learning.statistics.analysis import modules as by_module
from learning.statistics.analysis import positions as by_position
from learning.statistics.analysis.charts import trend_charts
from learning.statistics.analysis.topics import get_topics
from learning.statistics.analysis.trend import Step, get_trend, list_of
from learning.statistics.filters import Filters, Status
from learning.statistics.guard import for_hr
from learning.statistics.moments import By
from learning.statistics.narrowing import Did, Standing
from learning.statistics.screen import chain, course_options, total_links, unit_options

STEP = "buoc"


@for_hr
def trend(request: HttpRequest, filters: Filters) -> HttpResponse:
    """What came about by day or by week. Raises `Http404` for an unknown step."""
    filters = filters.of_all
    step = request.GET.get(STEP, "")
    if step and step not in Step.values:
        raise Http404
    found = get_trend(filters, step=step) if filters.subject else None
    points = found.points if found else ()
    context = {
        "trend": found,
        "charts": trend_charts(found) if found else None,
        "lines": [(one, {did.name: list_of(filters, one, did) for did in Did}) for one in points],
        "sums": {did.name: found.sum(did) for did in Did} if found else {},
        "steps": [(value, label, filters.address()) for value, label in Step.choices],
        "asked_step": step,
    }
    return _screen(request, filters, "trend", context)


@for_hr
def modules(request: HttpRequest, filters: Filters) -> HttpResponse:
    """Module by module, of one course; of several, the way to each."""
    filters = filters.of_all
    outline = get_outline(filters.course_key) if filters.course_key else None
    report = by_module.get_modules(filters, outline) if outline else None
    several = filters.subject.titles if filters.subject and not filters.course_key else {}
    context = {
        "report": report,
        "lines": [
            (line, {one.name: by_module.list_of(filters, line, one) for one in Standing})
            for line in (report.lines if report else ())
        ],
        "courses": [
            (one.title, filters.address(subject=one))
            for one in filters.subjects.values()
            if one.course_key in several
        ],
    }
    return _screen(request, filters, "modules", context)


@for_hr
def topics(request: HttpRequest, filters: Filters) -> HttpResponse:
    """What people know least, by what the questions are about."""
    filters = filters.of_all
    return _screen(request, filters, "topics", {"report": get_topics(filters)})


@for_hr
def positions(request: HttpRequest, filters: Filters) -> HttpResponse:
    """The people by the position they hold."""
    filters = filters.of_all
    lines = by_position.get_positions(filters)
    shown = {
        "ASSIGNED": "",
        **{
            status.name: status
            for status in (
                Status.COMPLETED,
                Status.IN_PROGRESS,
                Status.NOT_STARTED,
                Status.EXEMPT,
                Status.OVERDUE,
            )
        },
    }
    context = {
        "lines": [
            (
                line,
                {
                    name: by_position.list_of(filters, line, status)
                    for name, status in shown.items()
                },
            )
            for line in lines
        ],
        "total": by_position.sum_of(lines),
        "links": total_links(filters),
    }
    return _screen(request, filters, "positions", context)


def _screen(
    request: HttpRequest, filters: Filters, name: str, context: dict[str, Any]
) -> HttpResponse:
    """The screen with what they all have: the question, and where one is in the tree."""
    common = {
        "filters": filters,
        "here": name,
        # The trend and the answers are of a period; where people stand is of a day.
        "no_since": name in {"modules", "positions"},
        "way": f"statistics:{name}",
        "chain": chain(filters),
        "course_options": course_options(filters),
        "unit_options": unit_options(filters),
        "ways": By.choices,
    }
    return render(request, f"statistics/analysis/{name}.html", {**common, **context})
