"""Writes: courses are assigned, people enrolled. Each may be repeated harmlessly."""

import datetime
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery

from learning.enrolments.assigning.actions import save_assignment
from learning.enrolments.assigning.settling import CHUNK, settle
from learning.enrolments.models import (
    Assignment,
    Audience,
    Enrolment,
    TrainingGoal,
    TrainingGoalCourse,
)
from learning.organisations.access import current_unit
from learning.organisations.models import Membership, Unit


@transaction.atomic
def assign_course(
    *, course_key: UUID, unit: Unit, due_on: datetime.date | None, required: bool, by: Any | None
) -> Assignment:
    """Give the course to everyone in the unit and all below it.

    Repeating it enrols who has come since and carries a changed due date to the enrolments this
    assignment made; an enrolment that another assignment made keeps that one's terms.
    """
    assignment = (
        Assignment.objects.in_force()
        .filter(course_key=course_key, unit=unit, audience=Audience.EVERYONE)
        .first()
    ) or Assignment(course_key=course_key, unit=unit)
    assignment.due_on, assignment.required = due_on, required
    save_assignment(assignment=assignment, by=by)
    return assignment


def enrol(*, user: Any, course_key: UUID) -> Enrolment:
    """The person's present enrolment in the course, made if she has none.

    One that was withdrawn is hers again, of her own free will.
    """
    enrolment, created = Enrolment.objects.get_or_create(
        user=user, course_key=course_key, is_current=True, defaults={"unit": current_unit(user)}
    )
    if not created and enrolment.withdrawn_on is not None:
        enrolment.withdrawn_on = enrolment.assignment = None
        enrolment.required, enrolment.due_on, enrolment.first_due_on = False, None, None
        enrolment.save()
    return enrolment


def mark_started(*, enrolment: Enrolment, at: datetime.datetime) -> None:
    """She has done a first thing in the course. Only the first time counts."""
    if enrolment.started_at is not None:
        return
    Enrolment.objects.filter(pk=enrolment.pk, started_at__isnull=True).update(started_at=at)
    enrolment.refresh_from_db(fields=["started_at"])


@transaction.atomic
def follow_members(*, user_ids: Iterable[int]) -> None:
    """Enrolments go where people go; what their new units were assigned, they are assigned.

    A due date that has passed when they arrive is not held against them. Who has left keeps what
    she has completed; what she had not is withdrawn, and hers again when she returns.
    """
    pks = list(user_ids)
    settle(pks)
    # Those of her own choice follow her too, and the rounds of former years.
    for start in range(0, len(pks), CHUNK):
        mine = Membership.objects.open().filter(user=OuterRef("user")).values("unit")[:1]
        Enrolment.objects.filter(user_id__in=pks[start : start + CHUNK]).update(unit=Subquery(mine))


@transaction.atomic
def save_goal(
    *,
    name: str,
    decision: str,
    target_percent: int,
    due_on: datetime.date,
    course_keys: list[UUID],
) -> TrainingGoal:
    """The training goal of this name, made or brought up to date."""
    goal, _created = TrainingGoal.objects.update_or_create(
        name=name,
        defaults={"decision": decision, "target_percent": target_percent, "due_on": due_on},
    )
    TrainingGoalCourse.objects.filter(goal=goal).exclude(course_key__in=course_keys).delete()
    TrainingGoalCourse.objects.bulk_create(
        [TrainingGoalCourse(goal=goal, course_key=key) for key in course_keys],
        ignore_conflicts=True,
    )
    return goal
