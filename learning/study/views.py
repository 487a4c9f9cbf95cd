"""The learner's buttons. Each press is a POST, each is harmless when pressed twice."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from learning.certificates.queries import for_user
from learning.courses.origins import origin_of, origin_of_final
from learning.courses.outline import CourseOutline
from learning.enrolments.actions import enrol
from learning.notices.queries import unread_count
from learning.organisations.access import current_membership
from learning.organisations.models import Membership
from learning.progress.queries import get_progress
from learning.study import access, journey
from learning.study.queries import duties_of, missing_before
from quizzes.attempts.views import enter
from quizzes.bank.models import Quiz
from quizzes.bank.queries import find_quiz


@require_safe
@login_required
def my(request: HttpRequest) -> HttpResponse:
    """«Việc học của tôi»: what is due, the one thing to go on with, the certificates."""
    duties, current = duties_of(request.user, timezone.localdate())
    membership = current_membership(request.user)
    context = {
        "duties": duties,
        "current": current,
        "certificates": for_user(request.user),
        "membership_label": _where(membership),
        "today": timezone.localdate(),
        "unread": unread_count(request.user),
    }
    return render(request, "study/my.html", context)


def _where(membership: Membership | None) -> str:
    """Her position and unit, as far as they are known."""
    return (
        ", ".join(filter(None, (membership.position, membership.unit.name))) if membership else ""
    )


@require_POST
@login_required
def enrol_self(request: HttpRequest, course_key: UUID) -> HttpResponse:
    """Take up a course that is open to everyone, then show it."""
    course = access.get_course(course_key)
    if not course.self_enrolment:
        raise Http404
    if _told_what_is_missing(request, course):
        return redirect(course.url)
    enrol(user=request.user, course_key=course.key)
    return redirect(course.url)


def _told_what_is_missing(request: HttpRequest, course: CourseOutline) -> bool:
    """Whether other courses must be completed first; if so, a message names them."""
    assert request.user.pk is not None
    missing = missing_before(request.user.pk, course)
    if missing:
        titles = "; ".join(one.title for one in missing)
        messages.error(request, _("To be completed before this course: %s.") % titles)
    return bool(missing)


@require_POST
@login_required
def lesson_read(request: HttpRequest, lesson_key: UUID) -> HttpResponse:
    """«Đã học xong»: note it, then go on to the next lesson or to the module's quiz."""
    course, module, lesson = access.get_lesson(lesson_key)
    enrolment = access.get_enrolment_in(request.user, course)
    if _told_what_is_missing(request, course):
        return redirect(course.url)
    journey.lesson_read(enrolment=enrolment, course=course, lesson=lesson)
    following = next((x for x in module.lessons if x.number == lesson.number + 1), None)
    return redirect(following.url if following else f"{module.url}#bai-kiem-tra")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def quiz_start(request: HttpRequest, module_key: UUID) -> HttpResponse:
    """Start the module's quiz, or go on with the attempt that is open."""
    course, module = access.get_module(module_key)
    access.get_enrolment_in(request.user, course)
    if _told_what_is_missing(request, course):
        return redirect(course.url)
    return enter(
        request,
        quiz=_quiz(module.quiz_id),
        origin=origin_of(module.key),
        return_to=module.url,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def final_start(request: HttpRequest, course_key: UUID) -> HttpResponse:
    """Start the course's final test, once every module is done, or go on with the open attempt."""
    course = access.get_course(course_key)
    enrolment = access.get_enrolment_in(request.user, course)
    if _told_what_is_missing(request, course):
        return redirect(course.url)
    if get_progress(enrolment, course).final_state == "closed":
        messages.error(request, _("The final test opens when every module is done."))
        return redirect(course.url)
    return enter(
        request,
        quiz=_quiz(course.final_quiz_id),
        origin=origin_of_final(course.key),
        return_to=course.url,
    )


def _quiz(quiz_id: int | None) -> Quiz:
    quiz = find_quiz(quiz_id)
    if quiz is None:
        raise Http404
    return quiz
