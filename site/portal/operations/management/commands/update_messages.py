"""`manage.py update_messages`: bring the Vietnamese catalogue in line with the source strings."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.operations import messages


class Command(BaseCommand):
    help = (
        "Extracts the translatable strings of the project into the Vietnamese catalogue, keeps its "
        "translations, drops what is no longer used, compiles it, and lists what is untranslated."
    )
    # Works on files alone, so that it runs while the models are being changed.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from",
            dest="files",
            action="append",
            default=[],
            metavar="FILE.json",
            help='translations to merge, {"msgid": "msgstr"}; plurals as "one|many", a context '
            'as "context\\u0004msgid"; may be given several times, the last one wins',
        )
        parser.add_argument(
            "--platform",
            action="store_true",
            help="also keep translations of strings that belong to Wagtail, Django or a package",
        )
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if something is to be done"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        translations: dict[str, str] = {}
        for name in options["files"]:
            translations.update(read_translations(Path(name)))
        old = messages.load_catalogue()
        try:
            found = messages.extract()
        except ValueError as error:
            raise CommandError(str(error)) from error
        new = messages.merge(found, old, translations, platform=options["platform"])
        missing = messages.untranslated(new)
        for entry in missing:
            places = ", ".join(place for place, _line in entry.occurrences)
            context = f" [{entry.msgctxt}]" if entry.msgctxt else ""
            plural = f" | {entry.msgid_plural}" if entry.msgid_plural else ""
            self.stdout.write(f"untranslated: {entry.msgid!r}{plural}{context} ({places})")
        for entry in new:
            if entry not in missing:
                for problem in messages.problems_of(entry):
                    self.stdout.write(f"problem: {problem}")
        self.report_unused(translations, found, platform=options["platform"])
        if options["check"]:
            if missing or str(new) != str(old):
                raise CommandError("The catalogue is not in line with the source strings.")
            return
        messages.save(new)
        self.stdout.write(f"{len(new)} strings, {len(missing)} untranslated")

    def report_unused(
        self,
        translations: dict[str, str],
        found: dict[messages.Key, messages.Message],
        *,
        platform: bool,
    ) -> None:
        """Name the given translations whose string nobody asks for: mostly a misspelt msgid."""
        if platform:
            return
        asked: set[str] = set()
        for message in found.values():
            prefix = f"{message.context}\x04" if message.context else ""
            asked |= {f"{prefix}{message.msgid}", f"{prefix}{message.msgid}|{message.plural}"}
        for key in sorted(set(translations) - asked):
            self.stdout.write(f"not used: {key!r}")


def read_translations(path: Path) -> dict[str, str]:
    """The translations in a JSON file; CommandError if it is not an object of strings."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from error
    if not isinstance(content, dict) or not all(isinstance(v, str) for v in content.values()):
        raise CommandError(f"{path}: expected an object of strings")
    return content
