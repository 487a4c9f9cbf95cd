"""What happens here when something happened below."""

from typing import Any

from django.dispatch import receiver

from learning.enrolments.actions import follow_members
from learning.enrolments.assigning import passing
from learning.organisations.models import UnitChange
from learning.organisations.signals import (
    member_moved,
    members_moved,
    unit_change_effects,
    units_changed,
)


@receiver(member_moved, dispatch_uid="enrolments.follow_member")
def on_member_moved(*, user: Any, **_kwargs: Any) -> None:
    """In the transaction of the move: enrolments and membership never disagree."""
    follow_members(user_ids=[user.pk])


@receiver(members_moved, dispatch_uid="enrolments.follow_members")
def on_members_moved(*, moves: list[tuple[int, int | None]], **_kwargs: Any) -> None:
    """The same of many at once."""
    follow_members(user_ids=[user_id for user_id, _unit in moves])


@receiver(units_changed, dispatch_uid="enrolments.units_changed")
def on_units_changed(
    *, change: UnitChange, successors: dict[int, list[int]], **_kwargs: Any
) -> None:
    """Before people are settled in their new units, so that nobody loses a due date by a merger."""
    passing.pass_on(change=change, successors=successors)


@receiver(unit_change_effects, dispatch_uid="enrolments.unit_change_effects")
def on_effects_asked(*, unit_ids: list[int], **_kwargs: Any) -> dict[str, int]:
    """What the preview of a change tells of assignments."""
    return passing.effects_of(unit_ids=unit_ids)
