"""Lists of staff: handing in, columns, what the dry run found, applying, undoing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from learning.audit.actions import tell_disclosure
from learning.audit.models import Disclosure
from learning.organisations.access import may_manage
from learning.staff.access import get_import, imports_of, open_units
from learning.staff.actions import (
    StaffError,
    choose_sheet,
    decide,
    obstacles,
    start_apply,
    start_check,
    start_undo,
    take_up,
    upload_list,
)
from learning.staff.checking import head_of, header_of
from learning.staff.files import XLSX, write_errors, write_template
from learning.staff.forms import ColumnsForm, UploadForm
from learning.staff.models import StaffImport, StaffImportRow
from learning.staff.reading.tables import sheet_names
from learning.staff.reading.values import as_text
from learning.staff.screen import shown_rows
from quizzes.exchange.base import FileError

ROWS_A_PAGE = 50
LISTS_A_PAGE = 30
# Rows of the file that the screen of columns shows below the header.
_SAMPLES = 4
_PARTS = ("ket-qua", "trang")
State = StaffImport.State
Outcome = StaffImportRow.Outcome


def for_officers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """404 for whoever manages nobody; never kept by a browser."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not may_manage(request.user):
            raise Http404
        return view(request, **kwargs)

    return never_cache(login_required(guarded))


@for_officers
def upload(request: HttpRequest) -> HttpResponse:
    """Hand a list in."""
    units = open_units(request.user)
    form = UploadForm(request.POST or None, request.FILES or None, units=units)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            found = upload_list(
                unit=told["unit"],
                by=request.user,
                name=told["file"].name,
                stream=told["file"],
                size=told["file"].size,
                complete=told["complete"],
            )
        except FileError as error:
            form.add_error("file", str(error))
        else:
            return redirect("staff:import", pk=found.pk)
    return render(request, "staff/upload.html", {"form": form})


@require_safe
@for_officers
def imports(request: HttpRequest) -> HttpResponse:
    """All lists that came in for her units."""
    page = Paginator(imports_of(request.user), LISTS_A_PAGE).get_page(request.GET.get("trang"))
    return render(request, "staff/imports.html", {"page_of_lists": page})


@require_safe
@for_officers
def template(request: HttpRequest) -> FileResponse:
    """An empty list to fill in."""
    return FileResponse(
        write_template(),
        as_attachment=True,
        filename="mau-danh-sach-can-bo.xlsx",
        content_type=XLSX,
    )


@require_safe
@for_officers
def one(request: HttpRequest, *, pk: int) -> HttpResponse:
    """A list, wherever it is: its columns, its progress, or what came of it."""
    found = get_import(request.user, pk)
    if found.is_running:
        return render(
            request, "staff/running.html", {"list": found, "progress": progress_text(found)}
        )
    if found.state == State.UPLOADED or "cot" in request.GET:
        return _columns(request, found)
    return _result(request, found)


def _with_file(request: HttpRequest, pk: int) -> StaffImport:
    """The list, if it came as a file. Raises `Http404` otherwise."""
    found = get_import(request.user, pk)
    if not found.file:
        raise Http404
    return found


def _columns(
    request: HttpRequest, found: StaffImport, form: ColumnsForm | None = None
) -> HttpResponse:
    # What another system sent came without a file.
    if not found.file or found.state not in (State.UPLOADED, State.CHECKED, State.FAILED):
        return _result(request, found)
    error, samples, shown = found.error, [], 0
    try:
        head = head_of(found)
        header = header_of(found, head)
        if form is None:
            told = {"complete": found.complete, "loose_units": found.loose_units}
            form = ColumnsForm(header=header, initial=told)
        below = [row for row in head if row.number > header.last_row][:_SAMPLES]
        shown = len(below)
        samples = [
            (form[f"column-{column}"], [as_text(row[column]) for row in below])
            for column in form.columns
        ]
    except FileError as refusal:
        error = str(refusal)
    with found.file.open("rb") as stream:
        sheets = sheet_names(found.name, cast(BinaryIO, stream))
    _tell(request, found, how=Disclosure.How.VIEWED, count=shown)
    context = {
        "list": found,
        "form": form,
        "samples": samples,
        "sheets": sheets,
        "error": error,
    }
    return render(request, "staff/columns.html", context)


def _result(request: HttpRequest, found: StaffImport) -> HttpResponse:
    counts = found.counts
    tabs = [(kind, counts.get(str(kind), 0)) for kind in Outcome]
    first = next((kind for kind in _TABS if counts.get(str(kind))), Outcome.NEW)
    shown = request.GET.get("ket-qua", "")
    chosen = Outcome(shown) if shown in Outcome.values else first
    rows = StaffImportRow.objects.filter(of=found, outcome=chosen).order_by("number", "pk")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("trang"))
    lines = shown_rows(list(page))
    _tell(request, found, how=Disclosure.How.VIEWED, count=len(page))
    context = {
        "list": found,
        "tabs": tabs,
        "chosen": chosen,
        "page_of_rows": page,
        "rows": lines,
        "obstacles": obstacles(found) if found.state == State.CHECKED else [],
    }
    return render(request, "staff/result.html", context)


