"""Whose people may a person see? The only place that answers it.

An HR officer sees the units she is responsible for and all below them. Whatever lies outside does
not exist for her: 404, never 403, so that not even its being there is told.
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, QuerySet
from django.http import Http404

from learning.organisations.models import Membership, Responsibility, Unit, UnitQuerySet
from quizzes.prepared import prepared

Person = Any  # settings.AUTH_USER_MODEL or AnonymousUser: learning never imports the portal


def responsible_units(user: Person) -> list[Unit]:
    """The units `user` answers for, topmost only, in the order of the tree."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return []
    units = Unit.objects.filter(
        responsibilities__user=user, responsibilities__role=Responsibility.Role.HR_OFFICER
    ).distinct()
    tops: list[Unit] = []
    for unit in units.order_by("path"):
        if not tops or not unit.path.startswith(tops[-1].path):
            tops.append(unit)
    return tops


def units_of_hr(user: Person) -> UnitQuerySet:
    """All units in the scope of `user`, in the order of the tree; none for a learner."""
    return Unit.objects.all().within(*responsible_units(user))


def is_hr(user: Person) -> bool:
    """Is `user` responsible for any unit?"""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return False
    return _responsibility.first(user.pk) is not None


@prepared(BigIntegerField())
def _responsibility(user_id: int) -> QuerySet[Responsibility, Any]:
    return Responsibility.objects.filter(
        user_id=user_id, role=Responsibility.Role.HR_OFFICER
    ).values_list("pk")[:1]


def get_unit(user: Person, pk: int) -> Unit:
    """The unit, if it lies in the scope of `user`. Raises `Http404` otherwise."""
    unit = units_of_hr(user).filter(pk=pk).first()
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
