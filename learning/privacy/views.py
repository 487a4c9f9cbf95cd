"""«Dữ liệu của tôi»: what is kept, who has seen it, a copy, and what one may ask."""

import io
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from learning.privacy import access, actions, queries
from learning.privacy.copies import (
    MOST_AT_ONCE,
    as_json,
    data_of,
    headings_of,
    readable,
    size_of_copy,
    write_zip,
)
from learning.privacy.forms import CopyForm, NameForm, WishForm
from learning.privacy.kept import SECURITY, get_kind
from learning.privacy.models import DataCopy, DataRequest
from learning.privacy.queries import KeptOfPerson

ROWS_SHOWN = 200
SEEN_A_PAGE = 50
SEEN_FIRST = 5
# The kinds of request a person makes by a form, as they stand in the address.
ASKED = {
    "sua-ten": DataRequest.Kind.NAME,
    "xoa": DataRequest.Kind.ERASURE,
    "han-che": DataRequest.Kind.RESTRICTION,
}


def reading_order(lines: list[KeptOfPerson]) -> list[KeptOfPerson]:
    """The account first, what is kept for safety last."""
    return sorted(lines, key=lambda line: (line.kept.basis is SECURITY, -line.kept.rank))


@require_safe
@never_cache
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Everything at a glance."""
    lines = reading_order(queries.what_is_kept(request.user))
    seen = queries.disclosures_about(request.user)
    return render(
        request,
        "privacy/mine.html",
        {
            "kept": [line for line in lines if line.count],
            "empty": [line for line in lines if not line.count],
            "requests": queries.requests_of(request.user)[:10],
            "consents": queries.consents_of(request.user),
            "restricted": queries.is_restricted(request.user),
            "seen": queries.seen_lines(seen[:SEEN_FIRST]),
            "seen_count": seen.count(),
            "copies": DataCopy.objects.filter(person=request.user.pk)[:3],
        },
    )


@require_safe
@never_cache
@login_required
def rows(request: HttpRequest, slug: str) -> HttpResponse:
    """What is kept of one kind, row by row."""
    kept = get_kind(slug)
    if kept is None:
        raise Http404
    found: list[dict[str, Any]] = []
    for row in kept.collect(request.user):
        found.append(dict(row))
        if len(found) >= ROWS_SHOWN:
            break
    headings = headings_of(found)
    table = [
        [(heading, readable(row.get(heading))) for heading in headings if heading in row]
        for row in found
    ]
    count = kept.count(request.user)
    context = {"kept": kept, "table": table, "count": count}
    return render(request, "privacy/rows.html", context)


@require_safe
@never_cache
@login_required
def seen(request: HttpRequest) -> HttpResponse:
    """Who has seen or taken her data, all of it."""
    page = Paginator(queries.disclosures_about(request.user), SEEN_A_PAGE).get_page(
        request.GET.get("trang")
    )
    context = {"page_of_seen": page, "seen": queries.seen_lines(page.object_list)}
    return render(request, "privacy/seen.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@sensitive_post_parameters("password")
def copy(request: HttpRequest) -> HttpResponseBase:
    """A copy of everything: at once, or from the worker where it is large."""
    form = CopyForm(request.POST or None, request=request)
    if request.method != "POST" or not form.is_valid():
        return render(request, "privacy/copy_form.html", {"form": form})
    if size_of_copy(request.user) > MOST_AT_ONCE:
        actions.order_copy(person=request.user)
        messages.success(
            request,
            _("Your copy is being made; it lies on this page for seven days. Reload in a minute."),
        )
        return redirect("privacy:mine")
    return _copy_at_once(request, form.cleaned_data["form"])


def _copy_at_once(request: HttpRequest, form: str) -> FileResponse:
    buffer = io.BytesIO()
    if form == "json":
        buffer.write(as_json(data_of(request.user)))
    else:
        write_zip(request.user, buffer)
    actions.note_copy(person=request.user, form=form)
    buffer.seek(0)
    return FileResponse(
        buffer, as_attachment=True, filename=f"du-lieu-cua-toi-{timezone.localdate()}.{form}"
    )


@require_safe
@never_cache
@login_required
def copy_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A copy that the worker has made; for its person alone."""
    made = access.get_copy(request.user, pk)
    name = f"du-lieu-cua-toi-{timezone.localdate(made.made_at)}.zip"
    return FileResponse(made.file.open("rb"), as_attachment=True, filename=name)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def ask(request: HttpRequest, what: str) -> HttpResponse:
    """Ask for a correction, an erasure or a restriction."""
    kind = ASKED.get(what)
    if kind is None:
        raise Http404
    waiting = queries.requests_of(request.user).waiting().filter(kind=kind).first()  # type: ignore[attr-defined]
    form: NameForm | WishForm
    if kind == DataRequest.Kind.NAME:
        form = NameForm(request.POST or None, person=request.user)
    else:
        # An empty form is a wish too: the words are not demanded.
        form = WishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = actions.ask(person=request.user, kind=kind, **form.cleaned_data)
        day = f"{made.due_on:%d/%m/%Y}"
        messages.success(
            request, _("Sent. You get an answer by %(day)s at the latest.") % {"day": day}
        )
        return redirect("privacy:mine")
    context = {
        "form": form,
        "kind": kind,
        "label": DataRequest.Kind(kind).label,
        "waiting": waiting,
    }
    return render(request, "privacy/ask.html", context)


@require_POST
@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """She asks no longer."""
    cancelled = actions.cancel_request(request=access.get_own_request(request.user, pk))
    if cancelled.state == DataRequest.State.CANCELLED:
        messages.success(request, _("The request is cancelled."))
    else:
        messages.warning(request, _("The request had been answered already."))
    return redirect("privacy:mine")


@require_POST
@login_required
def withdraw(request: HttpRequest) -> HttpResponse:
    """She agrees no longer."""
    if actions.withdraw_consent(user=request.user, purpose=request.POST.get("purpose", "")[:60]):
        messages.success(
            request, _("Your consent is withdrawn. Your HR officer is told and answers you.")
        )
    return redirect("privacy:mine")


@require_POST
@login_required
def lift(request: HttpRequest) -> HttpResponse:
    """Her data may be used again."""
    actions.lift_restriction(person=request.user)
    messages.success(request, _("The restriction is lifted."))
    return redirect("privacy:mine")


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """What is processed, for what, on what ground and how long; for everyone."""
    context = {
        "kept": reading_order(queries.notice_lines()),
        "issuer": settings.CERTIFICATE_ISSUER,
    }
    return render(request, "privacy/notice.html", context)
