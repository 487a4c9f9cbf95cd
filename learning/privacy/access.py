"""Whose requests may a person see and answer? Asks `organisations.access` and nothing else.

A request belongs to the unit its person works in now; to the unit she worked in when she asked,
if she works nowhere; and of nobody's unit, to the officers of a root (the department). Nobody
answers her own.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from learning.organisations.access import responsible_units, units_managed_by, units_of_hr
from learning.organisations.models import UnitQuerySet
from learning.privacy.models import DataCopy, DataRequest


def requests_seen_by(user: Any) -> QuerySet[DataRequest]:
    """The requests of others that `user` may read, as HR officer or auditor."""
    return _requests(user, units_of_hr(user))


def requests_managed_by(user: Any) -> QuerySet[DataRequest]:
    """The requests of others that `user` may answer, as HR officer."""
    return _requests(user, units_managed_by(user))


def _requests(user: Any, units: UnitQuerySet) -> QuerySet[DataRequest]:
    pks = units.order_by().values("pk")
    works = Q(person__memberships__ended_on__isnull=True, person__memberships__isnull=False)
    here = Q(person__memberships__ended_on__isnull=True, person__memberships__unit__in=pks)
    working = DataRequest.objects.filter(works).values("pk")
    condition = Q(pk__in=DataRequest.objects.filter(here).values("pk"))
    condition |= Q(unit__in=pks) & ~Q(pk__in=working)
    if any(unit.depth == 1 for unit in responsible_units(user)):
        condition |= Q(unit__isnull=True) & ~Q(pk__in=working)
    return (
        DataRequest.objects.filter(condition)
        .exclude(person=user.pk)
        .select_related("person", "unit", "answered_by")
    )


def get_seen_request(user: Any, pk: int) -> DataRequest:
    """The request, if `user` may read it. Raises `Http404` otherwise."""
    return _one(requests_seen_by(user), pk)


def get_managed_request(user: Any, pk: int) -> DataRequest:
    """The request, if `user` may answer it. Raises `Http404` otherwise."""
    return _one(requests_managed_by(user), pk)


def get_own_request(user: Any, pk: int) -> DataRequest:
    """The person's own request. Raises `Http404` otherwise."""
    return _one(DataRequest.objects.filter(person=user), pk)


def get_copy(user: Any, pk: int) -> DataCopy:
    """The person's own copy, once it is made. Raises `Http404` otherwise."""
    copy = DataCopy.objects.filter(person=user, pk=pk, made_at__isnull=False).first()
    if copy is None or not copy.file:
        raise Http404
    return copy


def _one(requests: QuerySet[DataRequest], pk: int) -> DataRequest:
    request = requests.filter(pk=pk).first()
    if request is None:
        raise Http404
    return request
