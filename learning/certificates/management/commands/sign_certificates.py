"""Sign every paper that waits for the server's signature."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from learning.certificates.signing.actions import sign_waiting
from learning.certificates.signing.keys import CannotSignError


class Command(BaseCommand):
    help = "Sign every drawn paper that is not signed yet with the server's key."

    def handle(self, *args: Any, **options: Any) -> None:
        """Stopped in between, it goes on where it was when it is run again."""
        try:
            signed, left = sign_waiting()
        except CannotSignError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{signed} signed, {left} waiting")
