"""The officers' doors to assignments: look, give, change, exempt, extend, end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import DateField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from learning.audit.models import Disclosure
from learning.courses.queries import course_choices
from learning.enrolments import access
from learning.enrolments.assigning.actions import (
    end_assignment,
    end_exemption,
    exempt,
    extend,
    save_assignment,
)
from learning.enrolments.assigning.forms import AssignmentForm
from learning.enrolments.assigning.queries import (
    STATES,
    assignment_lines,
    counts_of,
    in_words,
    look_ahead,
    people_of,
    window_shown,
)
from learning.enrolments.assigning.settling import Settled
from learning.enrolments.models import Assignment, Enrolment
from learning.enrolments.reminding.now import zalo_text_of
from learning.organisations.access import is_hr, may_manage, units_managed_by, units_of_hr
from learning.organisations.disclosing import tell_list
from learning.vietnamese import DAY_FORMATS, nfc, search_key

PEOPLE_A_PAGE = 50
MOST_TICKED = 1000


def _officer(request: HttpRequest) -> None:
    if not is_hr(request.user):
        raise Http404


def _acting(request: HttpRequest) -> None:
    if not may_manage(request.user):
        raise Http404


@require_safe
@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """«Giao học»: the assignments that concern her units."""
    _officer(request)
    ended = request.GET.get("da-ket-thuc") == "1"
    lines = assignment_lines(
        request.user, courses=dict(course_choices()), today=timezone.localdate(), ended=ended
    )
    return render(
        request,
        "enrolments/overview.html",
        {"lines": lines, "ended": ended, "may_manage": may_manage(request.user)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Give a course: fill in, look at whom and when it means, then give it."""
    _acting(request)
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an assignment's terms, after a look at what they mean now."""
    assignment = access.get_managed_assignment(request.user, pk)
    if assignment.ended_on is not None:
        raise Http404
    return _edit(request, assignment)


def _edit(request: HttpRequest, assignment: Assignment | None) -> HttpResponse:
    form = AssignmentForm(
        request.POST or None,
        units=units_managed_by(request.user),
        courses=course_choices(),
        assignment=assignment,
    )
    meant = None
    if request.method == "POST" and form.is_valid():
        if "save" in request.POST:
            done = save_assignment(
                assignment=form.assignment, people=form.people_keys, by=request.user
            )
            messages.success(request, _told(done, form.assignment))
            return redirect("enrolments:assignment", form.assignment.pk)
        meant = look_ahead(form.assignment, form.people_keys)
    return render(
        request,
        "enrolments/form.html",
        {"form": form, "assignment": assignment, "meant": meant},
        status=400 if form.errors else 200,
    )


def _told(done: Settled, assignment: Assignment) -> str:
    if not assignment.is_open(on=timezone.localdate()):
        return _("Saved. People are enrolled on the day it opens.")
    people = done.new + done.restored + done.changed
    return ngettext(
        "Saved: it concerns %d person anew.", "Saved: it concerns %d people anew.", people
    ) % (people)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """One assignment: its terms, its people by state; exempt or extend those who are ticked."""
    found = access.get_assignment(request.user, pk)
    managed = access.enrolments_managed(request.user, found)
    errors: dict[str, list[str]] = {}
    ticked: set[int] = set()
    if request.method == "POST":
        _acting(request)
        ticked = {int(one) for one in request.POST.getlist("who") if one.isdecimal()}
        chosen = managed.filter(pk__in=list(ticked)[:MOST_TICKED])
        try:
            messages.success(request, _act(request, chosen))
        except ValidationError as error:
            errors = error.message_dict
        else:
            return redirect(f"{request.path}?{request.GET.urlencode()}")
    return _assignment_page(request, found, managed, errors=errors, ticked=ticked)


