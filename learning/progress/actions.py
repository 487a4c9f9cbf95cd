"""Writing the facts. Every action is harmless when it is done twice."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from learning.courses.outline import CourseOutline, LessonOutline
from learning.enrolments.models import Enrolment
from learning.organisations.models import Unit
from learning.progress.models import CourseCompletion, LessonRead, ModuleCompletion
from quizzes.attempts.models import Attempt


def record_lesson_read(*, enrolment: Enrolment, lesson: LessonOutline, at: datetime) -> bool:
    """Note that the lesson was studied; True if this was the first time."""
    _row, created = LessonRead.objects.get_or_create(
        enrolment=enrolment,
        lesson_key=lesson.key,
        defaults={"revision": lesson.revision, "read_at": at},
    )
    return created


def complete_module(
    *,
    enrolment: Enrolment,
    module_key: UUID,
    attempt: Attempt | None,
    percent: Decimal | None,
    at: datetime,
) -> ModuleCompletion:
    """Note that the module is completed, with what passed its quiz: percentage and attempt."""
    completion, _created = ModuleCompletion.objects.get_or_create(
        enrolment=enrolment,
        module_key=module_key,
        defaults={
            "attempt": attempt,
            "percent": percent,
            "completed_at": at,
        },
    )
    return completion


def complete_course(
    *,
    enrolment: Enrolment,
    course: CourseOutline,
    unit: Unit | None,
    percent: Decimal | None,
    at: datetime,
) -> tuple[CourseCompletion, bool]:
    """Note that the course is completed, pinning revision, unit and hours; True if just now."""
    return CourseCompletion.objects.get_or_create(
        enrolment=enrolment,
        defaults={
            "course_revision": course.revision,
            "unit": unit,
            "unit_name": unit.name if unit else "",
            "hours": course.hours,
            "percent": percent,
            "completed_at": at,
        },
    )
