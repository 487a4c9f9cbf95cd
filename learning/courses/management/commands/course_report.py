import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from learning.courses.admin.rows import SUBJECTS
from learning.courses.register.figures import course_figures
from learning.courses.register.wording import STATES
from quizzes.bank.kinds import kind_choices
from quizzes.bank.models import Question


class Command(BaseCommand):
    help = (
        "Count lessons, words, questions, pools, sources, stale content and missing translations."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON, for programs")

    def handle(self, *, json: bool, **_options: Any) -> None:
        figures = course_figures()
        self.stdout.write(_as_json(figures) if json else "\n".join(_lines(figures)))


def _as_json(figures: dict[str, Any]) -> str:
    return json.dumps(figures, ensure_ascii=False, indent=2)


def _lines(figures: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for course in figures["courses"]:
        lines += [course["title"], *map(_module, course["modules"]), _total(course), ""]
    return [*lines, *_sources(figures), *_stale(figures["stale"]), *_open(figures["untranslated"])]


def _module(module: dict[str, Any]) -> str:
    names = dict(kind_choices())
    kinds = ", ".join(f"{names[k]}: {n}" for k, n in module["kinds"].items() if n)
    levels = ", ".join(
        f"{Question.Difficulty[name.upper()].label}: {n}"
        for name, n in module["difficulties"].items()
        if n
    )
    under = filter(None, [_counts(module), kinds, levels, _pool(module["pool"])])
    return "\n".join([f"  {module['number']}. {module['title']}", *(f"     {x}" for x in under)])


def _counts(row: dict[str, Any]) -> str:
    return _(
        "%(lessons)s lessons, %(words)s words (%(words_en)s in English), %(minutes)s minutes, "
        "%(questions)s questions"
    ) % {name: row[name] for name in ("lessons", "words", "words_en", "minutes", "questions")}


def _pool(pool: dict[str, Any] | None) -> str:
    if pool is None:
        return ""
    values = {name: pool[name] for name in ("quiz", "drawn", "askable")}
    return _("%(quiz)s: %(drawn)s drawn of %(askable)s") % values


def _total(course: dict[str, Any]) -> str:
    total, final = _("Total"), _pool(course["final"])
    return f"  {total}: {_counts(course['total'])}" + (f"\n  {final}" if final else "")


def _sources(figures: dict[str, Any]) -> list[str]:
    sources, label, terms = figures["sources"], _("Sources"), _("Terms")
    states = ", ".join(f"{STATES[state]}: {n}" for state, n in sources["states"].items() if n)
    return [
        f"{label}: {sources['total']} ({states})",
        *(f"  {STATES[one['state']]}: {one['title']}" for one in sources["not_current"]),
        f"{terms}: {figures['terms']['total']}",
    ]


def _stale(stale: dict[str, Any]) -> list[str]:
    label = _("Content to look at again")
    lines = [f"{label}: {stale['total']}"]
    for one in stale["items"]:
        named = ", ".join(one["sources"])
        lines.append(f"  {SUBJECTS[one['kind']]}: {one['title']} ({named})")
    return lines


def _open(untranslated: dict[str, Any]) -> list[str]:
    names = {
        "pages": _("Pages without English"),
        "questions": _("Questions without English"),
        "sources": _("Sources without English"),
        "terms": _("Terms without English"),
    }
    lines = []
    for name, label in names.items():
        lines.append(f"{label}: {len(untranslated[name])}")
        lines += [f"  {one}" for one in untranslated[name]]
    strings, label = untranslated["strings"], _("Strings of the interface without Vietnamese")
    if strings is not None:
        lines.append(f"{label}: {strings}")
    return lines
