import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.courses.blocks import LessonBody
from learning.courses.register.facts import CitedFact, cited_facts
from learning.courses.register.wording import STATES

_KINDS: dict[str, Any] = {
    "course": gettext_lazy("Course"),
    "lesson": gettext_lazy("Lesson"),
    "question": gettext_lazy("Question"),
    "term": gettext_lazy("Term"),
}


class Command(BaseCommand):
    help = "Print what the courses say, and on which source each statement rests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", nargs="?", default="", help="the key of a content pack")
        parser.add_argument("--json", action="store_true", help="as JSON, for programs")

    def handle(self, *, pack: str, json: bool, **_options: Any) -> None:
        try:
            facts = cited_facts(pack)
        except LookupError:
            raise CommandError(
                _("No course was loaded from a pack with the key «%(key)s».") % {"key": pack}
            ) from None
        self.stdout.write(_as_json(facts) if json else _as_table(facts))


def _as_json(facts: list[CitedFact]) -> str:
    rows = [
        {
            "pack": fact.pack,
            "kind": fact.kind,
            "place": fact.place,
            "name": fact.name,
            "fact": fact.fact,
            "source": {
                "key": fact.source.key,
                "title": fact.source.title,
                "number": fact.source.number,
                "url": fact.source.url,
                "state": fact.state.value,
            },
        }
        for fact in facts
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _as_table(facts: list[CitedFact]) -> str:
    """Lines with bars between the columns, as in Markdown."""
    head = [_("Pack"), _("Place"), _("Fact"), _("Source"), _("Number"), _("Address"), _("State")]
    kinds = _KINDS | {name: block.label for name, block in LessonBody().child_blocks.items()}
    rows = [
        [
            fact.pack,
            " ".join(filter(None, [fact.place, str(kinds[fact.kind]), fact.name])),
            fact.fact,
            fact.source.title,
            fact.source.number,
            fact.source.url,
            str(STATES[fact.state]),
        ]
        for fact in facts
    ]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(text) for text in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())
