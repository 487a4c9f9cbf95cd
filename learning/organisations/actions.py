"""Writes: units are made, people placed and made responsible. Each may be repeated harmlessly."""

import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from learning.audit.actions import record
from learning.organisations.models import Membership, Responsibility, Unit
from learning.organisations.signals import member_moved


@transaction.atomic
def save_unit(
    *, code: str, name: str, kind: str, parent: Unit | None = None, short_name: str = ""
) -> Unit:
    """The unit with this code, made or brought up to date, below `parent` (None: a root)."""
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        # Read again: treebeard computes the child's path from the parent's fields as they are.
        fresh = Unit.objects.get(pk=parent.pk) if parent else None
        new = Unit(code=code, name=name, kind=kind, short_name=short_name)
        return fresh.add_child(instance=new) if fresh else Unit.add_root(instance=new)
    unit.name, unit.kind, unit.short_name = name, kind, short_name
    unit.save()
    move_unit(unit=unit, parent=parent)
    return Unit.objects.get(pk=unit.pk)


@transaction.atomic
def move_unit(*, unit: Unit, parent: Unit | None) -> None:
    """Hang `unit`, with all below it, under `parent` (None: make it a root)."""
    unit = Unit.objects.get(pk=unit.pk)
    present = unit.get_parent()
    if (present.pk if present else None) == (parent.pk if parent else None):
        return
    if parent is None:
        unit.move(Unit.get_last_root_node(), pos="last-sibling")
    else:
        unit.move(Unit.objects.get(pk=parent.pk), pos="last-child")


@transaction.atomic
def place_member(*, user: Any, unit: Unit, position: str = "", on: datetime.date) -> Membership:
    """`user` works in `unit` from this day; where she worked before ends the same day.

    In the same unit already: only the position is brought up to date. The floors above hear of
    the move by `member_moved` in this transaction.
    """
    # The person's row is the lock: two placements at once take turns on both databases.
    get_user_model()._default_manager.select_for_update().get(pk=user.pk)
    present = Membership.objects.filter(user=user, ended_on__isnull=True).first()
    if present and present.unit_id == unit.pk:
        if present.position != position:
            present.position = position
            present.save(update_fields=["position"])
        return present
    if present:
        present.ended_on = max(on, present.started_on)
        present.save(update_fields=["ended_on"])
    membership = Membership.objects.create(user=user, unit=unit, position=position, started_on=on)
    member_moved.send(sender=Membership, user=user, unit=unit)
    return membership


@transaction.atomic
def end_membership(*, user: Any, on: datetime.date) -> None:
    """`user` leaves on this day. What she has earned stays hers; no unit counts her any more."""
    get_user_model()._default_manager.select_for_update().get(pk=user.pk)
    present = Membership.objects.filter(user=user, ended_on__isnull=True).first()
    if present is None:
        return
    present.ended_on = max(on, present.started_on)
    present.save(update_fields=["ended_on"])
    member_moved.send(sender=Membership, user=user, unit=None)


def make_responsible(
    *,
    user: Any,
    unit: Unit,
    role: str = Responsibility.Role.HR_OFFICER,
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
    deputy_for: Any | None = None,
    by: Any | None = None,
) -> Responsibility:
    """`user` has the role in `unit` and all below it, for a span of days where one is given.

    Given again, the role takes the new span: one row a person, unit and role.
    """
    with transaction.atomic():
        held, created = Responsibility.objects.update_or_create(
            user=user,
            unit=unit,
            role=role,
            defaults={"starts_on": starts_on, "ends_on": ends_on, "deputy_for": deputy_for},
        )
        record(
            act="role-given",
            by=by,
            about=user,
            unit=unit,
            role=role,
            new=created,
            starts_on=starts_on,
            ends_on=ends_on,
        )
    return held


def end_responsibility(
    *,
    user: Any,
    unit: Unit,
    role: str = Responsibility.Role.HR_OFFICER,
    by: Any | None = None,
) -> None:
    """`user` has the role in `unit` no longer."""
    with transaction.atomic():
        gone, _kinds = Responsibility.objects.filter(user=user, unit=unit, role=role).delete()
        if gone:
            record(act="role-ended", by=by, about=user, unit=unit, role=role)
