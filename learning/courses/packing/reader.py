"""Reading a pack: every file, every reference, every rule, before anything is written."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.utils.translation import gettext as _

from learning.courses.packing.fields import (
    day,
    english_file,
    known,
    read_mapping,
    slug,
)
from learning.courses.packing.lessons import read_lesson
from learning.courses.packing.located import Located, PackError, Report, read_text
from learning.courses.packing.questions import read_questions
from learning.courses.packing.register import read_sources, read_terms
from learning.courses.packing.specs import (
    CampaignSpec,
    CourseTexts,
    ModuleSpec,
    Pack,
    PageTexts,
    QuizSpec,
)

# A pool of three times what is drawn: whoever tries again meets other questions.
LEAST_POOL = 3


def read_pack(root: Path) -> Pack:
    """The pack in the folder `root`. Raises `PackError` with all that is wrong in it."""
    report = Report()
    _check_texts(root, report)
    course = read_mapping(root / "course.yaml", root, report)
    sources = read_sources(root, report)
    modules = [
        _module(root / name, root, set(sources), report) for name in report.texts(course, "modules")
    ]
    translated = english_file(root / "course.yaml")
    english = read_mapping(translated, root, report) if translated.exists() else None
    pack = Pack(
        root=root,
        key=slug(report, course, "key"),
        slug=slug(report, course, "slug"),
        title=report.text(course, "title", limit=200),
        short_title=report.text(course, "short_title", required=False, limit=80),
        summary=report.text(course, "summary"),
        objectives=report.texts(course, "objectives"),
        hours=_hours(report, course),
        updated=day(report, course, "updated"),
        training_goal=report.text(course, "training_goal", required=False, limit=200),
        course_sources=known(
            report, course, report.texts(course, "sources", required=False), sources
        ),
        campaign=_campaign(report.mapping(course, "campaign"), report),
        sources=sources,
        terms=read_terms(root, set(sources), report),
        modules=modules,
        final=_final(course, modules, english, report),
        english=_course_in_english(english, report) if english is not None else None,
    )
    _check_unique(pack, course, report)
    if report.problems:
        raise PackError(report.problems)
    return pack


def _check_texts(root: Path, report: Report) -> None:
    """All text of the pack must be in NFC: the same word must be the same characters."""
    for path in sorted(p for p in root.rglob("*") if p.suffix in (".md", ".yaml", ".svg")):
        text = read_text(path, root=root, report=report)
        for number, line in enumerate((text or "").splitlines(), start=1):
            if not unicodedata.is_normalized("NFC", line):
                file = path.relative_to(root).as_posix()
                report.add((file, number), _("The text is not in Unicode NFC."))


def _hours(report: Report, at: Located) -> Decimal:
    try:
        hours = Decimal(report.text(at, "hours") or "0")
    except InvalidOperation:
        hours = Decimal(-1)
    if not 0 <= hours < 1000:
        report.add(at, _("«hours» must be a number of hours, as in 1.5."))
    return hours


def _campaign(at: Located, report: Report) -> CampaignSpec:
    mail = at.get("mail")
    mail = mail if isinstance(mail, Located) else Located()
    mail.file, mail.line = at.file, at.line
    return CampaignSpec(
        slug=slug(report, at, "slug"),
        title=report.text(at, "title", limit=200),
        lead=report.text(at, "lead"),
        body=report.text(at, "body", required=False),
        letter=report.text(at, "letter", required=False, limit=300),
        programme=report.texts(at, "programme", required=False),
        this_week=report.texts(at, "this_week", required=False),
        mail_subject=report.text(mail, "subject", required=False, limit=200),
        mail_text=report.text(mail, "text", required=False),
        chat_text=report.text(at, "chat", required=False),
    )


def _course_in_english(at: Located, report: Report) -> CourseTexts:
    return CourseTexts(
        slug=slug(report, at, "slug"),
        title=report.text(at, "title", limit=200),
        short_title=report.text(at, "short_title", required=False, limit=80),
        summary=report.text(at, "summary"),
        objectives=report.texts(at, "objectives"),
        training_goal=report.text(at, "training_goal", required=False, limit=200),
        campaign=_campaign(report.mapping(at, "campaign"), report),
    )


def _objectives(report: Report, at: Located) -> dict[str, str]:
    """Key and text of each objective, in order."""
    found = at.get("objectives")
    if not isinstance(found, list) or not all(isinstance(x, Located) for x in found):
        report.add(at, _("«objectives» must be a list, each with key and text."))
        return {}
    objectives = {slug(report, x, "key"): report.text(x, "text", limit=250) for x in found}
    if len(objectives) < len(found):
        report.add(at, _("Two objectives have the same key."))
    return objectives


def _module(folder: Path, root: Path, sources: set[str], report: Report) -> ModuleSpec:
    data = read_mapping(folder / "module.yaml", root, report)
    translated = english_file(folder / "module.yaml")
    english = read_mapping(translated, root, report) if translated.exists() else None
    objectives = _objectives(report, data)
    lessons = [
        read_lesson(folder / name, root, sources=sources, aims=objectives, report=report)
        for name in report.texts(data, "lessons")
    ]
    questions = read_questions(
        folder / "questions.yaml",
        root,
        lessons={lesson.key for lesson in lessons},
        aims=objectives,
        sources=sources,
        report=report,
    )
    return ModuleSpec(
        key=slug(report, data, "key"),
        slug=slug(report, data, "slug"),
        title=report.text(data, "title", limit=200),
        summary=report.text(data, "summary"),
        objectives=objectives,
        lessons=lessons,
        quiz=_quiz(report.mapping(data, "quiz"), len(questions), english, report),
        questions=questions,
        english=_page_texts(english, report) if english is not None else None,
        objectives_en=_objectives_in_english(english, objectives, report),
    )


def _page_texts(at: Located, report: Report) -> PageTexts:
    return PageTexts(
        slug=slug(report, at, "slug"),
        title=report.text(at, "title", limit=200),
        summary=report.text(at, "summary"),
    )


def _objectives_in_english(
    english: Located | None, objectives: dict[str, str], report: Report
) -> dict[str, str]:
    if english is None:
        return {}
    texts = report.mapping(english, "objectives")
    for key in sorted(set(texts) ^ set(objectives), key=str):
        report.add(english, _("The objective «%(key)s» is not in both languages.") % {"key": key})
    return {key: report.text(texts, key, limit=250) for key in objectives if key in texts}


def _quiz(at: Located, questions: int, english: Located | None, report: Report) -> QuizSpec:
    draw = report.number(at, "draw", low=1, high=200) if at.get("draw") is not None else None
    if draw is not None and draw * LEAST_POOL > questions:
        report.add(
            at,
            _("The quiz draws %(draw)s of %(all)s questions; it needs %(least)s to draw from.")
            % {"draw": draw, "all": questions, "least": draw * LEAST_POOL},
        )
    return QuizSpec(
        key=slug(report, at, "key"),
        title=report.text(at, "title", limit=200),
        title_en=report.text(english, "quiz", limit=200) if english is not None else "",
        pass_percent=report.number(at, "pass_percent", low=0, high=100),
        draw=draw,
        draws={},
    )


def _final(
    course: Located, modules: list[ModuleSpec], english: Located | None, report: Report
) -> QuizSpec | None:
    """The test over the whole course: so many questions of each module."""
    if course.get("final") is None:
        return None
    at = report.mapping(course, "final")
    draws = report.mapping(at, "draws")
    sizes = {module.key: len(module.questions) for module in modules}
    for key in draws:
        count = report.number(draws, key, low=1, high=100)
        if key not in sizes:
            report.add(draws, _("There is no module «%(key)s».") % {"key": key})
        elif count * LEAST_POOL > sizes[key]:
            report.add(
                draws,
                _("The quiz draws %(draw)s of %(all)s questions; it needs %(least)s to draw from.")
                % {"draw": count, "all": sizes[key], "least": count * LEAST_POOL},
            )
    return QuizSpec(
        key=slug(report, at, "key"),
        title=report.text(at, "title", limit=200),
        title_en=report.text(english, "final", limit=200) if english is not None else "",
        pass_percent=report.number(at, "pass_percent", low=0, high=100),
        draw=None,
        draws={str(key): count for key, count in draws.items() if isinstance(count, int)},
    )


def _check_unique(pack: Pack, course: Located, report: Report) -> None:
    quizzes = [module.quiz for module in pack.modules] + ([pack.final] if pack.final else [])
    for keys in (
        (lesson.key for module in pack.modules for lesson in module.lessons),
        (question.key for module in pack.modules for question in module.questions),
        (module.key for module in pack.modules),
        (quiz.key for quiz in quizzes),
    ):
        for key in _twice(keys):
            report.add(course, _("The key «%(key)s» is used twice.") % {"key": key})


def _twice(keys: Iterable[str]) -> list[str]:
    return sorted(key for key, times in Counter(keys).items() if key and times > 1)
