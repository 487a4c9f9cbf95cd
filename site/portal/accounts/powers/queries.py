"""What a person may do, in words: from her roles in units and her groups in the admin."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from learning.organisations.models import Responsibility
from portal.accounts.models import User
from portal.accounts.roles import APPROVERS, EDITORS

Role = Responsibility.Role


@dataclass(frozen=True)
class Power:
    """One role: what it is called, what it lets one do, where, and from when to when."""

    title: str
    may: list[str]
    where: str = ""
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None
    instead_of: str = ""
    is_now: bool = True
    links: list[tuple[str, str]] = field(default_factory=list)


def powers_of(user: User) -> list[Power]:
    """All roles, those in units first. One that begins later is told as such, one over is not."""
    today = timezone.localdate()
    held = (
        Responsibility.objects.filter(user=user)
        .exclude(ends_on__lt=today)
        .select_related("unit", "deputy_for")
        .order_by("unit__path", "role")
    )
    found = [_of_unit(one, today) for one in held]
    groups = set(user.groups.values_list("name", flat=True))
    if EDITORS in groups:
        found.append(Power(_("Editor"), _of_editors()))
    if APPROVERS in groups:
        found.append(Power(_("Approver"), [_("read, correct and publish questions sent to you")]))
    if user.is_superuser:
        found.append(Power(_("Administrator"), _of_administrators()))
    return [*found, Power(_("Learner"), _of_learners())]


def _of_unit(held: Responsibility, today: datetime.date) -> Power:
    manages = held.role == Role.HR_OFFICER
    title = held.get_role_display()
    if manages and held.deputy_for_id:
        title = _("Deputy HR officer")
    return Power(
        title=title,
        may=_of_officers() if manages else _of_auditors(),
        where=held.unit.name,
        starts_on=held.starts_on,
        ends_on=held.ends_on,
        instead_of=str(held.deputy_for or ""),
        is_now=held.starts_on is None or held.starts_on <= today,
    )


def _of_officers() -> list[str]:
    return [
        _("bring in staff lists, add and change people, give out activation cards"),
        _("assign courses, exempt, extend and remind"),
        _("see figures and lists of learners, and take them away as files"),
        _("answer your people's requests about their data"),
    ]


def _of_auditors() -> list[str]:
    return [
        _("see figures, lists of learners, assignments and requests"),
        _("change nothing"),
    ]


def _of_editors() -> list[str]:
    return [
        _("write, translate and publish lessons, terms and sources"),
        _("write questions and quizzes, mark answers and mend what was marked wrongly"),
        _("change the design of certificates and the texts of messages"),
    ]


def _of_administrators() -> list[str]:
    return [
        _("everything in the admin: units, roles, training goals, settings"),
        _("reset the second factor of who has lost it"),
    ]


def _of_learners() -> list[str]:
    return [
        _("study the courses assigned to you and those that are open to everyone"),
        _("see, correct and take away what is kept about you"),
    ]
