"""The one way back from quizzes: a graded attempt, told inside its transaction."""

from typing import Any
from uuid import UUID

from learning.courses.queries import get_course_keys, get_outline
from learning.courses.stamp import content_stamp
from learning.enrolments.access import enrolment_of
from learning.study import journey
from quizzes.attempts.models import Attempt

_MODULE, _COURSE = "module", "course"


def origin_of(module_key: UUID) -> str:
    """What learning writes into an attempt's origin, to know it again when it is graded."""
    return f"{_MODULE}:{module_key}"


def origin_of_final(course_key: UUID) -> str:
    """The same for an attempt at a course's final test."""
    return f"{_COURSE}:{course_key}"


def on_attempt_graded(*, attempt: Attempt, **_signal: Any) -> None:
    """Hand a graded attempt that started from a module on to the journey.

    An attempt of a module that is no longer live, or of a person no longer enrolled, counts for
    nothing here; it keeps its score in quizzes.
    """
    kind, _colon, key = attempt.origin.partition(":")
    if kind not in (_MODULE, _COURSE):
        return
    stamp = content_stamp()
    course_key = UUID(key) if kind == _COURSE else get_course_keys(stamp=stamp).get(UUID(key))
    course = get_outline(course_key, stamp=stamp) if course_key else None
    if course is None:
        return
    enrolment = enrolment_of(attempt.taker_id, course.key)
    if enrolment is not None:
        journey.quiz_graded(enrolment=enrolment, course=course, attempt=attempt)
