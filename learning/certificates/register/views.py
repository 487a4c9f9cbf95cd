"""The register's screen, its files, one line with its story, and the check of the chain."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from learning.audit.actions import tell_disclosure
from learning.audit.models import Disclosure
from learning.certificates.life.requests import kind_for
from learning.certificates.models import Certificate, RegisterChain, StandingRequest
from learning.certificates.register import access
from learning.certificates.register.checks import ask_for_check, chain_states
from learning.certificates.register.files import LINES_A_VOLUME, draw_book, write_xlsx
from learning.certificates.register.lines import lines, lines_of_page
from learning.certificates.register.queries import Asked, certificates, courses, story, years
from learning.certificates.register.units import unit_choices
from learning.organisations.access import responsible_units
from learning.organisations.models import Unit

A_PAGE = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = Certificate.State


@require_safe
@never_cache
@login_required
def register(request: HttpRequest) -> HttpResponse:
    """The lines that the reader may see and asked for, newest first, a page at a time."""
    mine = access.readable(request.user)
    asked = read_asked(request)
    found = certificates(asked, of=mine).reverse()
    pages = Paginator(found, A_PAGE)
    page = pages.get_page(request.GET.get("trang"))
    shown = lines_of_page(
        found[page.start_index() - 1 : page.end_index()] if pages.count else found.none(),
        first=max(page.start_index(), 1),
    )
    tell(request, asked, how=Disclosure.How.VIEWED, count=len(shown))
    volumes = -(-pages.count // LINES_A_VOLUME)
    context = {
        "asked": asked,
        "page_of": page,
        "lines": shown,
        "years": years(),
        "states": State.choices,
        "courses": courses(),
        "unit_options": unit_choices(access.readable_units(request.user), chosen=asked.unit),
        "chains": chain_states(),
        "address": address(asked),
        "extra": f"{text}&" if (text := address(asked)) else "",
        "volumes": [(n, *_span(n, pages.count)) for n in range(1, volumes + 1)],
        "may_act": access.may_act(request.user),
    }
    return render(request, "certificates/register/list.html", context)


def _span(volume: int, count: int) -> tuple[int, int]:
    return (volume - 1) * LINES_A_VOLUME + 1, min(volume * LINES_A_VOLUME, count)


def read_asked(request: HttpRequest) -> Asked:
    """What the address asks for; what is not understood is left out. Raises `Http404` for a unit
    that is not the reader's."""
    get = request.GET
    year = get.get("nam", "")
    unit = None
    if (typed := get.get("don-vi", "")).isdecimal():
        unit = access.readable_units(request.user).filter(pk=int(typed[:18])).first()
        if unit is None:
            raise Http404
    state = get.get("tinh-trang", "")
    return Asked(
        year=int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None,
        unit=unit,
        course_key=_key(get.get("khoa", "")),
        state=state if state in State.values else "",
        text=get.get("tim", "").replace("\0", "").strip()[:100],
    )


