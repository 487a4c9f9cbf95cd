"""Is the register of certificates as it was written?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from learning.certificates.models import RegisterEntry
from learning.certificates.register.checking import check_chain, issuers


class Command(BaseCommand):
    help = "Check the hash chain of the register of certificates; fails if anything was changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--hash",
            action="append",
            default=[],
            metavar="ISSUER:NO:HASH",
            help="an entry's hash as an older printed register shows it (may be repeated); the"
            " first digits are enough",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a chain, one a problem. Raises `CommandError` (exit status 1) if any."""
        wrong = 0
        for issuer in issuers():
            checked = check_chain(issuer)
            for problem in checked.problems:
                self.stderr.write(f"{issuer}, entry {problem.sequence}: {problem.what}")
            wrong += len(checked.problems)
            self.stdout.write(f"{issuer}: {checked.entries} entries, end {checked.last_hash}")
        wrong += sum(not self._as_printed(told) for told in options["hash"])
        if wrong:
            raise CommandError(f"{wrong} problem(s): the register is not as it was written.")

    def _as_printed(self, told: str) -> bool:
        issuer, _colon, rest = told.rpartition(":")[0].rpartition(":")
        printed = told.rpartition(":")[2].lower()
        if not (issuer and rest.isdecimal() and len(printed) >= 8):
            raise CommandError(f"Not of the form ISSUER:NO:HASH: {told}")
        entry = RegisterEntry.objects.filter(issuer=issuer, sequence=int(rest)).first()
        if entry is not None and entry.hash.startswith(printed):
            return True
        self.stderr.write(f"{issuer}, entry {rest}: not the one of the printed register")
        return False
