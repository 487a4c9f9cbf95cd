"""The only door to lists and to the people in them: an officer's own units, and no more.

Whatever else there is does not exist for her: 404. An auditor sees people, lists she doesn't.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from learning.organisations.access import units_managed_by, units_of_hr
from learning.organisations.models import Membership, UnitQuerySet
from learning.staff.models import StaffImport

Person = Any  # settings.AUTH_USER_MODEL: learning never imports the portal


def open_units(user: Person) -> UnitQuerySet:
    """The units `user` manages that exist today, in the order of the tree: people may come in."""
    return units_managed_by(user).current(on=timezone.localdate()).order_by("path")


def imports_of(user: Person) -> QuerySet[StaffImport]:
    """The lists that came in for units `user` manages."""
    units = units_managed_by(user).order_by().values("pk")
    return StaffImport.objects.filter(unit__in=units).select_related("unit", "by")


def get_import(user: Person, pk: int) -> StaffImport:
    """The list, if `user` manages its unit. Raises `Http404` otherwise."""
    found = imports_of(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def members_of(user: Person) -> QuerySet[Membership]:
    """Who works now in the units whose people `user` may see, by name."""
    units = units_of_hr(user).order_by().values("pk")
    return (
        Membership.objects.filter(ended_on__isnull=True, unit__in=units)
        .select_related("unit", "user", "user__staff_profile")
        .order_by("user__name_sort", "user_id")
    )


def get_member(user: Person, pk: int) -> Any:
    """The person, if she works in a unit that `user` manages. Raises `Http404` otherwise."""
    units = units_managed_by(user).order_by().values("pk")
    here = Membership.objects.filter(ended_on__isnull=True, unit__in=units, user=pk)
    person = get_user_model()._default_manager.filter(pk__in=here.values("user_id")).first()
    if person is None:
        raise Http404
    return person
