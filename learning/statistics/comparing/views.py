"""The screen on which units and periods stand beside each other."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from learning.statistics.charts import stacked_chart
from learning.statistics.comparing.columns import MOST_UNITS, lines, sides
from learning.statistics.filters import EndsBeforeItBeginsError, Filters, NotADayError, read_period
from learning.statistics.guard import for_hr
from learning.statistics.moments import By, Moment
from learning.statistics.scope import UnitNode
from learning.statistics.screen import Option, course_options, unit_options

WITH, OTHER_SINCE, OTHER_DAY = "voi", "tu-ngay-2", "den-ngay-2"


@for_hr
def compare(request: HttpRequest, filters: Filters) -> HttpResponse:
    """The asked unit and period, and what was asked to stand beside."""
    units = _units(request, filters)
    found = sides(reader=request.user, filters=filters, units=units, other=_other(request, filters))
    names = [side.name or _("All my units") for side in found]
    found = [replace(side, name=name) for side, name in zip(found, names, strict=True)]
    return render(
        request,
        "statistics/compare.html",
        {
            "filters": filters,
            "sides": found,
            "lines": list(lines(found)),
            "chart": stacked_chart([side.as_row() for side in found]),
            "course_options": course_options(filters),
            "unit_options": unit_options(filters),
            "beside": [_options(filters, units, place) for place in range(MOST_UNITS - 1)],
            "other_since": request.GET.get(OTHER_SINCE, ""),
            "other_day": request.GET.get(OTHER_DAY, ""),
            "ways": By.choices,
        },
    )


def _units(request: HttpRequest, filters: Filters) -> list[UnitNode]:
    """Those to stand beside, each once. Raises `Http404` for what lies outside the scope."""
    found: dict[int, UnitNode] = {}
    for text in request.GET.getlist(WITH)[: MOST_UNITS - 1]:
        if text.isascii() and text.isdigit() and len(text) < 19:
            node = filters.scope.get(int(text))
            if node != filters.unit:
                found[node.pk] = node
    return list(found.values())


def _other(request: HttpRequest, filters: Filters) -> Moment | None:
    """The other period; one that can't be read is told and left out."""
    since, day = request.GET.get(OTHER_SINCE, "").strip(), request.GET.get(OTHER_DAY, "").strip()
    if not since and not day:
        return None
    try:
        return read_period(since, day, today=filters.moment.today, by=filters.moment.by)
    except NotADayError as error:
        told = _("«%(day)s» is no day. Write it as dd/mm/yyyy.") % {"day": error}
    except EndsBeforeItBeginsError as error:
        start, end = (f"{one:%d/%m/%Y}" for one in error.args)
        told = _("The other period ends on %(end)s, before it begins on %(start)s.") % {
            "end": end,
            "start": start,
        }
    messages.error(request, told)
    return None


def _options(filters: Filters, chosen: list[UnitNode], place: int) -> list[Option]:
    """The units beside the asked one, and those right below it."""
    scope, unit = filters.scope, filters.unit
    above = scope.chain(unit)[:-1] if unit else ()
    near = [*scope.children(above[-1] if above else None), *(scope.children(unit) if unit else ())]
    picked = chosen[place] if place < len(chosen) else None
    nodes = {node.pk: node for node in (*near, *chosen) if node != unit}
    return [Option(str(node.pk), node.name, node == picked) for node in nodes.values()]
