"""Who may give which role, where. Nobody gives one to herself, and a deputy gives none.

An HR officer names her own deputies in her units, and officers and auditors for the units below
them; the department's officers thereby name those of the agencies. An administrator names
anybody anywhere.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from learning.organisations.models import Responsibility, Unit, UnitQuerySet
from portal.accounts.models import User

Role = Responsibility.Role


def own_units(user: User) -> list[Unit]:
    """Units she is HR officer of in her own right today, not as somebody's deputy; topmost only."""
    held = Responsibility.objects.filter(user=user, role=Role.HR_OFFICER, deputy_for__isnull=True)
    pks = held.on(timezone.localdate()).values("unit")
    tops: list[Unit] = []
    for unit in Unit.objects.filter(pk__in=pks).order_by("path"):
        if not tops or not unit.path.startswith(tops[-1].path):
            tops.append(unit)
    return tops


def may_name(user: User) -> bool:
    """Whether she may give a role to anybody."""
    return user.is_superuser or bool(own_units(user))


def deputy_units(user: User) -> UnitQuerySet:
    """Where she may name somebody to stand in for her."""
    return Unit.objects.all().within(*own_units(user))


def units_to_name_in(user: User) -> UnitQuerySet:
    """Where she may name officers and auditors: below her own units."""
    if user.is_superuser:
        return Unit.objects.all()
    tops = own_units(user)
    return Unit.objects.all().within(*tops).exclude(pk__in=[unit.pk for unit in tops])


def roles_seen(user: User) -> QuerySet[Responsibility]:
    """The roles in her units that are not over, in the order of the tree."""
    units = Unit.objects.all() if user.is_superuser else deputy_units(user)
    return (
        Responsibility.objects.filter(unit__in=units.order_by().values("pk"))
        .exclude(ends_on__lt=timezone.localdate())
        .select_related("user", "unit", "deputy_for")
        .order_by("unit__path", "role", "user__name_sort", "pk")
    )


def roles_to_end(user: User) -> QuerySet[Responsibility]:
    """Those of them she may take away: her deputies', and all below her units. Never her own."""
    below = units_to_name_in(user).order_by().values("pk")
    return roles_seen(user).filter(Q(unit__in=below) | Q(deputy_for=user)).exclude(user=user)


def get_role_to_end(user: User, pk: int) -> Responsibility:
    """The role, if she may take it away. Raises `Http404` otherwise."""
    held = roles_to_end(user).filter(pk=pk).first()
    if held is None:
        raise Http404
    return held
