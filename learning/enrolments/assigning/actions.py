"""Writes: courses are assigned to people, who are exempted and given more time."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.audit.actions import record
from learning.enrolments.assigning.audience import members_meant
from learning.enrolments.assigning.rounds import window_on
from learning.enrolments.assigning.settling import Settled, settle
from learning.enrolments.models import Assignment, Audience, Enrolment, Repeats


@transaction.atomic
def save_assignment(
    *, assignment: Assignment, people: Collection[int] | None = None, by: Any | None
) -> Settled:
    """Save a new or changed assignment, and settle whom it means now and whom it meant before.

    `people` are the keys of a list's persons. Raises `ValidationError` by field.
    """
    is_new = assignment.pk is None
    if is_new:
        assignment.created_by = by
    check_assignment(assignment, people)
    assignment.save()
    if people is not None:
        assignment.people.set(people)
    record(
        act="course-assigned" if is_new else "assignment-changed",
        by=by,
        about=assignment,
        unit=assignment.unit,
        **_terms(assignment),
    )
    return settle_assignment(assignment)


def check_assignment(assignment: Assignment, people: Collection[int] | None) -> None:
    """Raises `ValidationError` by field where the assignment makes no sense."""
    errors: dict[str, Any] = {}
    if assignment.audience == Audience.KINDS and not assignment.kinds:
        errors["kinds"] = _("Choose at least one kind of unit.")
    if assignment.audience == Audience.POSITIONS and not any(assignment.positions):
        errors["positions"] = _("Write at least one position.")
    if assignment.audience == Audience.LIST and people is not None and not people:
        errors["people"] = _("Choose at least one person.")
    if assignment.repeats == Repeats.YEARLY:
        if assignment.opens_on is None:
            errors["opens_on"] = _("A course for every year needs the day it opens.")
        if assignment.due_on is None:
            errors["due_on"] = _("A course for every year needs its due date.")
        elif assignment.opens_on and (assignment.due_on - assignment.opens_on).days >= 365:
            errors["due_on"] = _("The window is longer than a year: the rounds would overlap.")
    if assignment.repeats == Repeats.AFTER and assignment.repeat_months is None:
        errors["repeat_months"] = _("After how many months is it studied again?")
    if str(assignment.course_key) in map(str, assignment.equivalents):
        errors["equivalents"] = _("The course itself cannot count instead of itself.")
    if errors:
        raise ValidationError(errors)
    assignment.full_clean(exclude=["people", "created_by"])


def _terms(assignment: Assignment) -> dict[str, Any]:
    return {
        "course": str(assignment.course_key),
        "audience": assignment.audience,
        "required": assignment.required,
        "opens_on": assignment.opens_on,
        "due_on": assignment.due_on,
        "repeats": assignment.repeats,
    }


def settle_assignment(
    assignment: Assignment, *, today: datetime.date | None = None, refresh: bool = True
) -> Settled:
    """Settle whom the assignment means now, and who holds the course by it."""
    concerned = {
        *members_meant(assignment).order_by().values_list("user_id", flat=True),
        *Enrolment.objects.current()
        .filter(assignment=assignment)
        .order_by()
        .values_list("user_id", flat=True),
    }
    return settle(concerned, today=today, refresh={assignment.pk} if refresh else ())


@transaction.atomic
def end_assignment(*, assignment: Assignment, reason: str, by: Any | None) -> Settled:
    """The assignment holds no longer: who has not begun is withdrawn, who has may go on freely.

    Raises `ValidationError` without a reason. Ended already: nothing happens.
    """
    held = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if held.ended_on is not None:
        return Settled()
    reason = _reason(reason)
    held.ended_on = assignment.ended_on = timezone.localdate()
    held.save(update_fields=["ended_on"])
    record(act="assignment-ended", by=by, about=held, unit=held.unit, reason=reason)
    return settle_assignment(held)


@transaction.atomic
def exempt(*, enrolments: QuerySet[Enrolment, Any], reason: str, by: Any | None) -> int:
    """These people need not complete the course this time; how many were exempted.

    Who has completed it or is exempt already stays as she is. Raises `ValidationError` without a
    reason.
    """
    reason = _reason(reason)
    chosen = list(_held(enrolments).unfinished())
    today = timezone.localdate()
    for one in chosen:
        one.exempt_on, one.exempt_reason = today, reason
    Enrolment.objects.bulk_update(chosen, ["exempt_on", "exempt_reason"], batch_size=500)
    _record_each("person-exempted", chosen, by=by, reason=reason)
    return len(chosen)


@transaction.atomic
def end_exemption(*, enrolments: QuerySet[Enrolment, Any], by: Any | None) -> int:
    """These people are to complete the course after all; how many that changes."""
    chosen = list(_held(enrolments).filter(exempt_on__isnull=False))
    reasons = {one.pk: one.exempt_reason for one in chosen}
    for one in chosen:
        one.exempt_on, one.exempt_reason = None, ""
    Enrolment.objects.bulk_update(chosen, ["exempt_on", "exempt_reason"], batch_size=500)
    for one in chosen:
        record(
            act="exemption-ended",
            by=by,
            about=one.user,
            unit=one.unit,
            course=str(one.course_key),
            was=reasons[one.pk],
        )
    return len(chosen)


@transaction.atomic
def extend(
    *, enrolments: QuerySet[Enrolment, Any], due_on: datetime.date, reason: str, by: Any | None
) -> int:
    """These people have until `due_on`; how many were given more time.

    Who has completed the course, is exempt, has no due date or has one as late already stays as
    she is. Raises `ValidationError` for a day that has passed, or without a reason.
    """
    reason = _reason(reason)
    if due_on < timezone.localdate():
        raise ValidationError({"due_on": _("The new due date has passed already.")})
    chosen = list(_held(enrolments).unfinished().filter(due_on__lt=due_on))
    for one in chosen:
        one.first_due_on = one.first_due_on or one.due_on
        one.due_on = due_on
    Enrolment.objects.bulk_update(chosen, ["due_on", "first_due_on"], batch_size=500)
    _record_each("due-date-extended", chosen, by=by, reason=reason, due_on=due_on)
    return len(chosen)


def _held(enrolments: QuerySet[Enrolment, Any]) -> Any:
    """The present rounds among `enrolments`, their rows locked in one order."""
    return (
        Enrolment.objects.counted()
        .filter(pk__in=enrolments.order_by().values("pk"))
        .select_related("user", "unit")
        .select_for_update(of=("self",))
        .order_by("pk")
    )


def _record_each(act: str, chosen: Iterable[Enrolment], *, by: Any | None, **details: Any) -> None:
    for one in chosen:
        record(act=act, by=by, about=one.user, unit=one.unit, course=str(one.course_key), **details)


def _reason(text: str) -> str:
    text = " ".join(text.split())[:250]
    if not text:
        raise ValidationError({"reason": _("Say why; it is kept with the decision.")})
    return text


def open_rounds(*, today: datetime.date | None = None) -> Settled:
    """What the day brings: assignments that open, yearly rounds, rounds after a completion.

    Harmless when repeated. Assignments in turn, each in a transaction of its own, so that a fault
    in one does not keep the others closed.
    """
    today = today or timezone.localdate()
    total = Settled()
    for assignment in Assignment.objects.in_force().select_related("unit").order_by("pk"):
        window = window_on(assignment, today)
        if window is None:
            continue
        held = Enrolment.objects.current().filter(assignment=assignment)
        behind: Any = held.filter(window__lt=window.number)
        if assignment.repeats == Repeats.AFTER and assignment.repeat_months:
            # A month has 31 days at most: nobody whose time has come is left out.
            latest = today - datetime.timedelta(days=28 * assignment.repeat_months)
            behind = held.filter(completion__completed_at__date__lte=latest)
        elif window.number == 1 and window.opens_on is not None and not held.exists():
            behind = members_meant(assignment)
        users = behind.order_by().values_list("user_id", flat=True)
        done = settle(users, today=today)
        for name in vars(total):
            setattr(total, name, getattr(total, name) + getattr(done, name))
    return total
