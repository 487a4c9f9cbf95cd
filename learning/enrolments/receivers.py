"""What happens here when something happened below."""

from typing import Any

from django.dispatch import receiver

from learning.enrolments.actions import follow_member
from learning.organisations.models import Unit
from learning.organisations.signals import member_moved


@receiver(member_moved, dispatch_uid="enrolments.follow_member")
def on_member_moved(*, user: Any, unit: Unit | None, **_kwargs: Any) -> None:
    """In the transaction of the move: enrolments and membership never disagree."""
    follow_member(user=user, unit=unit)
