"""The roles in one's units; giving one; ending one, after a question."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from learning.audit.actions import tell_disclosure
from learning.audit.models import Disclosure
from learning.organisations.access import (
    endable_by,
    get_endable_role,
    may_name,
    people_named_by,
    roles_seen_in_naming,
)
from learning.organisations.disclosing import tell_list
from learning.organisations.models import Membership, Responsibility
from learning.organisations.naming.actions import NamingError, end_role, name_role
from learning.organisations.naming.forms import NamingForm
from learning.vietnamese import search_key

A_PAGE = 50
MOST_FOUND = 20


def _for_namers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 for whoever gives roles nowhere."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not may_name(request.user):
            raise Http404
        return view(request, **kwargs)

    return never_cache(login_required(guarded))


@require_safe
@_for_namers
def overview(request: HttpRequest) -> HttpResponse:
    """Who holds which role in her units, found by person or unit."""
    text = request.GET.get("tim", "").strip()[:100]
    held = roles_seen_in_naming(request.user)
    if text:
        held = held.filter(
            Q(user__in=_called(text)) | Q(unit__name_search__contains=search_key(text))
        )
    listed = held.select_related("user", "unit", "deputy_for").order_by(
        "unit__path", "role", "user__name_sort", "pk"
    )
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("trang"))
    today = timezone.localdate()
    may_end = endable_by(request.user, page)
    context = {
        "page_of_roles": page,
        "rows": [(one, one.pk in may_end, state_of(one, today)) for one in page],
        "text": text,
        "extra": f"{urlencode({'tim': text})}&" if text else "",
    }
    return render(request, "organisations/naming/overview.html", context)


def state_of(held: Responsibility, today: Any) -> str:
    """«past», «coming» or «now»."""
    if held.ends_on is not None and held.ends_on < today:
        return "past"
    return "coming" if held.starts_on is not None and held.starts_on > today else "now"


def _called(text: str) -> QuerySet[Any]:
    return (
        get_user_model()
        ._default_manager.filter(
            Q(name_search__contains=search_key(text))
            | Q(email__contains=text.lower())
            | Q(staff_code__contains=text.upper())
        )
        .values("pk")
    )


@require_safe
@_for_namers
def find(request: HttpRequest) -> HttpResponse:
    """Whom to give a role: a search among the people she may choose from."""
    text = request.GET.get("tim", "").strip()[:100]
    found: list[Any] = []
    if text:
        people = people_named_by(request.user).filter(pk__in=_called(text))
        found = list(people.order_by("name_sort", "pk")[: MOST_FOUND + 1])
    works = dict(
        Membership.objects.filter(user__in=found, ended_on__isnull=True).values_list(
            "user", "unit__name"
        )
    )
    tell_list(
        how=Disclosure.How.VIEWED,
        what="people-to-name",
        by=request.user,
        unit=None,
        count=len(found[:MOST_FOUND]),
        filters={"search": text},
    )
    context = {
        "text": text,
        "people": [(one, works.get(one.pk, "")) for one in found[:MOST_FOUND]],
        "has_more": len(found) > MOST_FOUND,
    }
    return render(request, "organisations/naming/find.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_namers
def give(request: HttpRequest, *, pk: int) -> HttpResponse:
    """The role, its units and its days. «Tìm đơn vị» shows other units and writes nothing."""
    user = get_object_or_404(people_named_by(request.user), pk=pk)
    if request.method != "POST":
        tell_disclosure(
            how=Disclosure.How.VIEWED, what="people-to-name", by=request.user, about=user
        )
    sought = request.POST.get("find_units", "").strip()[:100]
    if request.method == "POST" and "find" in request.POST:
        # Everything typed is kept and not yet judged.
        typed = {**request.POST.dict(), "units": request.POST.getlist("units")}
        form = NamingForm(by=request.user, find=sought, initial=typed)
        return _show(request, form, user, sought)
    form = NamingForm(request.POST or None, by=request.user, find=sought)
    if request.method == "POST" and form.is_valid():
        try:
            name_role(user=user, by=request.user, **form.named)
        except NamingError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("%(name)s has the role now.") % {"name": user})
            return redirect("naming:overview")
    return _show(request, form, user, sought)


def _show(request: HttpRequest, form: NamingForm, user: Any, sought: str) -> HttpResponse:
    context = {"form": form, "one": user, "sought": sought}
    return render(request, "organisations/naming/give.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_namers
def end(request: HttpRequest, *, pk: int) -> HttpResponse:
    """Ask once more, then end it."""
    held = get_endable_role(request.user, pk)
    if request.method == "POST":
        end_role(held=held, by=request.user)
        messages.success(request, _("%(name)s no longer has the role.") % {"name": held.user})
        return redirect("naming:overview")
    return render(request, "organisations/naming/end.html", {"held": held})
