"""Reads across the tree of pages, kept under the content stamp."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from learning.courses.models import CoursePage, LessonPage, ModulePage
from learning.courses.outline import CourseOutline, LessonOutline, ModuleOutline
from learning.courses.stamp import StampedCache, content_stamp

_outlines = StampedCache["CourseOutline | None"]()
_course_keys = StampedCache[dict[UUID, UUID]]()


def get_outline(course_key: UUID, *, stamp: str | None = None) -> CourseOutline | None:
    """The live course with this key, or None; three queries when published content changed."""
    return _outlines.get(
        course_key, lambda: _read_outline(course_key), stamp=stamp or content_stamp()
    )


def get_course_keys(*, stamp: str | None = None) -> dict[UUID, UUID]:
    """The course of every module and lesson that is live: child key → course key."""
    return _course_keys.get("all", _read_course_keys, stamp=stamp or content_stamp())


def course_choices() -> list[tuple[UUID, str]]:
    """Key and title of every live course, in the tree's order."""
    return list(CoursePage.objects.live().order_by("path").values_list("translation_key", "title"))


def _children(model: type, parent: Any) -> QuerySet[Any]:
    return model.objects.live().child_of(parent).order_by("path")  # type: ignore[attr-defined]


def _read_outline(course_key: UUID) -> CourseOutline | None:
    course = CoursePage.objects.live().filter(translation_key=course_key).first()
    if course is None:
        return None
    lessons = list(LessonPage.objects.live().descendant_of(course).order_by("path"))
    modules = [
        ModuleOutline(
            key=module.translation_key,
            page_id=module.pk,
            title=module.title,
            url=module.get_url() or "",
            summary=module.summary,
            number=number,
            quiz_id=module.quiz_id,
            lessons=tuple(
                _lesson_outline(lesson, place)
                for place, lesson in enumerate(
                    (x for x in lessons if x.path.startswith(module.path)), start=1
                )
            ),
        )
        for number, module in enumerate(_children(ModulePage, course), start=1)
    ]
    return CourseOutline(
        key=course.translation_key,
        page_id=course.pk,
        revision=course.live_revision_id,
        title=course.title,
        summary=course.summary,
        url=course.get_url() or "",
        hours=course.hours,
        training_goal=course.training_goal,
        self_enrolment=course.self_enrolment,
        modules=tuple(modules),
    )


def _lesson_outline(lesson: LessonPage, number: int) -> LessonOutline:
    return LessonOutline(
        key=lesson.translation_key,
        page_id=lesson.pk,
        revision=lesson.live_revision_id,
        title=lesson.title,
        url=lesson.get_url() or "",
        number=number,
        minutes=lesson.minutes,
        goals=tuple(sorted(lesson.goals)),
    )


def _read_course_keys() -> dict[UUID, UUID]:
    keys: dict[UUID, UUID] = {}
    for course_key, _title in course_choices():
        outline = _read_outline(course_key)
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
