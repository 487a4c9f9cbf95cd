"""The only door to a person's enrolment, and to the assignments of an officer's units."""

from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Q, QuerySet, UUIDField
from django.http import Http404

from learning.enrolments.models import Assignment, Enrolment
from learning.organisations.access import (
    get_managed_unit,
    responsible_units,
    units_managed_by,
    units_of_hr,
)
from learning.organisations.models import Unit
from quizzes.prepared import prepared_models


def get_enrolment(user: Any, course_key: UUID) -> Enrolment | None:
    """The person's own enrolment in the course; None without one or without a log-in."""
    return enrolment_of(user.pk, course_key) if user.is_authenticated else None


def enrolment_of(user_id: int, course_key: UUID) -> Enrolment | None:
    """As `get_enrolment`, for the id of a person who is known."""
    return _enrolment.first(user_id, course_key)


def get_enrolment_or_404(user: Any, course_key: UUID) -> Enrolment:
    """As `get_enrolment`. Raises `Http404` where that returns None."""
    enrolment = get_enrolment(user, course_key)
    if enrolment is None:
        raise Http404
    return enrolment


def hold_enrolment(pk: int) -> Enrolment:
    """The enrolment with its row locked until the transaction ends."""
    held = _held.first(pk)
    if held is None:
        raise Enrolment.DoesNotExist
    return held


@prepared_models(BigIntegerField(), UUIDField())
def _enrolment(user_id: int, course_key: UUID) -> QuerySet[Enrolment]:
    return Enrolment.objects.counted().filter(user_id=user_id, course_key=course_key)


@prepared_models(BigIntegerField())
def _held(pk: int) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(pk=pk).select_for_update()


def assignments_seen(user: Any) -> QuerySet[Assignment]:
    """The assignments of the units whose people `user` may see, and those of the units above.

    What the department assigned to the whole city concerns every agency's officer too; she sees
    in it her own people only.
    """
    above = {
        unit.path[:end]
        for unit in responsible_units(user)
        for end in range(Unit.steplen, len(unit.path), Unit.steplen)
    }
    own = units_of_hr(user).order_by().values("pk")
    return Assignment.objects.filter(Q(unit__in=own) | Q(unit__path__in=above))


def get_assignment(user: Any, pk: int) -> Assignment:
    """The assignment, if it concerns people whom `user` may see. Raises `Http404` otherwise."""
    found = assignments_seen(user).select_related("unit", "goal").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_managed_assignment(user: Any, pk: int) -> Assignment:
    """The assignment, if `user` may change it: it is of a unit for which she acts."""
    found = get_assignment(user, pk)
    get_managed_unit(user, found.unit_id)
    return found


def enrolments_seen(user: Any, assignment: Assignment) -> QuerySet[Enrolment]:
    """The counted enrolments by this assignment of the people whom `user` may see."""
    return Enrolment.objects.counted().for_units(units_of_hr(user)).filter(assignment=assignment)


def enrolments_managed(user: Any, assignment: Assignment) -> QuerySet[Enrolment]:
    """The same of the people for whom `user` may act."""
    mine = units_managed_by(user)
    return Enrolment.objects.counted().for_units(mine).filter(assignment=assignment)