# What has to be looked at comes first.
_TABS = (
    Outcome.ERROR,
    Outcome.DOUBTFUL,
    Outcome.NEW,
    Outcome.MOVED,
    Outcome.LEFT,
    Outcome.CHANGED,
    Outcome.UNCHANGED,
)


@require_POST
@for_officers
def sheet(request: HttpRequest, *, pk: int) -> HttpResponse:
    """Read another sheet of the workbook."""
    found = _with_file(request, pk)
    with found.file.open("rb") as stream:
        names = sheet_names(found.name, cast(BinaryIO, stream))
    if request.POST.get("sheet") in names:
        _try(request, lambda: choose_sheet(found=found, sheet=request.POST["sheet"]))
    return redirect("staff:import", pk=pk)


@require_POST
@for_officers
def check(request: HttpRequest, *, pk: int) -> HttpResponse:
    """Confirm the columns; the dry run begins."""
    found = _with_file(request, pk)
    try:
        header = header_of(found, head_of(found))
    except FileError:
        return redirect("staff:import", pk=pk)
    form = ColumnsForm(request.POST, header=header)
    if not form.is_valid():
        return _columns(request, found, form)
    told = form.cleaned_data
    _try(
        request,
        lambda: start_check(
            found=found,
            mapping=form.mapping,
            complete=told["complete"],
            loose_units=told["loose_units"],
        ),
    )
    return redirect("staff:import", pk=pk)


@require_safe
@for_officers
def progress(request: HttpRequest, *, pk: int) -> JsonResponse:
    """How far it is, for the script that renews the bar."""
    found = get_import(request.user, pk)
    return JsonResponse(
        {
            "running": found.is_running,
            "state": found.state,
            "percent": found.percent,
            "done": found.done,
            "text": progress_text(found),
        }
    )


def progress_text(found: StaffImport) -> str:
    """How far it is, in words."""
    return _("%(done)s rows so far, about %(percent)s %%") % {
        "done": f"{found.done:,}".replace(",", "."),
        "percent": found.percent,
    }


@require_POST
@for_officers
def choose(request: HttpRequest, *, pk: int) -> HttpResponse:
    """Decide doubtful rows: every «row-NUMBER» of the form."""
    found = get_import(request.user, pk)
    told = {
        name.removeprefix("row-"): str(choice)
        for name, choice in request.POST.items()
        if name.startswith("row-")
    }
    keys = [key for key in told if key.isdecimal()]
    for row in StaffImportRow.objects.filter(of=found, pk__in=keys).order_by("pk"):
        choice = told[str(row.pk)]
        if choice != row.choice:
            _try(request, partial(decide, row=row, choice=choice))
    return redirect(f"{request.path.removesuffix('chon/')}?{_kept(request)}")


def _kept(request: HttpRequest) -> str:
    """The part of the list that was shown."""
    return "&".join(
        f"{name}={request.POST[name]}"
        for name in _PARTS
        if request.POST.get(name, "").replace("_", "").isalnum()
    )


@require_POST
@for_officers
def apply(request: HttpRequest, *, pk: int) -> HttpResponse:
    """Write it, as the dry run showed it."""
    found = get_import(request.user, pk)
    seal = request.POST.get("seal", "")
    _try(request, lambda: start_apply(found=found, seal=seal, by=request.user))
    return redirect("staff:import", pk=pk)


@require_POST
@for_officers
def undo(request: HttpRequest, *, pk: int) -> HttpResponse:
    """Take it back."""
    found = get_import(request.user, pk)
    _try(request, lambda: start_undo(found=found, by=request.user))
    return redirect("staff:import", pk=pk)


@require_POST
@for_officers
def go_on(request: HttpRequest, *, pk: int) -> HttpResponse:
    """Take up what a stopped worker left."""
    take_up(found=get_import(request.user, pk))
    return redirect("staff:import", pk=pk)


@require_safe
@for_officers
def errors(request: HttpRequest, *, pk: int) -> FileResponse:
    """The rows with errors, to be put right and handed in again."""
    found = get_import(request.user, pk)
    _tell(request, found, how=Disclosure.How.EXPORTED, count=found.counts.get("error", 0))
    name = f"dong-loi-{found.pk}.xlsx"
    return FileResponse(write_errors(found), as_attachment=True, filename=name, content_type=XLSX)


def _tell(request: HttpRequest, found: StaffImport, *, how: Disclosure.How, count: int) -> None:
    """Whoever works in the list's unit may stand in it."""
    tell_disclosure(
        how=how,
        what="staff-list",
        by=request.user,
        unit=found.unit,
        count=count,
        filters={"list": found.pk},
    )


def _try(request: HttpRequest, act: Callable[[], Any]) -> None:
    """Do it, or say why not."""
    try:
        act()
    except (StaffError, FileError) as error:
        messages.error(request, str(error))
