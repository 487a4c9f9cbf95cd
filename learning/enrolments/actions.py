"""Writes: courses are assigned, people enrolled. Each may be repeated harmlessly."""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from learning.enrolments.models import Assignment, Enrolment, TrainingGoal, TrainingGoalCourse
from learning.organisations.access import current_unit
from learning.organisations.models import Membership, Unit


@transaction.atomic
def assign_course(
    *, course_key: UUID, unit: Unit, due_on: datetime.date | None, required: bool, by: Any | None
) -> Assignment:
    """Give the course to the unit and all below it, and enrol everyone who works there now.

    Repeating it enrols who has come since and carries a changed due date to the enrolments this
    assignment made; an enrolment that another assignment made keeps that one's terms.
    """
    assignment, created = Assignment.objects.get_or_create(
        course_key=course_key,
        unit=unit,
        defaults={"due_on": due_on, "required": required, "created_by": by},
    )
    if not created and (assignment.due_on, assignment.required) != (due_on, required):
        assignment.due_on, assignment.required = due_on, required
        assignment.save(update_fields=["due_on", "required"])
    below = Unit.objects.all().within(unit)
    below_pks = below.order_by().values("pk")
    members = Membership.objects.open().for_units(below).values_list("user_id", "unit_id")
    Enrolment.objects.bulk_create(
        [
            Enrolment(user_id=user_id, course_key=course_key, unit_id=unit_id)
            for user_id, unit_id in members
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    Enrolment.objects.filter(
        Q(assignment=assignment) | Q(assignment__isnull=True, unit__in=below_pks),
        course_key=course_key,
    ).update(assignment=assignment, required=required, due_on=due_on)
    return assignment


def enrol(*, user: Any, course_key: UUID) -> Enrolment:
    """The person's enrolment in the course, made if she has none."""
    return Enrolment.objects.get_or_create(
        user=user, course_key=course_key, defaults={"unit": current_unit(user)}
    )[0]


def mark_started(*, enrolment: Enrolment, at: datetime.datetime) -> None:
    """She has done a first thing in the course. Only the first time counts."""
    if enrolment.started_at is not None:
        return
    Enrolment.objects.filter(pk=enrolment.pk, started_at__isnull=True).update(started_at=at)
    enrolment.refresh_from_db(fields=["started_at"])


@transaction.atomic
def follow_member(*, user: Any, unit: Unit | None) -> None:
    """Her enrolments go where she goes; what the new unit was assigned, she is assigned.

    A due date that has passed when she arrives is not held against her.
    """
    Enrolment.objects.filter(user=user).update(unit=unit)
    if unit is None:
        return
    today = timezone.localdate()
    above = [unit.path[:end] for end in range(Unit.steplen, len(unit.path) + 1, Unit.steplen)]
    assignments = Assignment.objects.filter(unit__path__in=above).order_by("unit__path")
    Enrolment.objects.bulk_create(
        [
            Enrolment(
                user=user,
                course_key=assignment.course_key,
                unit=unit,
                assignment=assignment,
                required=assignment.required,
                due_on=(
                    assignment.due_on if assignment.due_on and assignment.due_on >= today else None
                ),
            )
            for assignment in assignments
        ],
        ignore_conflicts=True,
    )


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
