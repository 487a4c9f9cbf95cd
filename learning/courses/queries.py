"""Reads across the tree of pages, kept under the content stamp."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language

from learning.courses.models import CoursePage, LessonPage, ModulePage
from learning.courses.outline import CourseOutline, LessonOutline, ModuleOutline
from learning.courses.stamp import StampedCache, content_stamp

# The language a course is written in first; another one translates it.
ORIGINAL = settings.LANGUAGE_CODE
_outlines = StampedCache["CourseOutline | None"]()
_course_keys = StampedCache[dict[UUID, UUID]]()


def get_outline(
    course_key: UUID, *, stamp: str | None = None, language: str | None = None
) -> CourseOutline | None:
    """The live course with this key, or None; a few queries when published content changed.

    Its shape is that of the course's own language, whatever has been translated of it, so that
    progress is the same in both; titles and addresses are in `language` (of the page being shown,
    unless it is given), where there is a translation.
    """
    shown = language or get_language() or ORIGINAL
    return _outlines.get(
        (course_key, shown),
        lambda: _read_outline(course_key, shown),
        stamp=stamp or content_stamp(),
    )


def get_course_keys(*, stamp: str | None = None) -> dict[UUID, UUID]:
    """The course of every module and lesson that is live: child key → course key."""
    return _course_keys.get("all", _read_course_keys, stamp=stamp or content_stamp())


def course_choices() -> list[tuple[UUID, str]]:
    """Key and title of every live course, in the tree's order and in the page's language."""
    courses = CoursePage.objects.live().order_by("path")
    titles: dict[str, dict[UUID, str]] = {}
    for language, key, title in courses.values_list(
        "locale__language_code", "translation_key", "title"
    ):
        titles.setdefault(language, {})[key] = title
    translated = titles.get(get_language() or ORIGINAL, {})
    return [(key, translated.get(key, title)) for key, title in titles.get(ORIGINAL, {}).items()]


def _children(model: type, parent: Any) -> QuerySet[Any]:
    return model.objects.live().child_of(parent).order_by("path")  # type: ignore[attr-defined]


def _read_outline(course_key: UUID, language: str) -> CourseOutline | None:
    course = (
        CoursePage.objects.live()
        .filter(translation_key=course_key, locale__language_code=ORIGINAL)
        .first()
    )
    if course is None:
        return None
    lessons = list(LessonPage.objects.live().descendant_of(course).order_by("path"))
    modules = list(_children(ModulePage, course))
    said = _translations([course, *modules, *lessons], language)
    return CourseOutline(
        key=course.translation_key,
        page_id=course.pk,
        revision=course.live_revision_id,
        title=said(course).title,
        summary=said(course).summary,
        url=said(course).get_url() or "",
        hours=course.hours,
        training_goal=course.training_goal,
        self_enrolment=course.self_enrolment,
        final_quiz_id=course.final_quiz_id,
        requires=tuple(sorted(course.requires.values_list("translation_key", flat=True))),
        modules=tuple(
            ModuleOutline(
                key=module.translation_key,
                page_id=module.pk,
                title=said(module).title,
                url=said(module).get_url() or "",
                summary=said(module).summary,
                number=number,
                quiz_id=module.quiz_id,
                lessons=tuple(
                    _lesson_outline(lesson, place, said(lesson))
                    for place, lesson in enumerate(
                        (x for x in lessons if x.path.startswith(module.path)), start=1
                    )
                ),
            )
            for number, module in enumerate(modules, start=1)
        ),
    )


def _translations(pages: list[Any], language: str) -> Callable[[Any], Any]:
    """A function from each page to its live translation, or to itself where there is none."""
    if language == ORIGINAL:
        return lambda page: page
    keys = [page.translation_key for page in pages]
    found = {
        page.translation_key: page
        for model in (CoursePage, ModulePage, LessonPage)
        for page in model.objects.live().filter(
            translation_key__in=keys, locale__language_code=language
        )
    }
    return lambda page: found.get(page.translation_key, page)


def _lesson_outline(
    lesson: LessonPage, number: int, said: LessonPage | None = None
) -> LessonOutline:
    shown = said or lesson
    return LessonOutline(
        key=lesson.translation_key,
        page_id=lesson.pk,
        revision=lesson.live_revision_id,
        title=shown.title,
        url=shown.get_url() or "",
        number=number,
        minutes=lesson.minutes,
        goals=tuple(sorted(lesson.goals)),
        goal_places=_goal_places(shown),
    )


def _goal_places(lesson: LessonPage) -> tuple[tuple[int, str], ...]:
    """The goals that headings of the lesson name, with the headings' anchors."""
    return tuple(
        (int(block["value"]["goal"]), f"b-{block['id']}")
        for block in lesson.body.raw_data
        if block["type"] == "heading" and block["value"].get("goal") and block.get("id")
    )


def _read_course_keys() -> dict[UUID, UUID]:
    keys: dict[UUID, UUID] = {}
    for course_key, _title in course_choices():
        outline = _read_outline(course_key, ORIGINAL)
        if outline:
            for module in outline.modules:
                keys[module.key] = course_key
                keys |= {lesson.key: course_key for lesson in module.lessons}
    return keys


def module_place(page: ModulePage, *, stamp: str | None = None) -> dict[str, Any]:
    """Template context of a module page: the course's outline and the module in it."""
    course = CoursePage.objects.parent_of(page).first()
    outline = get_outline(course.translation_key, stamp=stamp) if course else None
    module = outline.module(page.translation_key) if outline else None
    if module is None:
        module = ModuleOutline(
            page.translation_key, page.pk or 0, page.title, "", page.summary, 0, page.quiz_id, ()
        )
    return {"outline": outline, "module": module}


def lesson_place(page: LessonPage, *, stamp: str | None = None) -> dict[str, Any]:
    """Template context of a lesson page: its module, its neighbours, its own outline.

    A draft that was never published has no place yet; its preview stands alone.
    """
    stamp = stamp or content_stamp()
    course_key = get_course_keys(stamp=stamp).get(page.translation_key)
    outline = get_outline(course_key, stamp=stamp) if course_key else None
    place = outline.place_of(page.translation_key) if outline else None
    if outline is None or place is None:
        return {"outline": None, "module": None, "lesson": _lesson_outline(page, 1)}
    module, lesson = place
    every = outline.lessons
    at = every.index(lesson)
    return {
        "outline": outline,
        "module": module,
        "lesson": lesson,
        "siblings": module.lessons,
        "previous": every[at - 1] if at else None,
        "next": every[at + 1] if at + 1 < len(every) else None,
    }
