"""The one way back from quizzes: a graded attempt, told inside its transaction.

And the question before a regrade what new passes would complete, answered without writing.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from learning.courses.origins import read_origin
from learning.courses.outline import CourseOutline
from learning.courses.queries import get_course_keys, get_outline
from learning.courses.stamp import content_stamp
from learning.enrolments.access import enrolment_of
from learning.study import journey
from learning.study.foresight import foresee
from quizzes.attempts.models import Attempt
from quizzes.attempts.regraded import Figures
from quizzes.bank.models import Quiz
from quizzes.regrading.signals import NewPass


def on_attempt_graded(*, attempt: Attempt, **_signal: Any) -> None:
    """Hand a graded attempt that started from a module on to the journey.

    An attempt of a module that is no longer live, or of a person no longer enrolled, counts for
    nothing here; it keeps its score in quizzes.
    """
    course = _course_of(attempt.origin, content_stamp())
    if course is None:
        return
    enrolment = enrolment_of(attempt.taker_id, course.key)
    if enrolment is not None:
        journey.quiz_graded(enrolment=enrolment, course=course, attempt=attempt)


def on_attempt_regraded(*, attempt: Attempt, before: Figures, **_signal: Any) -> None:
    """A result changed: a new pass goes the way of any other; what was earned before stays."""
    if attempt.practice:
        return
    if (attempt.passed and not before.passed) or attempt.quiz.counting == Quiz.Counting.MEAN:
        on_attempt_graded(attempt=attempt)


def on_regrade_asked(*, passes: Sequence[NewPass], **_signal: Any) -> dict[str, int]:
    """How many modules and courses these passes would complete, and certificates they'd earn."""
    stamp = content_stamp()
    by_course: dict[UUID, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    courses: dict[UUID, CourseOutline] = {}
    for one in passes:
        course = _course_of(one.origin, stamp)
        if course is not None:
            courses[course.key] = course
            by_course[course.key][one.taker_id].add(one.quiz_id)
    told: dict[str, int] = defaultdict(int)
    for key, passed in by_course.items():
        foreseen = foresee(courses[key], passed)
        told[_("%(count)s modules will be completed.")] += foreseen.modules
        told[_("%(count)s people will complete a course.")] += foreseen.courses
        told[_("%(count)s certificates will be issued.")] += foreseen.certificates
    return told


def _course_of(origin: str, stamp: str) -> CourseOutline | None:
    """The live course that an attempt of this origin belongs to, or None."""
    module_key, course_key = read_origin(origin)
    if module_key:
        course_key = get_course_keys(stamp=stamp).get(module_key)
    return get_outline(course_key, stamp=stamp) if course_key else None
