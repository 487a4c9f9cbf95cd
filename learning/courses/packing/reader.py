"""Reading a pack: every file, every reference, every rule, before anything is written."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from learning.courses.models import Source
from learning.courses.packing.lessons import read_lesson
from learning.courses.packing.located import Located, PackError, Report, load_yaml, read_text

KINDS = ("single", "multiple", "true_false")
DIFFICULTIES = {"easy": 1, "medium": 2, "hard": 3}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class LessonSpec:
    """A lesson as the pack tells it; `body` is a list of (block type, value, line)."""

    key: str
    slug: str
    title: str
    summary: str
    minutes: int
    goals: list[int]
    sources: list[str]
    body: list[tuple[str, dict[str, Any] | str, int]]


@dataclass(frozen=True)
class QuestionSpec:
    """A question as the pack tells it; `difficulty` 1 easy, 2 medium, 3 hard."""

    key: str
    kind: str
    lesson: str
    difficulty: int
    prompt: str
    options: list[dict[str, Any]]
    explanation: str
    sources: list[str]


@dataclass(frozen=True)
class ModuleSpec:
    """A module with its lessons and its quiz's questions, in order."""

    key: str
    slug: str
    title: str
    summary: str
    objectives: list[str]
    lessons: list[LessonSpec]
    quiz_key: str
    quiz_title: str
    pass_percent: int
    questions: list[QuestionSpec]


@dataclass(frozen=True)
class Pack:
    """A whole pack, found sound."""

    root: Path
    key: str
    slug: str
    title: str
    short_title: str
    summary: str
    objectives: list[str]
    hours: Decimal
    updated: str
    training_goal: str
    campaign: dict[str, str]
    sources: dict[str, dict[str, str]]
    modules: list[ModuleSpec]


def read_pack(root: Path) -> Pack:
    """The pack in the folder `root`. Raises `PackError` with all that is wrong in it."""
    report = Report()
    _check_texts(root, report)
    course = _mapping_file(root / "course.yaml", root, report)
    sources = _read_sources(root, report)
    modules = [
        _read_module(root / name, root, set(sources), report)
        for name in report.texts(course, "modules")
    ]
    campaign = report.mapping(course, "campaign")
    pack = Pack(
        root=root,
        key=_slug(report, course, "key"),
        slug=_slug(report, course, "slug"),
        title=report.text(course, "title", limit=200),
        short_title=report.text(course, "short_title", required=False, limit=80),
        summary=report.text(course, "summary"),
        objectives=report.texts(course, "objectives"),
        hours=_hours(report, course),
        updated=_date(report, course, "updated"),
        training_goal=report.text(course, "training_goal", required=False, limit=200),
        campaign={
            "slug": _slug(report, campaign, "slug"),
            "title": report.text(campaign, "title", limit=200),
            "lead": report.text(campaign, "lead"),
            "body": report.text(campaign, "body", required=False),
            "letter": report.text(campaign, "letter", required=False, limit=300),
        },
        sources=sources,
        modules=modules,
    )
    _check_unique(pack, course, report)
    if report.problems:
        raise PackError(report.problems)
    return pack


def _mapping_file(path: Path, root: Path, report: Report) -> Located:
    file = path.relative_to(root).as_posix()
    text = read_text(path, root=root, report=report)
    data = load_yaml(text, file=file, first_line=0, report=report) if text else None
    if isinstance(data, Located):
        return data
    if text is not None and not any(p.file == file for p in report.problems):
        report.add((file, 1), _("The file must hold names and values."))
    empty = Located()
    empty.file = file
    return empty


def _check_texts(root: Path, report: Report) -> None:
    """All text of the pack must be in NFC: the same word must be the same characters."""
    for path in sorted(p for p in root.rglob("*") if p.suffix in (".md", ".yaml", ".svg")):
        text = read_text(path, root=root, report=report)
        for number, line in enumerate((text or "").splitlines(), start=1):
            if not unicodedata.is_normalized("NFC", line):
                file = path.relative_to(root).as_posix()
                report.add((file, number), _("The text is not in Unicode NFC."))


def _slug(report: Report, at: Located, name: str) -> str:
    value = report.text(at, name, limit=80)
    if value and not _SLUG.fullmatch(value):
        report.add(
            at, _("«%(name)s» may hold small letters a–z, digits and hyphens.") % {"name": name}
        )
    return value


def _hours(report: Report, at: Located) -> Decimal:
    try:
        hours = Decimal(report.text(at, "hours") or "0")
    except InvalidOperation:
        hours = Decimal(-1)
    if not 0 <= hours < 1000:
        report.add(at, _("«hours» must be a number of hours, as in 1.5."))
    return hours


def _date(report: Report, at: Located, name: str) -> str:
    value = report.text(at, name, required=False)
    try:
        known = not value or parse_date(value) is not None
    except ValueError:
        known = False
    if not known:
        report.add(at, _("«%(name)s» must be a date as in 2026-11-22.") % {"name": name})
    return value


def _read_sources(root: Path, report: Report) -> dict[str, dict[str, str]]:
    """The sources of all files in the folder `sources`; a key stands in one of them only."""
    sources: dict[str, dict[str, str]] = {}
    files = sorted((root / "sources").glob("*.yaml"))
    if not files:
        report.add(("sources", 1), _("There is no file of sources."))
    for path in files:
        data = _mapping_file(path, root, report)
        for key in sorted(set(data) & set(sources), key=str):
            report.add(data, _("The key «%(key)s» is used twice.") % {"key": key})
        sources |= _sources_of(data, report)
    return sources


