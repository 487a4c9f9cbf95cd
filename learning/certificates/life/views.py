"""Asking and deciding, the papers of a unit, and the link to share."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from learning.audit.actions import tell_disclosure
from learning.audit.models import Disclosure
from learning.certificates.actions import NotValidError
from learning.certificates.codes import read_code
from learning.certificates.life import requests
from learning.certificates.life.bundling import ask_for_bundle
from learning.certificates.life.forms import DecisionForm, ReasonForm
from learning.certificates.life.sharing import shared, switch_sharing
from learning.certificates.models import Bundle, Certificate, StandingRequest
from learning.certificates.register import access
from learning.certificates.register.queries import Asked, years
from learning.certificates.register.units import unit_choices
from learning.certificates.register.views import line_context, tell
from learning.certificates.signing.queries import best_file
from learning.organisations.models import UnitQuerySet

A_PAGE = 50


@require_POST
@login_required
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask that a certificate be revoked or restored; what is wrong is told on its page."""
    certificate = access.get_line(request.user, code)
    if not access.may_ask(request.user, certificate):
        raise Http404
    kind = requests.kind_for(certificate)
    form = ReasonForm(request.POST)
    if kind is None or not form.is_valid():
        context = line_context(request, certificate) | {"form": form}
        return render(request, "certificates/register/line.html", context, status=400)
    requests.ask(
        certificate=certificate, kind=kind, reason=form.cleaned_data["reason"], by=request.user
    )
    messages.success(request, _("Asked for. Another person of the department decides."))
    return redirect("certificates:register_line", code=certificate.code)


@require_safe
@never_cache
@login_required
def request_list(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, and what was decided, about the lines the reader may see."""
    return _requests(request)


def _requests(request: HttpRequest, **more: Any) -> HttpResponse:
    found = requests.requests_about(access.readable(request.user))
    waiting = found.filter(decision=StandingRequest.Decision.PENDING)
    shown = "tat-ca" if request.GET.get("xem") == "tat-ca" else "cho"
    page = Paginator(found if shown == "tat-ca" else waiting, A_PAGE).get_page(
        request.GET.get("trang")
    )
    tell(request, Asked(), how=Disclosure.How.VIEWED, count=len(page))
    context = {
        "page_of": page,
        "shown": shown,
        "extra": f"xem={shown}&",
        "may_act": access.may_act(request.user),
        "may_decide": access.is_department(request.user),
        **more,
    }
    status = 400 if more else 200
    return render(request, "certificates/register/requests.html", context, status=status)


@require_POST
@login_required
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person's word."""
    if not access.is_department(request.user):
        raise Http404
    asked = get_object_or_404(StandingRequest, pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _requests(request, form=form, form_of=asked.pk)
    approve = form.cleaned_data["decision"] == "approve"
    try:
        requests.decide(
            request=asked, approve=approve, note=form.cleaned_data["note"], by=request.user
        )
    except requests.SamePersonError:
        messages.error(request, _("You asked for it yourself: another person must decide."))
    except NotValidError:
        messages.error(
            request,
            _("It can't be done any more: the certificate stands otherwise now. Decline it."),
        )
    else:
        messages.success(request, _("Approved and entered.") if approve else _("Declined."))
    return redirect("certificates:requests")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def bundles(request: HttpRequest) -> HttpResponse:
    """The officer's collections of papers; a POST has one made."""
    units = _units(request.user)
    if request.method == "POST":
        typed, year = request.POST.get("don-vi", ""), request.POST.get("nam", "")
        unit = units.filter(pk=int(typed[:18])).first() if typed.isdecimal() else None
        if unit is None:
            messages.error(request, _("Choose the unit whose papers you want."))
        else:
            chosen = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None
            ask_for_bundle(unit=unit, year=chosen, by=request.user)
            messages.success(request, _("The papers are being collected; reload in a minute."))
        return redirect("certificates:bundles")
    mine = Bundle.objects.filter(asked_by=_person(request), expires_at__gt=timezone.now())
    context = {
        "bundles": mine.select_related("unit")[:A_PAGE],
        "unit_options": unit_choices(units, chosen=None),
        "years": years(),
        "may_act": True,
    }
    return render(request, "certificates/register/bundles.html", context)


@require_safe
@never_cache
@login_required
def bundle_file(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The ZIP, for who asked for it and may still act for the unit, until it expires."""
    bundle = get_object_or_404(
        Bundle.objects.select_related("unit"),
        key=key,
        asked_by=request.user,
        state=Bundle.State.READY,
        expires_at__gt=timezone.now(),
        unit__in=_units(request.user).order_by().values("pk"),
    )
    try:
        file = bundle.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    tell_disclosure(
        how=Disclosure.How.EXPORTED,
        what="certificates",
        by=request.user,
        unit=bundle.unit,
        count=bundle.done,
        filters={"form": "zip"},
    )
    name = f"giay-chung-nhan-{bundle.year or 'tat-ca'}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


def _units(user: Any) -> UnitQuerySet:
    """The units whose papers she may take: the department's all, an officer's own, no auditor's."""
    units = access.manageable_units(user)
    if not units.exists():
        raise Http404
    return units


@require_POST
@login_required
def share(request: HttpRequest, code: str) -> HttpResponse:
    """The holder switches her link on or off."""
    mine = Certificate.objects.filter(enrolment__user=_person(request))
    certificate = get_object_or_404(mine, code=read_code(code) or "")
    on = request.POST.get("on") == "1"
    switch_sharing(certificate=certificate, on=on, by=request.user)
    told = _("The link is on.") if on else _("The link is off; nobody can open it any more.")
    messages.success(request, told)
    return redirect("certificates:mine")


@require_safe
@never_cache
def shared_page(request: HttpRequest, token: str) -> HttpResponse:
    """What the holder shows: as the public page, with its paper. Off, nothing of it is there."""
    from learning.certificates.verifying.views import certificate_page

    certificate = _shared(token)
    return certificate_page(request, certificate, token=token)


@require_safe
@never_cache
def shared_pdf(request: HttpRequest, token: str) -> HttpResponseBase:
    """The paper at the link."""
    certificate = _shared(token)
    if certificate.paper.rendered_at is None:
        raise Http404
    try:
        file = best_file(certificate.paper).open("rb")
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error
    reply = FileResponse(file, filename=f"{certificate.code}.pdf", content_type="application/pdf")
    reply["X-Robots-Tag"] = "noindex"
    return reply


def _shared(token: str) -> Certificate:
    certificate = shared(token)
    if certificate is None:
        raise Http404
    return certificate


def _person(request: HttpRequest) -> Any:
    """Who is logged in: `login_required` stands before."""
    return request.user
