"""What happens when somebody has logged in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from portal.accounts.devices.actions import note_log_in


@receiver(user_logged_in, dispatch_uid="accounts.note_log_in")
def session_began(request: HttpRequest | None, **_signal: Any) -> None:
    """Its row is written by allauth; nothing more is noted of it for an hour."""
    if request is not None:
        note_log_in(request)
