"""Read delivery reports and mark the addresses nobody is reached at."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from learning.notices.bounces import read_report


class Command(BaseCommand):
    help = "Reads delivery reports (DSN mails) from files, folders or standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", help="mails; none: one mail on standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        marked = 0
        if not options["paths"]:
            marked += read_report(sys.stdin.buffer.read())
        for path in map(Path, options["paths"]):
            if not path.exists():
                raise CommandError(f"There is no such file: {path}")
            for mail in sorted(path.iterdir()) if path.is_dir() else [path]:
                if mail.is_file():
                    marked += read_report(mail.read_bytes())
        self.stdout.write(f"{marked} unreachable")
