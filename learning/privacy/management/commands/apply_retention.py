from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from learning.privacy.retention import apply_rules, too_old


class Command(BaseCommand):
    help = "Remove personal data that is older than its rule of retention"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only print how much it is")

    def handle(self, *args: Any, **options: Any) -> None:
        for outcome in too_old() if options["dry_run"] else apply_rules():
            months = f"{outcome.months} months" if outcome.months else "fixed"
            self.stdout.write(f"{outcome.kept.slug:<16}{months:<12}{outcome.rows:>10}")
