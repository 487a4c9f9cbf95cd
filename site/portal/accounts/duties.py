"""«Vai trò của tôi»: what a person may do, in plain words, for which units, until when."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learning.organisations.access import may_name, may_read_log
from learning.organisations.models import Responsibility, UnitKind
from portal.accounts.roles import APPROVERS, EDITORS, REGISTRARS

Role = Responsibility.Role


@dataclass(frozen=True)
class Duty:
    """A role as its holder reads it. `state` is «now», «coming» or «past»."""

    name: str
    may: tuple[str, ...]
    unit: str = ""
    state: str = "now"
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None
    deputy_for: str = ""
    link: str = ""
    link_text: str = ""


@require_safe
@never_cache
@login_required
def my_roles(request: HttpRequest) -> HttpResponse:
    """Everybody learns; what else she is comes first what holds now, last what is over."""
    duties = duties_of(request.user, today=timezone.localdate())
    context = {
        "duties": [duty for duty in duties if duty.state != "past"],
        "past": [duty for duty in duties if duty.state == "past"],
        "may_name": may_name(request.user),
        "may_read_log": may_read_log(request.user),
    }
    return render(request, "accounts/duties.html", context)


def duties_of(user: Any, *, today: datetime.date) -> list[Duty]:
    """All roles of the person: two queries beside those of her rights."""
    return [*_learning(), *_of_units(user, today), *_of_content(user)]


def _learning() -> Iterable[Duty]:
    yield Duty(
        name=_("Learner"),
        may=(
            _("Take the courses assigned to you, and those open to all"),
            _("Keep your certificates, and see what is kept about you"),
        ),
        link=reverse("study:my"),
        link_text=_("My learning"),
    )


def _of_units(user: Any, today: datetime.date) -> Iterable[Duty]:
    held = Responsibility.objects.filter(user=user).select_related("unit", "deputy_for")
    for one in held.order_by("unit__path", "role"):
        is_auditor = one.role == Role.AUDITOR
        yield Duty(
            name=_role_name(one),
            may=_auditing() if is_auditor else _managing(is_deputy=one.deputy_for_id is not None),
            unit=one.unit.name,
            state=_state(one, today),
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            deputy_for=str(one.deputy_for) if one.deputy_for else "",
            link=reverse("statistics:overview" if is_auditor else "staff:people"),
            link_text=_("Statistics") if is_auditor else _("My people"),
        )


def _role_name(held: Responsibility) -> str:
    if held.deputy_for_id is not None:
        return _("Deputy HR officer")
    if held.role == Role.HR_OFFICER and held.unit.kind == UnitKind.CITY:
        return _("HR officer of the department, for the whole city")
    return str(held.get_role_display())


def _state(held: Responsibility, today: datetime.date) -> str:
    if held.ends_on is not None and held.ends_on < today:
        return "past"
    return "coming" if held.starts_on is not None and held.starts_on > today else "now"


def _managing(*, is_deputy: bool) -> tuple[str, ...]:
    shared = (
        _("See the people of the unit and of those below it, and how far they are"),
        _("Hand in staff lists, assign courses, extend and exempt, remind"),
        _("Answer requests about personal data, print activation cards"),
    )
    return shared if is_deputy else (*shared, _("Give roles in these units, never to yourself"))


def _auditing() -> tuple[str, ...]:
    return (
        _("See the people, the figures and the audit log of the unit and of those below it"),
        _("Change nothing"),
    )


def _of_content(user: Any) -> Iterable[Duty]:
    groups = set(user.groups.values_list("name", flat=True))
    admin, manage = reverse("wagtailadmin_home"), _("Manage content")
    if EDITORS in groups:
        yield Duty(
            name=_("Editor"),
            may=(
                _("Write, translate and publish lessons, questions, terms and sources"),
                _("Mark answers, and put right how questions were graded"),
            ),
            link=admin,
            link_text=manage,
        )
    if APPROVERS in groups:
        yield Duty(
            name=_("Approver"),
            may=(_("Read questions sent for approval, publish them or send them back"),),
            link=admin,
            link_text=manage,
        )
    if REGISTRARS in groups:
        yield Duty(
            name=_("Registrar of certificates"),
            may=(
                _("Read the whole register, issue again and in bulk, have papers signed"),
                _("Ask for a certificate to be revoked, or decide what a second person asked"),
            ),
            link=reverse("certificates:register"),
            link_text=_("Register of certificates"),
        )
    if user.is_superuser:
        yield Duty(
            name=_("Administrator"),
            may=(
                _("Do everything in the admin: units, accounts, settings, certificates"),
                _("Give and end roles in every unit, and read the whole audit log"),
            ),
            link=admin,
            link_text=manage,
        )