def _key(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def address(asked: Asked) -> str:
    """The question as the query part of an address."""
    told = {
        "nam": asked.year,
        "don-vi": asked.unit.pk if asked.unit else None,
        "khoa": asked.course_key,
        "tinh-trang": asked.state,
        "tim": asked.text,
    }
    return urlencode({name: value for name, value in told.items() if value})


@require_safe
@never_cache
@login_required
def register_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same lines as a workbook."""
    asked = read_asked(request)
    found = certificates(asked, of=access.readable(request.user))
    tell(request, asked, how=Disclosure.How.EXPORTED, count=found.count(), form="xlsx")
    file = write_xlsx(
        lines(found), told=asked_in_words(asked, by=request.user), chains=chain_states()
    )
    return FileResponse(
        file, as_attachment=True, filename=f"{_name(asked)}.xlsx", content_type=_XLSX
    )


@require_safe
@never_cache
@login_required
def register_pdf(request: HttpRequest) -> HttpResponse:
    """The same lines as a book to print, one volume of it (`quyen`)."""
    asked = read_asked(request)
    found = certificates(asked, of=access.readable(request.user))
    count = found.count()
    volume = request.GET.get("quyen", "1")
    number = int(volume) if volume.isascii() and volume.isdecimal() and len(volume) < 6 else 1
    first, last = _span(max(number, 1), count)
    if number > 1 and first > count:
        raise Http404
    tell(request, asked, how=Disclosure.How.EXPORTED, count=max(last - first + 1, 0), form="pdf")
    with translation.override("vi"):  # the book is, whatever the screen
        part = ""
        if count > LINES_A_VOLUME:
            words = _("Volume %(number)s: lines %(first)s to %(last)s of %(count)s")
            part = words % {"number": number, "first": first, "last": last, "count": count}
        told = asked_in_words(asked, by=request.user)
        pdf = draw_book(
            lines(found[first - 1 : last], first=first) if count else [],
            scope="; ".join(f"{name}: {value}" for name, value in told),
            volume=part,
            chains=chain_states(),
        )
    reply = HttpResponse(pdf, content_type="application/pdf")
    reply["Content-Disposition"] = f'attachment; filename="{_name(asked)}-{max(number, 1)}.pdf"'
    return reply


def _name(asked: Asked) -> str:
    return f"so-cap-giay-chung-nhan-{asked.year}" if asked.year else "so-cap-giay-chung-nhan"


def asked_in_words(asked: Asked, *, by: Any) -> list[tuple[str, str]]:
    """What `by` asked for, as names and values."""
    told = [
        (_("Year"), str(asked.year) if asked.year else _("All")),
        (_("Unit"), _unit_words(asked, by)),
    ]
    if asked.course_key:
        told.append((_("Course"), dict(courses()).get(asked.course_key, "")))
    if asked.state:
        told.append((_("State"), str(State(asked.state).label)))
    if asked.text:
        told.append((_("Contains"), asked.text))
    return told


def _unit_words(asked: Asked, by: Any) -> str:
    if asked.unit is not None:
        return asked.unit.name
    if access.is_department(by):
        return _("All units")
    return ", ".join(unit.name for unit in responsible_units(by))


@require_safe
@never_cache
@login_required
def register_line(request: HttpRequest, code: str) -> HttpResponse:
    """One certificate with everything the register says of it."""
    context = line_context(request, access.get_line(request.user, code))
    return render(request, "certificates/register/line.html", context)


def line_context(request: HttpRequest, certificate: Certificate) -> dict[str, Any]:
    """What the page of one line shows; that it was seen is noted."""
    holder = certificate.enrolment.user if certificate.enrolment else None
    if holder is not None:
        tell_disclosure(
            how=Disclosure.How.VIEWED, what="register-line", by=request.user, about=holder
        )
    pending = StandingRequest.Decision.PENDING
    return {
        "certificate": certificate,
        "state": certificate.state(),
        "entries": story(certificate),
        "kind": kind_for(certificate),
        "waiting": certificate.requests.filter(decision=pending).first(),
        "may_ask": access.may_ask(request.user, certificate),
    }


@require_POST
@login_required
def check_chains(request: HttpRequest) -> HttpResponse:
    """Have the worker check every chain, unless it is at it."""
    access.readable_units(request.user)
    asked = [ask_for_check(issuer) for issuer in _issuers()]
    if any(asked):
        messages.success(request, _("The register is being checked; reload this page in a minute."))
    else:
        messages.info(request, _("The register is being checked already."))
    return redirect("certificates:register")


def _issuers() -> list[str]:
    return list(RegisterChain.objects.order_by("issuer").values_list("issuer", flat=True))


def tell(
    request: HttpRequest, asked: Asked, *, how: Disclosure.How, count: int, **more: Any
) -> None:
    """Note whose lines were seen or taken, below each unit that the reader answers for."""
    units: list[Unit] = [asked.unit] if asked.unit else responsible_units(request.user)
    if not units or (asked.unit is None and access.is_department(request.user)):
        units = list(Unit.get_root_nodes())
    filters = dict(asked_in_words(asked, by=request.user)) | more
    for unit in units:
        tell_disclosure(
            how=how, what="certificates", by=request.user, unit=unit, count=count, filters=filters
        )
