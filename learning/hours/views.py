"""«Giờ bồi dưỡng của tôi»: her hours of a year, and the courses she took elsewhere."""

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from learning.audit.actions import tell_disclosure
from learning.audit.models import Disclosure
from learning.hours import queries
from learning.hours.models import FIRST_YEAR, OutsideCourse
from learning.hours.outside import access, actions, telling
from learning.hours.outside.forms import CourseForm
from learning.organisations.access import current_unit

YEAR = "nam"
State = OutsideCourse.State


def read_year(request: HttpRequest) -> int:
    """The year asked for; not asked, this one. Raises `Http404` for what is none, or to come."""
    this_year = timezone.localdate().year
    text = request.GET.get(YEAR, "")
    if not text:
        return this_year
    if not (text.isascii() and text.isdecimal() and len(text) == 4):
        raise Http404
    if not FIRST_YEAR <= int(text) <= this_year:
        raise Http404
    return int(text)


@require_safe
@never_cache
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Her hours of the year against her obligation, and where each of them comes from."""
    year, today = read_year(request), timezone.localdate()
    own = OutsideCourse.objects.filter(user=_person(request))
    context = {
        "year": year,
        "years": queries.years_of(request.user, today=today),
        "balance": queries.balance_of_person(request.user, year, today=today),
        "obligation": queries.basis_of(request.user, year, today=today),
        "completions": queries.completions_of(request.user, year),
        "courses": _of_year(own, year, is_current=year == today.year),
        "is_current": year == today.year,
    }
    return render(request, "hours/mine.html", context)


def _of_year(
    own: QuerySet[OutsideCourse], year: int, *, is_current: bool
) -> QuerySet[OutsideCourse]:
    """Those of the year; with this year's those that have no day yet."""
    wanted = Q(to_day__year=year)
    if is_current:
        wanted |= Q(to_day__isnull=True)
    return own.filter(wanted).order_by("-created_at", "-pk")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Enter a course. The key comes from the page, so that two presses make one course."""
    if request.method == "POST":
        key = _read_key(request.POST.get("key", ""))
        known = OutsideCourse.objects.filter(user=_person(request), key=key).first()
        return _entered(request, key, known)
    return _page(request, CourseForm(course=None), key=uuid.uuid4(), course=None)


def _read_key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid.uuid4()


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def course(request: HttpRequest, key: UUID) -> HttpResponse:
    """One of her courses: to change while it is open to her, else to read."""
    held = access.get_own(request.user, key)
    if request.method == "POST":
        return _entered(request, key, held)
    form = CourseForm(course=held) if held.may_be_changed else None
    return _page(request, form, key=key, course=held)


def _entered(request: HttpRequest, key: UUID, held: OutsideCourse | None) -> HttpResponse:
    """Keep what was sent. Where something is wrong, a file that is right is kept all the same:
    a browser would not send it again by itself."""
    handing_in = "hand_in" in request.POST
    form = CourseForm(request.POST, request.FILES, course=held, handing_in=handing_in)
    is_right, evidence = form.is_valid(), form.right_evidence
    try:
        if is_right:
            typed = form.typed
            held = actions.save_course(key=key, user=request.user, typed=typed, evidence=evidence)
            return _saved(request, held, handing_in=handing_in)
        if evidence is not None:
            kept = None if held else form.typed
            held = actions.save_course(key=key, user=request.user, typed=kept, evidence=evidence)
    except actions.NotOpenError:
        messages.error(request, _("This course waits or was approved: it can't be changed now."))
        return redirect("hours:mine")
    return _page(request, form, key=key, course=held, status=400)


def _saved(request: HttpRequest, held: OutsideCourse, *, handing_in: bool) -> HttpResponse:
    if not handing_in:
        messages.success(request, _("Draft saved. It counts once it is handed in and approved."))
        return redirect("hours:course", key=held.key)
    try:
        actions.hand_in(course=held)
    except actions.NoUnitError:
        messages.error(
            request,
            _(
                "Saved as a draft, but not handed in: you are in no unit, so nobody can approve"
                " it. Ask your HR officer to put you on the staff list."
            ),
        )
        return redirect("hours:course", key=held.key)
    messages.success(request, _("Handed in. You are told when your HR officer has decided."))
    assert held.to_day is not None
    return redirect(f"{reverse('hours:mine')}?{YEAR}={held.to_day.year}")


def _page(
    request: HttpRequest,
    form: CourseForm | None,
    *,
    key: UUID,
    course: OutsideCourse | None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "key": key,
        "course": course,
        "has_unit": current_unit(request.user) is not None,
    }
    return render(request, "hours/course.html", context, status=status)


@require_POST
@login_required
def take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """She wants to correct what waits."""
    held = actions.take_back(course=access.get_own(request.user, key))
    if held.may_be_changed:
        messages.success(request, _("Taken back. Correct it and hand it in again."))
    else:
        messages.error(request, _("It has been approved meanwhile."))
    return redirect("hours:course", key=key)


@require_POST
@login_required
def remove(request: HttpRequest, key: UUID) -> HttpResponse:
    """Delete a draft, or what was returned."""
    held = OutsideCourse.objects.filter(user=_person(request), key=key).first()
    try:
        if held is not None:
            actions.remove(course=held)
    except actions.NotOpenError:
        messages.error(request, _("This course waits or was approved: it can't be deleted."))
    else:
        if held is None:
            raise Http404
        messages.success(request, _("The course was deleted."))
    return redirect("hours:mine")


@require_safe
@never_cache
@login_required
def evidence(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The file, for her and for her HR officers, who are noted. A PDF is only to be saved."""
    held = access.get_evidence(request.user, key)
    try:
        file = held.evidence.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    tell_disclosure(
        how=Disclosure.How.VIEWED, what=telling.EVIDENCE, by=request.user, about=held.user
    )
    reply = FileResponse(
        file, as_attachment=not held.is_picture, filename=held.evidence_name or key.hex
    )
    reply["X-Robots-Tag"] = "noindex"
    return reply


def _person(request: HttpRequest) -> Any:
    """Who is logged in: `login_required` stands before."""
    return request.user
