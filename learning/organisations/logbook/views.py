"""The log, a page at a time, and as a file."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learning.audit.models import Disclosure
from learning.organisations.access import may_read_log
from learning.organisations.disclosing import tell_list
from learning.organisations.logbook.forms import PARTS, LogForm
from learning.organisations.logbook.queries import Line, all_lines, entries_read_by, lines
from quizzes.analysis.columns import Form
from quizzes.analysis.exports import Sheet, csv_lines, write_xlsx

A_PAGE = 50
# A workbook of more would take a request too long; CSV has no end.
MOST_XLSX = 20_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """The newest on top."""
    form = _form(request)
    found = entries_read_by(request.user, **form.told)
    page = Paginator(found.select_related("by"), A_PAGE).get_page(request.GET.get("trang"))
    _tell(request, how=Disclosure.How.VIEWED, count=len(page))
    asked = _asked(request)
    context = {
        "form": form,
        "page_of_entries": page,
        "lines": lines(page),
        "extra": f"{asked}&" if asked else "",
        "asked": asked,
    }
    return render(request, "organisations/logbook/overview.html", context)


@require_safe
@never_cache
@login_required
def export(request: HttpRequest, *, form: str) -> HttpResponseBase:
    """The same as a file: `csv` streams, `xlsx` is written to disk and sent."""
    asked = _form(request)
    if not asked.is_valid():
        # The file would hold more than was meant.
        return redirect(f"{_overview()}?{_asked(request)}")
    found = entries_read_by(request.user, **asked.told)
    count = found.count()
    if form == "xlsx" and count > MOST_XLSX:
        messages.warning(
            request,
            _("These are %(count)s lines, more than a workbook takes. Ask for less, or take CSV.")
            % {"count": count},
        )
        return redirect(f"{_overview()}?{_asked(request)}")
    _tell(request, how=Disclosure.How.EXPORTED, count=count)
    sheet = _sheet(all_lines(found))
    name = f"nhat-ky-thao-tac-{timezone.localdate():%Y-%m-%d}.{form}"
    if form == "csv":
        reply = StreamingHttpResponse(csv_lines(sheet), content_type="text/csv; charset=utf-8")
        reply["Content-Disposition"] = f'attachment; filename="{name}"'
        return reply
    return FileResponse(write_xlsx(sheet), as_attachment=True, filename=name, content_type=_XLSX)


def _form(request: HttpRequest) -> LogForm:
    """The question, read. Raises `Http404` for whoever reads no log."""
    if not may_read_log(request.user):
        raise Http404
    form = LogForm(request.GET)
    form.is_valid()
    return form


def _asked(request: HttpRequest) -> str:
    told = {part: request.GET[part] for part in PARTS.values() if request.GET.get(part)}
    return urlencode(told)


def _overview() -> str:
    return reverse("logbook:overview")


def _tell(request: HttpRequest, *, how: Disclosure.How, count: int) -> None:
    """The log names people: they are told who read it, or took it away."""
    tell_list(how=how, what="audit-log", by=request.user, unit=None, count=count)


def _sheet(rows: Any) -> Sheet:
    headings = (_("Time"), _("By"), _("Act"), pgettext("act", "About"), _("Unit"), _("Details"))
    return Sheet(
        pgettext("screen", "Audit log"),
        [(heading, Form.TEXT) for heading in headings],
        map(_cells, rows),
    )


def _cells(line: Line) -> tuple[str, ...]:
    at = f"{line.at:%Y-%m-%d %H:%M:%S}"
    return (at, line.by, line.act, line.about, line.unit, line.details)
