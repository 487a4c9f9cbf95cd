"""«Vai trò của tôi», and «Phân quyền» for those who give roles."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from learning.organisations.actions import end_responsibility, make_responsible
from learning.organisations.models import Responsibility
from portal.accounts.entry.passwords import person
from portal.accounts.powers.access import get_role_to_end, may_name, roles_seen, roles_to_end
from portal.accounts.powers.forms import DEPUTY, NamingForm
from portal.accounts.powers.queries import powers_of

A_PAGE = 50


@require_safe
@never_cache
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """What she may do, where, and until when."""
    context = {"powers": powers_of(person(request)), "may_name": may_name(person(request))}
    return render(request, "accounts/powers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def naming(request: HttpRequest) -> HttpResponse:
    """Who has which role in her units; a further one is given."""
    by = person(request)
    if not may_name(by):
        raise Http404
    form = NamingForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        name(form)
        messages.success(
            request, _("%(name)s has the role now.") % {"name": form.cleaned_data["person"]}
        )
        return redirect("powers:naming")
    page = Paginator(roles_seen(by), A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "form": form,
        "page_of_roles": page,
        "endable": set(
            roles_to_end(by).filter(pk__in=[one.pk for one in page]).values_list("pk", flat=True)
        ),
    }
    return render(request, "accounts/naming.html", context)


def name(form: NamingForm) -> Responsibility:
    """Give the role that a valid form says."""
    told = form.cleaned_data
    is_deputy = told["role"] == DEPUTY
    return make_responsible(
        user=told["person"],
        unit=told["unit"],
        role=Responsibility.Role.HR_OFFICER if is_deputy else told["role"],
        starts_on=told["starts_on"],
        ends_on=told["ends_on"],
        deputy_for=form.by if is_deputy else None,
        by=form.by,
    )


@require_POST
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role away, from now on."""
    by = person(request)
    held = get_role_to_end(by, pk)
    end_responsibility(user=held.user, unit=held.unit, role=held.role, by=by)
    messages.success(request, _("%(name)s has the role no longer.") % {"name": held.user})
    return redirect("powers:naming")
