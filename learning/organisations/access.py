"""Whose people may a person see, and whose may she act upon? The only place that answers it.

An HR officer sees and manages the units she is responsible for and all below them, an auditor sees
them. Whatever lies outside does not exist for either: 404, never 403, so that not even its being
there is told. Roles may be given for a span of days (a deputy's); outside it they are nothing.
"""

import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, DateField, QuerySet
from django.http import Http404
from django.utils import timezone

from learning.organisations.models import Membership, Responsibility, Unit, UnitQuerySet
from quizzes.prepared import prepared

Person = Any  # settings.AUTH_USER_MODEL or AnonymousUser: learning never imports the portal
Role = Responsibility.Role
SEEING = (Role.HR_OFFICER, Role.AUDITOR)
MANAGING = (Role.HR_OFFICER,)


def responsible_units(user: Person, *, roles: tuple[str, ...] = SEEING) -> list[Unit]:
    """The units in which `user` has one of the roles today, topmost only, in the tree's order."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return []
    held = Responsibility.objects.filter(user=user, role__in=roles).on(timezone.localdate())
    tops: list[Unit] = []
    for unit in Unit.objects.filter(pk__in=held.values("unit")).order_by("path"):
        if not tops or not unit.path.startswith(tops[-1].path):
            tops.append(unit)
    return tops


def units_of_hr(user: Person) -> UnitQuerySet:
    """The units whose people `user` may see, in the order of the tree; none for a learner."""
    return Unit.objects.all().within(*responsible_units(user))


def units_managed_by(user: Person) -> UnitQuerySet:
    """The units for whose people `user` may act: assign, import, remind. No auditor's."""
    return Unit.objects.all().within(*responsible_units(user, roles=MANAGING))


def is_hr(user: Person) -> bool:
    """May `user` see the people of any unit today, as HR officer or auditor?"""
    return _has_role(user, _seeing)


def may_manage(user: Person) -> bool:
    """May `user` act for the people of any unit today?"""
    return _has_role(user, _managing)


def _has_role(user: Person, held: Any) -> bool:
    if isinstance(user, AnonymousUser) or not user.is_active:
        return False
    return held.first(user.pk, timezone.localdate()) is not None


@prepared(BigIntegerField(), DateField())
def _seeing(user_id: int, today: datetime.date) -> QuerySet[Responsibility, Any]:
    held = Responsibility.objects.filter(user_id=user_id, role__in=SEEING)
    return held.on(today).values_list("pk")[:1]


@prepared(BigIntegerField(), DateField())
def _managing(user_id: int, today: datetime.date) -> QuerySet[Responsibility, Any]:
    held = Responsibility.objects.filter(user_id=user_id, role__in=MANAGING)
    return held.on(today).values_list("pk")[:1]


def get_unit(user: Person, pk: int) -> Unit:
    """The unit, if `user` may see its people. Raises `Http404` otherwise."""
    return _one(units_of_hr(user), pk)


def get_managed_unit(user: Person, pk: int) -> Unit:
    """The unit, if `user` may act for its people. Raises `Http404` otherwise."""
    return _one(units_managed_by(user), pk)


def _one(units: UnitQuerySet, pk: int) -> Unit:
    unit = units.filter(pk=pk).first()
    if unit is None:
        raise Http404
    return unit


def current_membership(user: Person) -> Membership | None:
    """Where `user` works now, with its unit; None if nowhere."""
    if isinstance(user, AnonymousUser):
        return None
    return (
        Membership.objects.filter(user=user, ended_on__isnull=True).select_related("unit").first()
    )


def current_unit(user: Person) -> Unit | None:
    """The unit `user` works in now; None if nowhere."""
    membership = current_membership(user)
    return membership.unit if membership else None