def _assignment_page(
    request: HttpRequest,
    found: Assignment,
    managed: Any,
    *,
    errors: dict[str, list[str]],
    ticked: set[int],
) -> HttpResponse:
    today = timezone.localdate()
    seen = access.enrolments_seen(request.user, found)
    state = request.GET.get("trang-thai", "")
    state = state if state in STATES else ""
    search = nfc(request.GET.get("tim", ""))[:100]
    listed = people_of(seen, state=state, today=today)
    if search:
        listed = listed.filter(user__name_search__contains=search_key(search))
    page = Paginator(listed, PEOPLE_A_PAGE).get_page(request.GET.get("trang"))
    tell_list(
        how=Disclosure.How.VIEWED,
        what="assigned-people",
        by=request.user,
        unit=found.unit_id if units_of_hr(request.user).filter(pk=found.unit_id).exists() else None,
        count=len(page),
        filters={"assignment": found.pk} | ({"search": search} if search else {}),
    )
    course_title = dict(course_choices()).get(found.course_key, "")
    counts = counts_of(seen, today=today)
    acting = set(managed.filter(pk__in=[one.pk for one in page]).values_list("pk", flat=True))
    return render(
        request,
        "enrolments/assignment.html",
        {
            "assignment": found,
            "course_title": course_title,
            "terms": in_words(found, today),
            "counts": counts,
            "zalo": ""
            if found.ended_on
            else zalo_text_of(
                course=course_title, due_on=window_shown(found, today).due_on, counts=counts
            ),
            "page_of_people": page,
            "rows": [_row(one, today, acting, ticked) for one in page],
            "state": state,
            "search": search,
            "errors": errors,
            "typed": request.POST,
            "today": today,
            "may_change": found.ended_on is None
            and units_managed_by(request.user).filter(pk=found.unit_id).exists(),
            "may_act": bool(acting),
        },
        status=400 if errors else 200,
    )


def _row(one: Enrolment, today: Any, acting: set[int], ticked: set[int]) -> dict[str, Any]:
    completion = getattr(one, "completion", None)
    if completion is not None:
        state = "completed"
    elif one.exempt_on is not None:
        state = "exempt"
    else:
        state = "in_progress" if one.started_at else "not_started"
    unfinished = state in ("in_progress", "not_started")
    return {
        "enrolment": one,
        "completion": completion,
        "state": state,
        "overdue": unfinished and one.due_on is not None and one.due_on < today,
        "tickable": one.pk in acting and completion is None,
        "ticked": one.pk in ticked,
    }


def _act(request: HttpRequest, chosen: Any) -> str:
    """Do what the pressed button says; the sentence that tells it."""
    asked = request.POST
    if not chosen.exists():
        raise ValidationError({"who": _("Tick at least one person in the list.")})
    reason = asked.get("reason", "")
    if "exempt" in asked:
        count = exempt(enrolments=chosen, reason=reason, by=request.user)
        return ngettext("%d person exempted.", "%d people exempted.", count) % count
    if "end_exemption" in asked:
        count = end_exemption(enrolments=chosen, by=request.user)
        return ngettext("%d exemption ended.", "%d exemptions ended.", count) % count
    due_on = _day(asked.get("due_on", ""))
    count = extend(enrolments=chosen, due_on=due_on, reason=reason, by=request.user)
    return ngettext("%d person has more time.", "%d people have more time.", count) % count


def _day(text: str) -> Any:
    if not text.strip():
        raise ValidationError({"due_on": _("Until when?")})
    try:
        return DateField(
            input_formats=DAY_FORMATS,
            error_messages={"invalid": _("Write the day as dd/mm/yyyy.")},
        ).clean(text)
    except ValidationError as error:
        raise ValidationError({"due_on": error.messages}) from error


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an assignment, with the reason."""
    found = access.get_managed_assignment(request.user, pk)
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            done = end_assignment(
                assignment=found, reason=request.POST.get("reason", ""), by=request.user
            )
        except ValidationError as error:
            errors = error.message_dict
        else:
            text = ngettext(
                "The assignment is ended; %d person is withdrawn.",
                "The assignment is ended; %d people are withdrawn.",
                done.withdrawn,
            )
            messages.success(request, text % done.withdrawn)
            return redirect("enrolments:overview")
    today = timezone.localdate()
    return render(
        request,
        "enrolments/end.html",
        {
            "assignment": found,
            "course_title": dict(course_choices()).get(found.course_key, ""),
            "counts": counts_of(Enrolment.objects.counted().filter(assignment=found), today=today),
            "errors": errors,
            "reason": request.POST.get("reason", ""),
        },
        status=400 if errors else 200,
    )
