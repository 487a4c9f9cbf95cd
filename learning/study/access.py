"""The learner's door: her own enrolment in a live course, and nothing else."""

from uuid import UUID

from django.http import Http404

from learning.courses.outline import CourseOutline, LessonOutline, ModuleOutline
from learning.courses.queries import get_course_keys, get_outline
from learning.courses.stamp import content_stamp
from learning.enrolments.access import get_enrolment
from learning.enrolments.models import Enrolment


def get_course(course_key: UUID) -> CourseOutline:
    """The live course with this key, or 404."""
    outline = get_outline(course_key)
    if outline is None:
        raise Http404
    return outline


def get_course_of(child_key: UUID) -> CourseOutline:
    """The live course that holds this live module or lesson, or 404."""
    stamp = content_stamp()
    course_key = get_course_keys(stamp=stamp).get(child_key)
    outline = get_outline(course_key, stamp=stamp) if course_key else None
    if outline is None:
        raise Http404
    return outline


def get_module(module_key: UUID) -> tuple[CourseOutline, ModuleOutline]:
    """A live module with its course, or 404."""
    course = get_course_of(module_key)
    module = course.module(module_key)
    if module is None:
        raise Http404
    return course, module


def get_lesson(lesson_key: UUID) -> tuple[CourseOutline, ModuleOutline, LessonOutline]:
    """A live lesson with its module and course, or 404."""
    course = get_course_of(lesson_key)
    place = course.place_of(lesson_key)
    if place is None:
        raise Http404
    return course, *place


def get_enrolment_in(user: object, course: CourseOutline) -> Enrolment:
    """Her enrolment in this course, or 404."""
    enrolment = get_enrolment(user, course.key)
    if enrolment is None:
        raise Http404
    return enrolment
