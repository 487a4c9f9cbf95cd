"""«Tệp đã xuất»: asked for, watched, fetched. Each officer sees her own files and nobody else's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from learning.audit.models import Disclosure
from learning.organisations.disclosing import tell_list
from learning.statistics.exporting.actions import (
    again,
    ask_for_export,
    cancel,
    is_long,
    people_in,
    take_up,
    throw_away,
)
from learning.statistics.exporting.models import Export
from learning.statistics.guard import moment_of, read_question, scope_of
from learning.statistics.scope import get_scope
from learning.statistics.templatetags.figures import whole

FILES_A_PAGE = 30
State = Export.State


def _door(view: Any) -> Any:
    return never_cache(login_required(view))


@require_http_methods(["GET", "HEAD", "POST"])
@_door
def ask(request: HttpRequest, *, form: str) -> HttpResponse:
    """Say how long the list is and where its file will be; POST has it made."""
    filters = read_question(request.user, request.GET)
    if filters.subject is None:
        raise Http404
    people = people_in(filters)
    if request.method == "POST":
        return redirect(
            "statistics:exported", pk=ask_for_export(filters=filters, form=form, by=request.user).pk
        )
    context = {
        "filters": filters,
        "form": Export.Form(form),
        "people": people,
        "long": is_long(form, people),
        "address": filters.address(),
    }
    return render(request, "statistics/exporting/ask.html", context)


@require_safe
@_door
def files(request: HttpRequest) -> HttpResponse:
    """Her files, the newest first."""
    get_scope(request.user, today=timezone.localdate())
    page = Paginator(_mine(request), FILES_A_PAGE).get_page(request.GET.get("trang"))
    return render(request, "statistics/exporting/files.html", {"page_of_files": page})


@require_safe
@_door
def one(request: HttpRequest, *, pk: int) -> HttpResponse:
    """A file, wherever it is: its progress, or what came of it."""
    found = _get(request, pk)
    if found.is_stuck:
        take_up(found)
        found.refresh_from_db()
    return render(
        request, "statistics/exporting/file.html", {"export": found, "progress": _so_far(found)}
    )


@require_safe
@_door
def progress(request: HttpRequest, *, pk: int) -> JsonResponse:
    """How far it is, for the script that renews the bar."""
    found = _get(request, pk)
    take_up(found)
    told = {"running": found.is_open, "state": found.state, "percent": found.percent}
    return JsonResponse({**told, "done": found.done, "text": _so_far(found)})


@require_safe
@_door
def fetch(request: HttpRequest, *, pk: int) -> HttpResponseBase:
    """The file. Whose data is taken away is told each time."""
    found = _get(request, pk)
    if not found.is_ready:
        return redirect("statistics:exported", pk=pk)
    try:
        stream = found.file.open("rb")
    except FileNotFoundError:
        messages.error(request, _("The file is gone. Have it made again."))
        Export.objects.filter(pk=pk).update(state=State.EXPIRED, file="")
        return redirect("statistics:exported", pk=pk)
    for top in found.tops:
        tell_list(
            how=Disclosure.How.EXPORTED,
            what="learners",
            by=request.user,
            unit=top,
            count=found.done,
            filters={"course": found.course_title, "form": found.form},
        )
    return FileResponse(stream, as_attachment=True, filename=found.name)


@require_POST
@_door
def act(request: HttpRequest, *, pk: int, what: str) -> HttpResponse:
    """Cancel it, make it again, or delete it."""
    found = _get(request, pk)
    if what == "xoa":
        throw_away(found)
        messages.success(request, _("The file is deleted."))
        return redirect("statistics:exports")
    if what == "huy" and not cancel(found):
        messages.info(request, _("There was nothing left to cancel."))
    if what == "lam-lai" and not again(found):
        messages.info(request, _("It is being made already."))
    return redirect("statistics:exported", pk=pk)


def _mine(request: HttpRequest) -> Any:
    return Export.objects.filter(by=request.user.pk)


def _get(request: HttpRequest, pk: int) -> Export:
    """Her own file whose people she may still see. Raises `Http404` otherwise."""
    found = get_object_or_404(_mine(request), pk=pk)
    scope = scope_of(request.user, moment_of(QueryDict(found.question)))
    if not set(found.tops) <= scope.by_pk.keys():
        raise Http404
    return found


def _so_far(found: Export) -> str:
    told = {"done": whole(found.done), "total": whole(found.total), "percent": found.percent}
    return _("%(done)s of %(total)s people, %(percent)s %%") % told
