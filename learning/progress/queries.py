"""How far a learner is: her facts laid over the course's outline. Percentages are computed here."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, QuerySet, UUIDField

from learning.courses.outline import CourseOutline, LessonOutline, ModuleOutline
from learning.enrolments.models import Enrolment
from learning.progress.models import CourseCompletion, LessonRead, ModuleCompletion
from quizzes.prepared import prepared, prepared_models

# Where a course's page offers the final test.
FINAL_ANCHOR = "bai-kiem-tra-cuoi-khoa"


@dataclass(frozen=True)
class LessonProgress:
    """A lesson, whether it was read, and whether it is the one to open next."""

    outline: LessonOutline
    read: bool
    is_next: bool


@dataclass(frozen=True)
class ModuleProgress:
    """A module on the path: `state` is done, current or todo.

    `quiz_state` is passed, open or none: a quiz may be tried before its lessons are read, the
    module counts when both are done. `best_percent` is the score that passed it.
    """

    outline: ModuleOutline
    state: str
    lessons: tuple[LessonProgress, ...]
    quiz_state: str
    best_percent: Decimal | None

    @property
    def lessons_read(self) -> int:
        """How many of its lessons were read."""
        return sum(lesson.read for lesson in self.lessons)


@dataclass(frozen=True)
class CourseProgress:
    """A learner's way through a course, and the one thing to do next.

    `final_state` is none, closed (modules are left), open or passed: the final test opens when
    every module is done, and passing it completes the course.
    """

    outline: CourseOutline
    enrolment: Enrolment
    modules: tuple[ModuleProgress, ...]
    next_url: str
    next_title: str
    next_minutes: int | None
    next_goals: frozenset[int]
    completed_at: datetime | None
    final_state: str

    @property
    def is_complete(self) -> bool:
        """A completion is a fact: lessons added later don't undo it."""
        return self.completed_at is not None

    @property
    def lessons_total(self) -> int:
        return len(self.outline.lessons)

    @property
    def lessons_done(self) -> int:
        return sum(module.lessons_read for module in self.modules)

    @property
    def modules_total(self) -> int:
        return len(self.modules)

    @property
    def modules_done(self) -> int:
        return sum(module.state == "done" for module in self.modules)

    @property
    def minutes_left(self) -> int:
        """Reading time of the lessons not yet read."""
        return sum(
            lesson.outline.minutes
            for module in self.modules
            for lesson in module.lessons
            if not lesson.read
        )

    @property
    def percent(self) -> int:
        """Whole percent, rounded down, of lessons read and quizzes passed, each one step."""
        quizzes = [m.quiz_state for m in self.modules] + [self.final_state]
        total = self.lessons_total + sum(state != "none" for state in quizzes)
        done = self.lessons_done + quizzes.count("passed")
        return 100 * done // total if total else 0

    @property
    def lit_goals(self) -> frozenset[int]:
        """The goals whose lessons were read."""
        return frozenset(
            n
            for module in self.modules
            for lesson in module.lessons
            if lesson.read
            for n in lesson.outline.goals
        )

    def module(self, key: UUID) -> ModuleProgress | None:
        """The progress in one module."""
        return next((m for m in self.modules if m.outline.key == key), None)


def lessons_read(user_id: int, course_key: UUID) -> frozenset[UUID] | None:
    """The keys of the lessons she has read; None if she isn't enrolled. One query."""
    rows = _lessons_read.rows(user_id, course_key)
    return frozenset(key for (key,) in rows if key is not None) if rows else None


@prepared(BigIntegerField(), UUIDField())
def _lessons_read(user_id: int, course_key: UUID) -> QuerySet[Enrolment, Any]:
    # An outer join: an enrolment without a lesson read is one row of nothing.
    mine = Enrolment.objects.counted().filter(user_id=user_id, course_key=course_key)
    return mine.values_list("lessons_read__lesson_key")


