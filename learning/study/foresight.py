"""What new passes would complete: the journey's rules asked beforehand, nothing written.

The same facts as `journey` reads, for many people in a fixed number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from learning.certificates.models import Certificate
from learning.courses.outline import CourseOutline, ModuleOutline
from learning.enrolments.models import Enrolment
from learning.progress.models import CourseCompletion, LessonRead, ModuleCompletion
from quizzes.attempts.models import Attempt


@dataclass(frozen=True)
class Foreseen:
    """How many modules and courses would be completed, and certificates issued."""

    modules: int
    courses: int
    certificates: int


@dataclass(frozen=True)
class _Facts:
    """One person's facts in a course, with the passes she would have."""

    read: set[UUID]
    done: set[UUID]
    passed: set[int]
    is_complete: bool
    is_certified: bool


def foresee(course: CourseOutline, passes: Mapping[int, Iterable[int]]) -> Foreseen:
    """What follows in `course` if these people, by id, pass these quizzes; six queries."""
    modules = courses = certificates = 0
    for facts in _facts_of(course, passes):
        gained = [module.key for module in course.modules if _would_complete(module, facts)]
        modules += len(gained)
        if facts.is_complete or not _would_finish(course, facts, facts.done | set(gained)):
            continue
        courses += 1
        certificates += not facts.is_certified
    return Foreseen(modules, courses, certificates)


def _would_complete(module: ModuleOutline, facts: _Facts) -> bool:
    return (
        module.key not in facts.done
        and all(lesson.key in facts.read for lesson in module.lessons)
        and (module.quiz_id is None or module.quiz_id in facts.passed)
    )


def _would_finish(course: CourseOutline, facts: _Facts, done: set[UUID]) -> bool:
    return (
        bool(course.modules)
        and all(module.key in done for module in course.modules)
        and (course.final_quiz_id is None or course.final_quiz_id in facts.passed)
    )


def _facts_of(course: CourseOutline, passes: Mapping[int, Iterable[int]]) -> list[_Facts]:
    people = dict(
        Enrolment.objects.counted()
        .filter(course_key=course.key, user_id__in=passes.keys())
        .values_list("pk", "user_id")
    )
    read: dict[int, set[UUID]] = defaultdict(set)
    for pk, key in LessonRead.objects.filter(enrolment__in=people).values_list(
        "enrolment_id", "lesson_key"
    ):
        read[pk].add(key)
    done: dict[int, set[UUID]] = defaultdict(set)
    for pk, key in ModuleCompletion.objects.filter(enrolment__in=people).values_list(
        "enrolment_id", "module_key"
    ):
        done[pk].add(key)
    complete = set(
        CourseCompletion.objects.filter(enrolment__in=people).values_list("enrolment_id", flat=True)
    )
    certified = set(
        Certificate.objects.filter(
            enrolment__in=people, status=Certificate.Status.VALID
        ).values_list("enrolment_id", flat=True)
    )
    passed: dict[int, set[int]] = {taker: set(quizzes) for taker, quizzes in passes.items()}
    for taker, quiz in Attempt.objects.filter(taker_id__in=passes.keys(), passed=True).values_list(
        "taker_id", "quiz_id"
    ):
        passed[taker].add(quiz)
    return [
        _Facts(read[pk], done[pk], passed[user], pk in complete, pk in certified)
        for pk, user in people.items()
    ]
