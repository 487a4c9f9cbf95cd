"""Reading the questions of a module, in Vietnamese and in English."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from learning.courses.packing.fields import (
    day,
    english_file,
    entries,
    known,
    objectives,
    read_entries,
    read_mapping,
    slug,
)
from learning.courses.packing.located import Located, Report
from learning.courses.packing.specs import QuestionSpec

KINDS = ("single", "multiple", "true_false")
DIFFICULTIES = {"easy": 1, "medium": 2, "hard": 3}


def read_questions(
    path: Path,
    root: Path,
    *,
    lessons: Collection[str],
    aims: Collection[str],
    sources: Collection[str],
    report: Report,
) -> list[QuestionSpec]:
    """The questions in `path` and their English in the file beside it, if there is one."""
    listed = read_entries(path, root, report)
    translated = english_file(path)
    english = read_mapping(translated, root, report) if translated.exists() else None
    found = [_question(entry, lessons, aims, sources, english, report) for entry in listed]
    if english is not None:
        for key in sorted(set(english) - {question.key for question in found}, key=str):
            report.add(english, _("There is no question «%(key)s» to translate.") % {"key": key})
    return found


def _question(
    entry: Located,
    lessons: Collection[str],
    aims: Collection[str],
    sources: Collection[str],
    english: Located | None,
    report: Report,
) -> QuestionSpec:
    kind = report.text(entry, "kind")
    if kind and kind not in KINDS:
        report.add(entry, _("Unknown kind of question: %(kind)s") % {"kind": kind})
    lesson = report.text(entry, "lesson")
    if lesson and lesson not in lessons:
        report.add(entry, _("There is no lesson «%(key)s» in this module.") % {"key": lesson})
    objective = report.text(entry, "objective", required=False)
    objectives(report, entry, [objective] if objective else [], aims)
    difficulty = report.text(entry, "difficulty")
    if difficulty and difficulty not in DIFFICULTIES:
        report.add(entry, _("«difficulty» is easy, medium or hard."))
    cited = known(report, entry, report.texts(entry, "sources"), sources)
    if not cited:
        report.add(entry, _("The question names no source."))
    valid_from, valid_until = day(report, entry, "valid_from"), day(report, entry, "valid_until")
    if valid_from and valid_until and valid_until < valid_from:
        report.add(entry, _("«valid_until» lies before «valid_from»."))
    key = slug(report, entry, "key")
    options = _options(entry, kind, report)
    prompt_en, explanation_en = _english(key, options, english, report)
    return QuestionSpec(
        key=key,
        kind=kind,
        lesson=lesson,
        objective=objective,
        difficulty=DIFFICULTIES.get(difficulty, 2),
        valid_from=valid_from,
        valid_until=valid_until,
        prompt=report.text(entry, "prompt"),
        options=options,
        explanation=report.text(entry, "explanation"),
        sources=cited,
        prompt_en=prompt_en,
        explanation_en=explanation_en,
    )


def _options(entry: Located, kind: str, report: Report) -> list[dict[str, Any]]:
    found = entry.get("options")
    if not isinstance(found, list) or not all(isinstance(x, Located) for x in found):
        report.add(entry, _("«options» must be a list of options."))
        return []
    options: list[dict[str, Any]] = [
        {
            "text": report.text(option, "text"),
            "right": option.get("right") is True,
            "why": report.text(option, "why"),
        }
        for option in found
    ]
    right = sum(option["right"] for option in options)
    if right == 0:
        report.add(entry, _("The question has no right option."))
    elif right > 1 and kind in ("single", "true_false"):
        report.add(entry, _("The question has more than one right option."))
    if kind == "true_false" and len(options) != 2:
        report.add(entry, _("A true-or-false question has two options."))
    if len(options) < 2:
        report.add(entry, _("A question needs at least two options."))
    texts = [option["text"].casefold() for option in options]
    if len(set(texts)) < len(texts):
        report.add(entry, _("Two options are the same."))
    return options


def _english(
    key: str, options: list[dict[str, Any]], english: Located | None, report: Report
) -> tuple[str, str]:
    """Prompt and explanation in English; the options get theirs."""
    if english is None:
        return "", ""
    entry = english.get(key)
    if not isinstance(entry, Located):
        report.add(english, _("The question «%(key)s» is not translated.") % {"key": key})
        return "", ""
    texts = [option for option in entries(entry, "options") if isinstance(option, Located)]
    if len(texts) != len(options):
        report.add(entry, _("The translation has not as many options as the question."))
    for option, text in zip(options, texts, strict=False):
        option["text_en"] = report.text(text, "text")
        option["why_en"] = report.text(text, "why")
    return report.text(entry, "prompt"), report.text(entry, "explanation")