def _sources_of(data: Located, report: Report) -> dict[str, dict[str, str]]:
    sources = {}
    for key, entry in data.items():
        if not isinstance(entry, Located):
            report.add(data, _("The source «%(key)s» must hold names and values.") % {"key": key})
            continue
        if not _SLUG.fullmatch(str(key)):
            report.add(entry, _("The key of a source may hold a–z, digits and hyphens."))
        kind = report.text(entry, "kind")
        if kind and kind not in Source.Kind.values:
            report.add(entry, _("Unknown kind of source: %(kind)s") % {"kind": kind})
        url = report.text(entry, "url", required=False, limit=500)
        if url and not url.startswith(("https://", "http://")):
            report.add(entry, _("«url» must begin with https://."))
        sources[str(key)] = {
            "title": report.text(entry, "title", limit=300),
            "kind": kind,
            "number": report.text(entry, "number", required=False, limit=80),
            "issuer": report.text(entry, "issuer", required=False, limit=160),
            "issued_on": report.text(entry, "date", required=False, limit=40),
            "url": url,
            "checked_on": _date(report, entry, "checked"),
        }
    return sources


def _objectives(report: Report, at: Located) -> dict[str, str]:
    """Key and text of each objective, in order."""
    found = at.get("objectives")
    if not isinstance(found, list) or not all(isinstance(x, Located) for x in found):
        report.add(at, _("«objectives» must be a list, each with key and text."))
        return {}
    objectives = {_slug(report, x, "key"): report.text(x, "text", limit=250) for x in found}
    if len(objectives) < len(found):
        report.add(at, _("Two objectives have the same key."))
    return objectives


def _read_module(folder: Path, root: Path, sources: set[str], report: Report) -> ModuleSpec:
    data = _mapping_file(folder / "module.yaml", root, report)
    quiz = report.mapping(data, "quiz")
    lessons = [
        read_lesson(folder / name, root, sources, report) for name in report.texts(data, "lessons")
    ]
    return ModuleSpec(
        key=_slug(report, data, "key"),
        slug=_slug(report, data, "slug"),
        title=report.text(data, "title", limit=200),
        summary=report.text(data, "summary"),
        objectives=list(_objectives(report, data).values()),
        lessons=[LessonSpec(**lesson) for lesson in lessons],
        quiz_key=_slug(report, quiz, "key"),
        quiz_title=report.text(quiz, "title", limit=200),
        pass_percent=report.number(quiz, "pass_percent", low=0, high=100),
        questions=_read_questions(
            folder / "questions.yaml", root, {x["key"] for x in lessons}, sources, report
        ),
    )


def _read_questions(
    path: Path, root: Path, lessons: set[str], sources: set[str], report: Report
) -> list[QuestionSpec]:
    file = path.relative_to(root).as_posix()
    text = read_text(path, root=root, report=report)
    data = load_yaml(text, file=file, first_line=0, report=report) if text else None
    if not isinstance(data, list):
        if text is not None and not any(p.file == file for p in report.problems):
            report.add((file, 1), _("The file must hold a list of questions."))
        return []
    return [
        _read_question(entry, lessons, sources, report)
        for entry in data
        if isinstance(entry, Located) or _not_a_question(file, report)
    ]


def _not_a_question(file: str, report: Report) -> bool:
    report.add((file, 1), _("A question must hold names and values."))
    return False


def _read_question(
    entry: Located, lessons: set[str], sources: set[str], report: Report
) -> QuestionSpec:
    kind = report.text(entry, "kind")
    if kind and kind not in KINDS:
        report.add(entry, _("Unknown kind of question: %(kind)s") % {"kind": kind})
    lesson = report.text(entry, "lesson")
    if lesson and lesson not in lessons:
        report.add(entry, _("There is no lesson «%(key)s» in this module.") % {"key": lesson})
    difficulty = report.text(entry, "difficulty")
    if difficulty and difficulty not in DIFFICULTIES:
        report.add(entry, _("«difficulty» is easy, medium or hard."))
    cited = report.texts(entry, "sources")
    if not cited:
        report.add(entry, _("The question names no source."))
    for key in cited:
        if key not in sources:
            report.add(entry, _("Unknown source: %(key)s") % {"key": key})
    return QuestionSpec(
        key=_slug(report, entry, "key"),
        kind=kind,
        lesson=lesson,
        difficulty=DIFFICULTIES.get(difficulty, 2),
        prompt=report.text(entry, "prompt"),
        options=_read_options(entry, kind, report),
        explanation=report.text(entry, "explanation"),
        sources=cited,
    )


def _read_options(entry: Located, kind: str, report: Report) -> list[dict[str, Any]]:
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


def _check_unique(pack: Pack, course: Located, report: Report) -> None:
    lessons = [lesson.key for module in pack.modules for lesson in module.lessons]
    questions = [question.key for module in pack.modules for question in module.questions]
    for keys in (
        lessons,
        questions,
        [m.key for m in pack.modules],
        [m.quiz_key for m in pack.modules],
    ):
        for key in sorted({key for key in keys if key and keys.count(key) > 1}):
            report.add(course, _("The key «%(key)s» is used twice.") % {"key": key})
