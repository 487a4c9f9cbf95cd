"""Assignments follow units: what was assigned to a unit that closes passes on to its successors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from learning.audit.actions import record
from learning.enrolments.assigning.settling import settle
from learning.enrolments.models import Assignment, Audience, Enrolment
from learning.organisations.models import ChangePart, Membership, Unit, UnitChange

_COPIED = (
    "course_key",
    "audience",
    "kinds",
    "positions",
    "required",
    "opens_on",
    "due_on",
    "due_days",
    "reminder_plan",
    "repeats",
    "repeat_months",
    "repeat_until",
    "counts_since",
    "equivalents",
    "goal_id",
    "created_by_id",
    "created_at",
)


def pass_on(*, change: UnitChange, successors: Mapping[int, Sequence[int]]) -> None:
    """After a change of units: assignments of closed units go to the units that took over.

    The first successor gets the assignment itself, with its enrolments and their terms; others
    get one of the same terms. A successor that has assigned the course to everyone already keeps
    its own, and takes over the enrolments. Called in the transaction of the change, before the
    people are settled in their new units.
    """
    units = Unit.objects.in_bulk([pk for news in successors.values() for pk in news])
    closed = Assignment.objects.in_force().filter(unit__in=successors).select_related("unit")
    for assignment in closed.order_by("pk"):
        old = assignment.unit
        first, *others = [units[pk] for pk in successors[old.pk]]
        for unit in others:
            _copy(assignment, unit)
        _hand_over(assignment, first)
        record(
            act="assignment-passed-on",
            by=change.made_by,
            about=assignment,
            unit=first,
            change=change.pk,
            before=old.name,
            into=[unit.name for unit in (first, *others)],
        )
    _settle_who_stayed(change)


def _same_for_everyone(assignment: Assignment, unit: Unit) -> Assignment | None:
    if assignment.audience != Audience.EVERYONE:
        return None
    return (
        Assignment.objects.in_force()
        .filter(course_key=assignment.course_key, unit=unit, audience=Audience.EVERYONE)
        .exclude(pk=assignment.pk)
        .first()
    )


def _copy(assignment: Assignment, unit: Unit) -> None:
    if _same_for_everyone(assignment, unit) is not None:
        return
    copy = Assignment.objects.create(
        unit=unit, **{name: getattr(assignment, name) for name in _COPIED}
    )
    copy.people.set(assignment.people.all())


def _hand_over(assignment: Assignment, unit: Unit) -> None:
    there = _same_for_everyone(assignment, unit)
    if there is None:
        assignment.unit = unit
        assignment.save(update_fields=["unit"])
        return
    Enrolment.objects.filter(assignment=assignment).update(assignment=there)
    assignment.ended_on = assignment.unit.valid_to
    assignment.save(update_fields=["ended_on"])


def _settle_who_stayed(change: UnitChange) -> None:
    """People whose unit hangs elsewhere now, or whose unit took over, without moving themselves."""
    parts = ChangePart.objects.filter(change=change).values("unit")
    tops = list(Unit.objects.filter(pk__in=parts, valid_to__isnull=True))
    if not tops:
        return
    members = Membership.objects.open().for_units(Unit.objects.all().within(*tops))
    settle(members.order_by().values_list("user_id", flat=True))


def effects_of(*, unit_ids: Sequence[int], **_signal: Any) -> dict[str, int]:
    """For the preview: how many assignments pass on."""
    count = Assignment.objects.in_force().filter(unit__in=unit_ids).count()
    if not count:
        return {}
    return {_("%(count)s assignments of courses pass on with their due dates."): count}
