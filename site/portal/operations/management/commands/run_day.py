"""`manage.py run_day`: the jobs of the morning, now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.operations.daily import run_jobs


class Command(BaseCommand):
    """For a timer of the system, and for looking at what a job does."""

    help = "Run what has to happen every morning; harmless when repeated."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = 0
        for path, result in run_jobs().items():
            failed += isinstance(result, Exception)
            self.stdout.write(f"{path}: {result}")
        if failed:
            raise CommandError(f"{failed} failed")
