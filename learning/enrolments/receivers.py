"""What happens here when something happened below."""

from typing import Any

from django.dispatch import receiver

from learning.enrolments.actions import follow_members
from learning.organisations.signals import member_moved, members_moved


@receiver(member_moved, dispatch_uid="enrolments.follow_member")
def on_member_moved(*, user: Any, **_kwargs: Any) -> None:
    """In the transaction of the move: enrolments and membership never disagree."""
    follow_members(user_ids=[user.pk])


@receiver(members_moved, dispatch_uid="enrolments.follow_members")
def on_members_moved(*, moves: list[tuple[int, int | None]], **_kwargs: Any) -> None:
    """The same of many at once."""
    follow_members(user_ids=[user_id for user_id, _unit in moves])
