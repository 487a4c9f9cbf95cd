"""What is over is forgotten: codes by mail, counted tries, sessions; also a job of the morning."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.accounts.keys.actions import forget_what_is_over


class Command(BaseCommand):
    """Deletes what nobody can use any more."""

    help = "Delete codes, counts of tries and sessions that have been over for a day."

    def handle(self, **options: Any) -> None:
        """One line: how many codes and counts went, and how many devices."""
        gone = forget_what_is_over()
        self.stdout.write(f"{gone['keys']} keys, {gone['devices']} devices")
