"""The preview and the press."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from learning.audit.models import Disclosure
from learning.certificates.actions import result_text
from learning.certificates.register import access
from learning.certificates.register.queries import Asked
from learning.certificates.register.units import unit_choices
from learning.certificates.register.views import tell
from learning.courses.queries import course_choices
from learning.organisations.models import Unit, UnitQuerySet
from learning.progress.models import CourseCompletion
from learning.study.issuing.actions import AT_ONCE, issue_to, with_position, without_certificate


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def issuing(request: HttpRequest) -> HttpResponse:
    """Everyone of the officer's units who completed and has no certificate; a press issues it to
    those who are ticked."""
    if not access.may_act(request.user):
        raise Http404
    unit = _unit(request)
    courses = dict(course_choices())
    chosen = _course(request, courses)
    scope = Unit.objects.all().within(unit) if unit else _scope(request)
    found = without_certificate(scope, courses=[chosen] if chosen else courses)
    if request.method == "POST":
        ticked = [int(pk) for pk in request.POST.getlist("who")[:AT_ONCE] if pk.isdecimal()]
        return _issue(request, found.filter(pk__in=ticked), unit, ticked)
    rows = list(with_position(found)[:AT_ONCE])
    tell(request, Asked(unit=unit), how=Disclosure.How.VIEWED, count=len(rows))
    context = {
        "rows": [
            (row, courses[row.enrolment.course_key], result_text(row.percent)) for row in rows
        ],
        "count": found.count(),
        "most": AT_ONCE,
        "unit": unit,
        "course": chosen,
        "courses": courses.items(),
        "unit_options": unit_choices(access.manageable_units(request.user), chosen=unit),
        "may_act": True,
    }
    return render(request, "study/issuing.html", context)


def _issue(
    request: HttpRequest,
    found: QuerySet[CourseCompletion],
    unit: Unit | None,
    ticked: list[int],
) -> HttpResponse:
    if not ticked:
        messages.error(request, _("Tick at least one person."))
    else:
        count = issue_to(found, unit=unit, by=request.user)
        told = ngettext("%(n)s certificate issued.", "%(n)s certificates issued.", count)
        messages.success(request, told % {"n": count})
    return redirect(request.get_full_path())


def _scope(request: HttpRequest) -> UnitQuerySet | None:
    """All units the officer acts for; None for the department: nobody is left out."""
    return None if access.is_department(request.user) else access.manageable_units(request.user)


def _unit(request: HttpRequest) -> Unit | None:
    typed = request.GET.get("don-vi", "")
    if not typed.isdecimal():
        return None
    unit = access.manageable_units(request.user).filter(pk=int(typed[:18])).first()
    if unit is None:
        raise Http404
    return unit


def _course(request: HttpRequest, courses: dict[UUID, str]) -> UUID | None:
    try:
        key = UUID(request.GET.get("khoa", ""))
    except ValueError:
        return None
    return key if key in courses else None
