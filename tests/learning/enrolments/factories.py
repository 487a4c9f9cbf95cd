"""Assignments and completions for tests, made by the actions of the product."""

import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from learning.enrolments.assigning.actions import save_assignment
from learning.enrolments.models import Assignment, Enrolment
from learning.organisations.models import Unit
from learning.progress.models import CourseCompletion


def make_assignment(
    unit: Unit, course_key: UUID, *, people: list[Any] | None = None, **fields: Any
) -> Assignment:
    """A saved assignment; other fields as the model has them."""
    assignment = Assignment(unit=unit, course_key=course_key, **fields)
    save_assignment(
        assignment=assignment,
        people=None if people is None else [one.pk for one in people],
        by=None,
    )
    return assignment


def complete(enrolment: Enrolment, on: datetime.date | None = None) -> CourseCompletion:
    """The enrolment completed on that day."""
    at = timezone.make_aware(
        datetime.datetime.combine(on or timezone.localdate(), datetime.time(9))
    )
    return CourseCompletion.objects.create(
        enrolment=enrolment, hours=Decimal("1.5"), percent=Decimal(80), completed_at=at
    )


def present(user: Any, course_key: UUID) -> Enrolment:
    """Her present round of the course."""
    return Enrolment.objects.get(user=user, course_key=course_key, is_current=True)
