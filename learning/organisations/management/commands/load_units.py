"""`manage.py load_units PATH`: add the units of a file that are missing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from learning.organisations.packs import UnitPackError, load_units, read_units


class Command(BaseCommand):
    """Checked whole first, then all of it or nothing; what is there is left as it is."""

    help = "Add the units of a file that are missing: checked whole first, then all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the YAML file")
        parser.add_argument("--check", action="store_true", help="check only, write nothing")

    def handle(self, *, path: Path, check: bool, **_options: Any) -> None:
        try:
            units = read_units(path)
        except UnitPackError as error:
            for problem in error.problems:
                self.stderr.write(problem)
            raise CommandError(
                _("%(count)s problems; nothing was loaded.") % {"count": len(error.problems)}
            ) from None
        if check:
            self.stdout.write(_("The file is sound."))
            return
        done = load_units(units)
        self.stdout.write(f"{_('created')}: {len(done.created)}")
        self.stdout.write(f"{_('unchanged')}: {len(done.present)}")
        for code in done.differing:
            self.stdout.write(_("«%(unit)s» says otherwise; it was left alone.") % {"unit": code})
