"""Two doors: the list with its totals, and the file. Both read and neither writes."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learning.audit.models import Disclosure
from learning.hours.queries import obligations_of
from learning.organisations.disclosing import tell_list
from learning.statistics.hours.files import csv_lines, unit_name, write_xlsx
from learning.statistics.hours.queries import PAGE, Asked, HoursReport, Shown, read_asked
from learning.statistics.scope import UnitNode
from learning.statistics.screen import Option

WHAT = "training-hours"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """The unit's year: totals by unit, and its people a page at a time."""
    asked = read_asked(request)
    report = HoursReport(asked)
    page, people = report.page(request.GET.get(PAGE))
    _tell(request, asked, how=Disclosure.How.VIEWED, count=len(people))
    everybody = {"shown": "", "search": ""}
    context = {
        "asked": asked,
        "report": report,
        "total": report.total,
        "lines": [
            (line, unit_name(line), asked.address(unit=line.unit, **everybody))
            for line in report.lines
        ],
        "page_of_people": page,
        "people": people,
        "units": _unit_options(asked),
        "ways": Shown.choices,
        "address": asked.address(),
        "links": {
            "all": asked.address(**everybody),
            "short": asked.address(shown=Shown.SHORT, search=""),
            "reached": asked.address(shown=Shown.REACHED, search=""),
        },
        "chain": _chain(asked),
        "obligations": obligations_of(asked.year),
    }
    return render(request, "statistics/hours.html", context)


@require_safe
@never_cache
@login_required
def export(request: HttpRequest, *, form: str) -> HttpResponseBase:
    """The same question as a file: `csv` streams, `xlsx` is written to disk and sent."""
    asked = read_asked(request)
    report = HoursReport(asked)
    _tell(request, asked, how=Disclosure.How.EXPORTED, count=report.people().count(), form=form)
    name = f"gio-boi-duong-{asked.year}.{form}"
    if form == "xlsx":
        return FileResponse(
            write_xlsx(report), as_attachment=True, filename=name, content_type=_XLSX
        )
    response = StreamingHttpResponse(csv_lines(report), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _tell(
    request: HttpRequest, asked: Asked, *, how: Disclosure.How, count: int, **more: str
) -> None:
    """Whose hours were looked at, or taken away, and by which question."""
    question = {"year": str(asked.year), "shown": asked.shown, "search": asked.search, **more}
    tell_list(
        how=how,
        what=WHAT,
        by=request.user,
        unit=asked.unit.pk if asked.unit else None,
        count=count,
        filters={name: text for name, text in question.items() if text},
    )


def _chain(asked: Asked) -> list[tuple[str, str]]:
    if asked.unit is None:
        return []
    return [
        (node.name, asked.address(unit=node, shown="", search=""))
        for node in asked.scope.chain(asked.unit)
    ]


def _unit_options(asked: Asked) -> list[Option]:
    """The tops, what lies right below, and the way to the chosen unit and on."""
    scope, chosen = asked.scope, asked.unit
    tops = (*scope.tops, *scope.apart)
    shown: set[UnitNode] = {*tops}
    for node in {*scope.tops, *(scope.chain(chosen) if chosen else ())}:
        shown.update(scope.children(node))
    # Of a year before any of her units there is nothing to choose.
    least = min((node.depth for node in tops), default=0)
    return [
        Option(str(node.pk), node.name, node == chosen, "\u2003" * (node.depth - least))
        for node in scope.nodes
        if node in shown
    ]