def get_progress(enrolment: Enrolment, outline: CourseOutline) -> CourseProgress:
    """The learner's progress; three queries at most, whatever the course's size."""
    return lay_out(
        enrolment,
        outline,
        read_keys(enrolment.pk),
        completed_modules(enrolment.pk),
        _completion.first(enrolment.pk),
    )


def read_keys(enrolment_pk: int) -> set[UUID]:
    """The keys of the lessons read; one query."""
    return {key for (key,) in _read_keys.rows(enrolment_pk)}


def completed_modules(enrolment_pk: int) -> dict[UUID, Decimal | None]:
    """The modules completed, each with the percentage its quiz was passed with; one query."""
    return dict(_completed_modules.rows(enrolment_pk))


@prepared(BigIntegerField())
def _read_keys(enrolment_pk: int) -> QuerySet[LessonRead, Any]:
    return LessonRead.objects.filter(enrolment_id=enrolment_pk).values_list("lesson_key")


@prepared(BigIntegerField())
def _completed_modules(enrolment_pk: int) -> QuerySet[ModuleCompletion, Any]:
    return ModuleCompletion.objects.filter(enrolment_id=enrolment_pk).values_list(
        "module_key", "percent"
    )


@prepared_models(BigIntegerField())
def _completion(enrolment_pk: int) -> QuerySet[CourseCompletion]:
    return CourseCompletion.objects.filter(enrolment_id=enrolment_pk)


def lay_out(
    enrolment: Enrolment,
    outline: CourseOutline,
    read: set[UUID],
    completed: dict[UUID, Decimal | None],
    completion: CourseCompletion | None,
) -> CourseProgress:
    """Pure: the facts over the outline; the first step not done is the next one."""
    next_lesson, next_quiz = _next_step(outline, read, completed)
    final_state = _final_state(outline, completed, completion)
    modules = []
    for module in outline.modules:
        done = module.key in completed
        begun = any(lesson.key in read for lesson in module.lessons)
        is_here = module is next_quiz or (next_lesson is not None and next_lesson in module.lessons)
        modules.append(
            ModuleProgress(
                outline=module,
                state="done" if done else "current" if is_here or begun else "todo",
                lessons=tuple(
                    LessonProgress(lesson, lesson.key in read, lesson is next_lesson)
                    for lesson in module.lessons
                ),
                quiz_state=("none" if module.quiz_id is None else "passed" if done else "open"),
                best_percent=completed.get(module.key),
            )
        )
    return CourseProgress(
        outline=outline,
        enrolment=enrolment,
        modules=tuple(modules),
        next_url=(
            next_lesson.url
            if next_lesson
            else f"{next_quiz.url}#bai-kiem-tra"
            if next_quiz
            else f"{outline.url}#{FINAL_ANCHOR}"
            if final_state == "open"
            else outline.url
        ),
        next_title=(
            next_lesson.title if next_lesson else next_quiz.title if next_quiz else outline.title
        ),
        next_minutes=next_lesson.minutes if next_lesson else None,
        next_goals=frozenset(next_lesson.goals if next_lesson else ()),
        completed_at=completion.completed_at if completion else None,
        final_state=final_state,
    )


def _final_state(
    outline: CourseOutline,
    completed: dict[UUID, Decimal | None],
    completion: CourseCompletion | None,
) -> str:
    if outline.final_quiz_id is None:
        return "none"
    if completion is not None:
        return "passed"
    return "open" if all(m.key in completed for m in outline.modules) else "closed"


def _next_step(
    outline: CourseOutline, read: set[UUID], completed: dict[UUID, Decimal | None]
) -> tuple[LessonOutline | None, ModuleOutline | None]:
    """The first unread lesson of the first unfinished module, or that module's quiz."""
    for module in outline.modules:
        if module.key in completed:
            continue
        for lesson in module.lessons:
            if lesson.key not in read:
                return lesson, None
        if module.quiz_id is not None:
            return None, module
    return None, None
