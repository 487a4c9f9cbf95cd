"""`manage.py apply_unit_changes`: apply the changes of units whose day has come."""

from typing import Any

from django.core.management.base import BaseCommand

from learning.organisations.changing.actions import apply_due_changes


class Command(BaseCommand):
    """For a timer, where no worker runs, and for taking up what was refused once."""

    help = "Apply the changes of units whose day has come."

    def handle(self, *args: Any, **options: Any) -> None:
        tried = apply_due_changes()
        for change in tried:
            self.stdout.write(f"{change}: {change.problem or 'applied'}")
        if not tried:
            self.stdout.write("Nothing is due.")
