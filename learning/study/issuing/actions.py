"""Who has completed and has no certificate, and giving it to them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from learning.audit.actions import record
from learning.certificates.actions import issue_certificate
from learning.courses.outline import CourseOutline
from learning.courses.queries import get_outline
from learning.enrolments.access import hold_enrolment
from learning.organisations.models import Membership, Unit, UnitQuerySet
from learning.progress.models import CourseCompletion
from learning.study.journey import certificate_facts

# As many are issued while the officer waits; the rest at the next press.
AT_ONCE = 200


def without_certificate(
    units: UnitQuerySet | None, *, courses: Iterable[UUID]
) -> QuerySet[CourseCompletion]:
    """Completions of these live courses, in these units then (None: everywhere), that never had a
    certificate; a revoked one counts as had. The longest waiting first."""
    found = CourseCompletion.objects.filter(
        enrolment__certificates__isnull=True, enrolment__course_key__in=list(courses)
    )
    if units is not None:
        found = found.filter(unit__in=units.order_by().values("pk"))
    return found.order_by("completed_at", "pk")


def with_position(found: QuerySet[CourseCompletion]) -> QuerySet[Any]:
    """`found` with what each held as a post on the day of completion, as `position_then`."""
    day = OuterRef("completed_at__date")
    then = Membership.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=day),
        user=OuterRef("enrolment__user"),
        started_on__lte=day,
    ).order_by("-started_on", "-pk")
    posts = Subquery(then.values("position")[:1])
    return found.select_related("enrolment__user", "unit").annotate(position_then=posts)


def issue_to(completions: QuerySet[CourseCompletion], *, unit: Unit | None, by: Any) -> int:
    """Issue a certificate for each, as it was completed; how many were issued.

    Each in a transaction of its own: cut off, the rest waits for the next press, and none is issued
    twice.
    """
    count = sum(_issue(completion, by=by) for completion in with_position(completions)[:AT_ONCE])
    if count:
        record(act="certificates-issued-in-bulk", by=by, about=unit, unit=unit, count=count)
    return count


@transaction.atomic
def _issue(completion: Any, *, by: Any) -> bool:
    enrolment = hold_enrolment(completion.enrolment_id)
    course: CourseOutline | None = get_outline(enrolment.course_key)
    if course is None or enrolment.certificates.exists():
        return False
    facts = certificate_facts(enrolment, course, completion, None)
    facts = replace(
        facts, unit_id=completion.unit_id, position=completion.position_then or facts.position
    )
    issue_certificate(enrolment=enrolment, holder=facts, by=by)
    return True
