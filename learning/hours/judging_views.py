"""The HR officer's queue of outside courses, and the page on which she decides."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from learning.audit.actions import tell_disclosure
from learning.audit.models import Disclosure
from learning.hours import queries
from learning.hours.models import OutsideCourse
from learning.hours.outside import access, actions, telling
from learning.hours.outside.forms import JudgingForm
from learning.organisations.access import is_hr
from learning.organisations.disclosing import tell_list
from learning.organisations.models import Unit
from learning.vietnamese import nfc, search_key

A_PAGE = 50
WAITING, ALL = "cho", "tat-ca"
State = OutsideCourse.State


@require_safe
@never_cache
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """What waits in her units, the longest first; or all that was handed in, the latest first."""
    if not is_hr(request.user):
        raise Http404
    shown = ALL if request.GET.get("xem") == ALL else WAITING
    text = nfc(request.GET.get("tim", ""))[:100]
    page = Paginator(_asked(request.user, shown, text), A_PAGE).get_page(request.GET.get("trang"))
    tell_list(
        how=Disclosure.How.VIEWED, what=telling.QUEUE, by=request.user, unit=None, count=len(page)
    )
    extra = urlencode({"xem": shown, "tim": text}) + "&"
    context = {"page_of": page, "shown": shown, "text": text, "extra": extra}
    return render(request, "hours/queue.html", context)


def _asked(user: Any, shown: str, text: str) -> QuerySet[OutsideCourse]:
    found = access.seen_by(user).select_related("user", "decided_by")
    found = found.annotate(
        place_name=Subquery(Unit.objects.filter(pk=OuterRef("place")).values("name")[:1])
    )
    if text:
        found = found.filter(user__name_search__contains=search_key(text))
    if shown == WAITING:
        return found.filter(state=State.WAITING).order_by("handed_in_at", "pk")
    return found.order_by(F("handed_in_at").desc(nulls_last=True), "-pk")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def judge(request: HttpRequest, key: UUID) -> HttpResponse:
    """One course with its evidence; who may judge it, decides here."""
    if request.method == "POST":
        return _decide(request, access.get_judged(request.user, key))
    return _page(request, access.get_seen(request.user, key))


def _decide(request: HttpRequest, course: OutsideCourse) -> HttpResponse:
    form = JudgingForm(request.POST, course=course)
    if not form.is_valid():
        return _page(request, course, form=form, status=400)
    told = form.cleaned_data
    try:
        if told["decision"] == "return":
            actions.send_back(
                course=course, reason=told["reason"], by=request.user, version=told["version"]
            )
            messages.success(request, _("Returned. The person is told the reason."))
        else:
            actions.approve(
                course=course,
                hours=told["hours"],
                reason=told["reason"],
                by=request.user,
                version=told["version"],
            )
            messages.success(request, _("Approved. The person is told."))
    except (actions.ChangedError, actions.NotOpenError):
        course.refresh_from_db()
        messages.error(
            request, _("It has changed since you opened it. Nothing was decided; look at it again.")
        )
        return _page(request, course, form=_renewed(form, course), status=409)
    return redirect("hours:queue")


def _renewed(form: JudgingForm, course: OutsideCourse) -> JudgingForm:
    """What she typed, for the course as it is now."""
    data = form.data.copy()  # type: ignore[attr-defined]
    data["version"] = str(course.version)
    return JudgingForm(data, course=course)


def _page(
    request: HttpRequest,
    course: OutsideCourse,
    *,
    form: JudgingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    open_ = course.state in (State.WAITING, State.APPROVED)
    may_judge = access.may_judge(request.user, course)
    if open_ and may_judge:
        form = form or JudgingForm(course=course)
    assert course.to_day is not None or not open_
    year = course.to_day.year if course.to_day else timezone.localdate().year
    others = OutsideCourse.objects.filter(user=course.user, to_day__year=year)
    others = others.exclude(pk=course.pk).exclude(state=State.DRAFT)
    context = {
        "course": course,
        "form": form if open_ and may_judge else None,
        "may_judge": may_judge,
        "year": year,
        "others": others,
        "balance": queries.balance_of_person(course.user, year, today=timezone.localdate()),
    }
    if request.method != "POST":
        tell_disclosure(
            how=Disclosure.How.VIEWED, what=telling.EVIDENCE, by=request.user, about=course.user
        )
    return render(request, "hours/judge.html", context, status=status)
