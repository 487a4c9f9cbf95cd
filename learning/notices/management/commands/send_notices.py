"""Send what is due now; for a timer, beside the worker's own rhythm."""

from typing import Any

from django.core.management.base import BaseCommand

from learning.notices.tasks import run


class Command(BaseCommand):
    help = "Sends the notices that are due; nothing in quiet hours."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{run()} letters")
