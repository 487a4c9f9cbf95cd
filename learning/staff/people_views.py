"""Who works in an officer's units: the list with its search, and a form for one person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learning.audit.actions import tell_disclosure
from learning.audit.models import Disclosure
from learning.organisations.access import get_unit, is_hr, may_manage, units_managed_by, units_of_hr
from learning.organisations.disclosing import tell_list
from learning.organisations.models import Unit
from learning.staff.access import get_member, members_of, open_units
from learning.staff.finding import Person, names_of
from learning.staff.forms import PersonForm, person_initial, unit_choices
from learning.staff.people import (
    PersonError,
    SimilarError,
    add_person,
    change_person,
    get_person,
    let_go,
)
from learning.staff.screen import said
from learning.staff.views import for_officers
from learning.vietnamese import search_key

PEOPLE_A_PAGE = 50


@require_safe
@never_cache
@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Who works in her units, found by name, code, e-mail or position."""
    if not is_hr(request.user):
        raise Http404
    text, unit = request.GET.get("tim", "").strip()[:100], _unit_of(request)
    members = members_of(request.user)
    if unit is not None:
        members = members.filter(unit__path__range=unit.path_range)
    if text:
        members = members.filter(
            Q(user__name_search__contains=search_key(text))
            | Q(user__email__contains=text.lower())
            | Q(user__staff_code__contains=text.upper())
        )
    page = Paginator(members, PEOPLE_A_PAGE).get_page(request.GET.get("trang"))
    tell_list(
        how=Disclosure.How.VIEWED,
        what="staff-list",
        by=request.user,
        unit=unit.pk if unit else None,
        count=len(page),
        filters={"search": text} if text else None,
    )
    context = {
        "page_of_people": page,
        "text": text,
        "unit": unit,
        "units": unit_choices(units_of_hr(request.user).order_by("path")),
        "unit_key": str(unit.pk) if unit else "",
        "managed": set(units_managed_by(request.user).values_list("pk", flat=True)),
        "may_manage": may_manage(request.user),
    }
    return render(request, "staff/people.html", context)


def _unit_of(request: HttpRequest) -> Unit | None:
    key = _key_of(request.GET.get("don-vi", ""))
    return get_unit(request.user, key) if key is not None else None


def _key_of(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 12 else None


@for_officers
def add(request: HttpRequest) -> HttpResponse:
    """A new person."""
    units = open_units(request.user)
    form = PersonForm(request.POST or None, units=units)
    similar: list[Person] = []
    if request.method == "POST" and form.is_valid():
        try:
            user = add_person(
                told=form.told,
                record=form.record,
                by=request.user,
                sure=request.POST.get("sure") == "on",
                again=_key_of(request.POST.get("again", "")),
            )
        except SimilarError as error:
            similar = error.people
        except PersonError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("%(name)s was added.") % {"name": user})
            return redirect("staff:people")
    return render(
        request,
        "staff/person.html",
        {"form": form, "similar": _described(similar), "is_new": True},
    )


def _described(people: list[Person]) -> list[dict[str, Any]]:
    units = names_of(one.unit_id for one in people if one.unit_id)
    return [
        {
            "name": one.full_name,
            "code": one.code,
            "birth": said("birth", one.birth, units),
            "unit": said("unit", one.unit_id, units) if one.unit_id in units else "",
            "pk": one.pk,
            "may_return": one.unit_id is None,
        }
        for one in people
    ]


@for_officers
def change(request: HttpRequest, *, pk: int) -> HttpResponse:
    """Change a person, or move her within the units that the officer manages."""
    user = get_member(request.user, pk)
    _tell(request, user)
    units = open_units(request.user)
    initial = person_initial(get_person(user.pk))
    form = PersonForm(request.POST or None, units=units, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changes = change_person(user=user, told=form.told, by=request.user)
        except PersonError as error:
            form.add_error(error.field or None, str(error))
        else:
            says = _("%(name)s was changed.") if changes else _("Nothing was changed for %(name)s.")
            messages.success(request, says % {"name": user})
            return redirect("staff:people")
    return render(request, "staff/person.html", {"form": form, "one": user, "is_new": False})


@for_officers
def leave(request: HttpRequest, *, pk: int) -> HttpResponse:
    """Ask once more, then end her membership."""
    user = get_member(request.user, pk)
    if request.method == "POST":
        let_go(user=user, by=request.user)
        messages.success(request, _("%(name)s no longer works here.") % {"name": user})
        return redirect("staff:people")
    _tell(request, user)
    return render(request, "staff/leave.html", {"one": user})


def _tell(request: HttpRequest, user: Any) -> None:
    """Her record is opened; what is then done to it stands in the audit log."""
    if request.method != "POST":
        tell_disclosure(how=Disclosure.How.VIEWED, what="staff-record", by=request.user, about=user)
