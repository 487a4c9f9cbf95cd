"""What is over is forgotten: codes by mail, counted tries, sessions. For a timer, once a day."""

import datetime
from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.accounts.keys.actions import forget_old_keys

KEPT = datetime.timedelta(days=1)


class Command(BaseCommand):
    """Deletes what nobody can use any more."""

    help = "Delete codes, counts of tries and sessions that have been over for a day."

    def handle(self, **options: Any) -> None:
        """One line: how many codes and counts went, and how many devices."""
        keys = forget_old_keys(before=timezone.now() - KEPT)
        import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
        live = Session.objects.values("session_key")
        devices, _kinds = UserSession.objects.exclude(session_key__in=live).delete()
        self.stdout.write(f"{keys} keys, {devices} devices")
