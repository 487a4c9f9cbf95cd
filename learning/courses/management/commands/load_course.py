from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from learning.courses.packing.loading import load_pack
from learning.courses.packing.located import PackError
from learning.courses.packing.reader import read_pack


class Command(BaseCommand):
    help = "Load a course from a content pack: checked whole first, then all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the folder of the pack")
        parser.add_argument("--check", action="store_true", help="check only, write nothing")

    def handle(self, *, path: Path, check: bool, **_options: Any) -> None:
        if not (path / "course.yaml").is_file():
            raise CommandError(_("%(path)s holds no course.yaml.") % {"path": path})
        try:
            pack = read_pack(path)
        except PackError as problems:
            for problem in problems.problems:
                self.stderr.write(str(problem))
            raise CommandError(
                _("%(count)s problems; nothing was loaded.") % {"count": len(problems.problems)}
            ) from None
        if check:
            self.stdout.write(_("The pack is sound."))
            return
        done = load_pack(pack, parent=self._home())
        for names, label in (
            (done.created, _("created")),
            (done.updated, _("updated")),
            (done.unchanged, _("unchanged")),
            (done.withdrawn, _("withdrawn")),
        ):
            self.stdout.write(f"{label}: {len(names)}")

    @staticmethod
    def _home() -> Page:
        site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
        if site is None:
            raise CommandError(_("There is no site yet: run `manage.py demo --no-serve` first."))
        return site.root_page
