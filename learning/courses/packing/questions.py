"""Reading the questions of a module, in Vietnamese and in English."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
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
from learning.courses.packing.illustrated import (
    Pictures,
    as_contents,
    read_picture,
    translate_picture,
)
from learning.courses.packing.located import Located, Report
from learning.courses.packing.specs import QuestionSpec
from quizzes.bank.content import content_of
from quizzes.bank.kinds import get_kind, kind_names

DIFFICULTIES = {"easy": 1, "medium": 2, "hard": 3}
# Fields of an option that only some kinds know.
_OWN_FIELDS = {"right", "match", "gap", "pinned", "points", "picture", "area"}


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
    found = [_question(entry, root, lessons, aims, sources, english, report) for entry in listed]
    if english is not None:
        for key in sorted(set(english) - {question.key for question in found}, key=str):
            report.add(english, _("There is no question «%(key)s» to translate.") % {"key": key})
    return found


def _question(
    entry: Located,
    root: Path,
    lessons: Collection[str],
    aims: Collection[str],
    sources: Collection[str],
    english: Located | None,
    report: Report,
) -> QuestionSpec:
    kind = report.text(entry, "kind")
    if kind and kind not in kind_names():
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
    pictures: Pictures = {}
    picture = read_picture(entry, root, report, pictures)
    options = _options(entry, kind, root, report, pictures)
    settings = report.mapping(entry, "settings") if "settings" in entry else Located()
    prompt_en, explanation_en = _english(key, kind, options, picture, pictures, english, report)
    if options and kind in kind_names():
        _check(entry, kind, options, settings, prompt_en, picture, pictures, report)
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
        settings=dict(settings),
        picture=picture,
        pictures=pictures,
    )


def _options(
    entry: Located, kind: str, root: Path, report: Report, pictures: Pictures
) -> list[dict[str, Any]]:
    found = entry.get("options")
    if not isinstance(found, list) or not all(isinstance(x, Located) for x in found):
        report.add(entry, _("«options» must be a list of options."))
        return []
    return [_option(option, kind, root, report, pictures) for option in found]


def _option(
    given: Located, kind: str, root: Path, report: Report, pictures: Pictures
) -> dict[str, Any]:
    known = get_kind(kind) if kind in kind_names() else get_kind("single")
    option: dict[str, Any] = {"text": "", "right": given.get("right") is True, "why": ""}
    for name in known.option_fields:
        if name == "gap":
            number = report.number(given, name, low=1, high=99)
            option[name] = number if number == given.get(name) else 0
        elif name == "points":
            option[name] = report.number(given, name, low=1, high=100)
        elif name == "pinned":
            # Left out where it is not said, so that a pack of before is still the same pack.
            option |= {name: True} if given.get(name) is True else {}
        elif name == "picture":
            shown = read_picture(given, root, report, pictures)
            option |= {name: shown} if shown else {}
        elif name != "right":
            option[name] = report.text(given, name, required=name not in known.may_be_empty)
    for name in sorted(_OWN_FIELDS & set(given) - set(known.option_fields)):
        report.add(
            given, _("This kind of question has no «%(name)s» in its options.") % {"name": name}
        )
    return option


def _check(
    entry: Located,
    kind: str,
    options: list[Any],
    settings: Located,
    prompt_en: str,
    picture: str,
    pictures: Pictures,
    report: Report,
) -> None:
    """Note what the kind itself finds wrong with the options and settings."""
    known = get_kind(kind)
    try:
        kept = known.clean_settings(settings)
    except ValidationError as error:
        for message in error.messages:
            report.add(settings if settings.file else entry, message)
        return
    contents = as_contents(entry, pictures, report)
    if set(contents) != set(pictures):
        return
    content = content_of(
        kind=kind,
        prompt=report.text(entry, "prompt"),
        prompt_en=prompt_en,
        options=options,
        settings=kept,
        picture=picture,
        pictures=contents,
    )
    # What is missing has been told at its own line.
    unneeded = {"right", "pinned", "picture", *known.may_be_empty}
    needed = [name for name in known.option_fields if name not in unneeded]
    if all(option[name] for option in options for name in needed):
        for fault in known.faults(content):
            report.add(entry, fault)


def _english(
    key: str,
    kind: str,
    options: list[dict[str, Any]],
    picture: str,
    pictures: Pictures,
    english: Located | None,
    report: Report,
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
        may_miss = get_kind(kind).may_be_untranslated if kind in kind_names() else ()
        for name in ("text", "match", "why"):
            if option.get(name):
                option[f"{name}_en"] = report.text(text, name, required=name not in may_miss)
        translate_picture(option.get("picture"), text, report, pictures)
    translate_picture(picture, entry, report, pictures)
    return report.text(entry, "prompt"), report.text(entry, "explanation")
