"""Whose people may a person see, and whose may she act upon? The only place that answers it.

An HR officer sees and manages the units she is responsible for and all below them, an auditor sees
them. Whatever lies outside does not exist for either: 404, never 403, so that not even its being
there is told. Roles may be given for a span of days (a deputy's); outside it they are nothing.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, DateField, QuerySet
from django.http import Http404
from django.utils import timezone

from learning.organisations.models import (
    Membership,
    Responsibility,
    ResponsibilityQuerySet,
    Unit,
    UnitKind,
    UnitQuerySet,
)
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
    return _topmost(Unit.objects.filter(pk__in=held.values("unit")).order_by("path"))


def _topmost(units: Iterable[Unit]) -> list[Unit]:
    """Of units in the tree's order, those below none of the others."""
    tops: list[Unit] = []
    for unit in units:
        if not tops or not unit.path.startswith(tops[-1].path):
            tops.append(unit)
    return tops


def units_of_hr(user: Person) -> UnitQuerySet:
    """The units whose people `user` may see, in the order of the tree; none for a learner."""
    return Unit.objects.all().within(*responsible_units(user))


def units_managed_by(user: Person) -> UnitQuerySet:
    """The units for whose people `user` may act: assign, import, remind. No auditor's."""
    return Unit.objects.all().within(*responsible_units(user, roles=MANAGING))


def units_named_by(user: Person) -> UnitQuerySet:
    """The units in which `user` may give and end roles: an administrator everywhere, an HR officer
    in her own units. A deputy acts for a time and hands nothing on; nor does who has a last day.
    """
    if getattr(user, "is_superuser", False) and user.is_active:
        return Unit.objects.all().order_by("path")
    return Unit.objects.all().within(*_lasting(user))


def _lasting(user: Person) -> list[Unit]:
    """The topmost units that are `user`'s own to the end, as HR officer."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return []
    held = Responsibility.objects.filter(
        user=user, role=Role.HR_OFFICER, ends_on__isnull=True, deputy_for__isnull=True
    ).on(timezone.localdate())
    return _topmost(Unit.objects.filter(pk__in=held.values("unit")).order_by("path"))


def may_name(user: Person) -> bool:
    """May `user` give roles in any unit today?"""
    return units_named_by(user).exists()


def roles_seen_in_naming(user: Person) -> ResponsibilityQuerySet:
    """The roles of others and of herself in the units where `user` gives roles."""
    units = units_named_by(user).order_by().values("pk")
    return Responsibility.objects.filter(unit__in=units)


def may_end(user: Person, held: Responsibility) -> bool:
    """May `user` end this role, or give it another span?

    Nobody touches her own, and nobody ends the auditor who was set beside her: the auditor of an
    officer's own topmost unit answers to those above it.
    """
    return endable_by(user, [held]) == {held.pk}


def endable_by(user: Person, roles: Iterable[Responsibility]) -> set[int]:
    """Keys of those of the roles (with their units) that `user` may end, as `may_end` says."""
    others = [held for held in roles if held.user_id != user.pk]
    if user.is_superuser:
        return {held.pk for held in others}
    tops = _lasting(user)
    return {held.pk for held in others if any(_is_below(held, top) for top in tops)}


def _is_below(held: Responsibility, top: Unit) -> bool:
    if held.role == Role.AUDITOR and held.unit.path == top.path:
        return False
    return held.unit.path.startswith(top.path)


def get_endable_role(user: Person, pk: int) -> Responsibility:
    """The role, if `user` may end it. Raises `Http404` otherwise."""
    held = roles_seen_in_naming(user).select_related("user", "unit").filter(pk=pk).first()
    if held is None or not may_end(user, held):
        raise Http404
    return held


def people_named_by(user: Person) -> QuerySet[Any]:
    """Whom `user` may give a role: who may log in and works in her units, never herself. An
    administrator may choose anybody else."""
    people = get_user_model()._default_manager.filter(is_active=True).exclude(pk=user.pk)
    if user.is_superuser:
        return people
    units = units_named_by(user).order_by().values("pk")
    here = Membership.objects.filter(ended_on__isnull=True, unit__in=units)
    return people.filter(pk__in=here.values("user"))


def reads_log_of(user: Person) -> UnitQuerySet | None:
    """The units whose acts `user` may read in the audit log; None: all acts, also of no unit.

    An auditor reads those of her units. Administrators, and who is HR officer (the department) or
    auditor of the whole city, read all. The other HR officers read none.
    """
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Unit.objects.none()
    city = (unit.kind == UnitKind.CITY and unit.depth == 1 for unit in responsible_units(user))
    if user.is_superuser or any(city):
        return None
    return Unit.objects.all().within(*responsible_units(user, roles=(Role.AUDITOR,)))


def may_read_log(user: Person) -> bool:
    """May `user` open the audit log at all?"""
    units = reads_log_of(user)
    return units is None or units.exists()


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
