"""`manage.py statistics_summary`: the kept figures counted again, made anew, or looked over."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from learning.statistics.summary.keeping import check, rebuild, refresh

_SHOWN = 20


class Command(BaseCommand):
    help = "Count again what is marked; with --rebuild everything, with --check only compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        ways = parser.add_mutually_exclusive_group()
        ways.add_argument("--rebuild", action="store_true", help="make everything anew")
        ways.add_argument("--check", action="store_true", help="compare with the facts")
        ways.add_argument("--refresh", action="store_true", help="count what is marked (default)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Tells what was done; exit code 1 where --check finds something."""
        if options["check"]:
            self._check()
        elif options["rebuild"]:
            rebuild()
            self._say("everything counted anew", options)
        else:
            self._say(f"{refresh()} pairs of unit and course counted again", options)

    def _check(self) -> None:
        wrong = list(check())
        for one in wrong[:_SHOWN]:
            self.stderr.write(
                f"{one.table}, unit {one.unit_id}, {one.about}: {one.figure} is kept as "
                f"{one.kept}, and counted as {one.counted}"
            )
        if wrong:
            raise CommandError(f"{len(wrong)} figures are wrong; --rebuild makes them right")

    def _say(self, line: str, options: dict[str, Any]) -> None:
        if options["verbosity"]:
            self.stdout.write(line)
