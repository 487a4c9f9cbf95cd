"""What the learner's pages show of her own: read in few queries, never written."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from learning.courses.models import CoursePage, LessonPage, ModulePage
from learning.courses.outline import CourseOutline
from learning.courses.queries import get_outline, lesson_place, module_place
from learning.courses.stamp import content_stamp
from learning.enrolments.access import get_enrolment
from learning.enrolments.models import Enrolment
from learning.progress.queries import CourseProgress, get_progress, lessons_read
from quizzes.attempts.offering import offer
from quizzes.bank.queries import find_quiz

_SOON_DAYS = 7


def course_context(user: Any, outline: CourseOutline | None) -> dict[str, Any]:
    """The learner's part of a course page; empty for a passer-by."""
    enrolment = get_enrolment(user, outline.key) if outline else None
    missing = missing_before(user.pk, outline) if outline and user.is_authenticated else []
    if outline is None or enrolment is None:
        return {"progress": None, "enrolled": False, "missing": missing}
    progress = get_progress(enrolment, outline)
    return {
        "progress": progress,
        **final_context(user, outline, since=enrolment.counts_from),
        "enrolled": True,
        "missing": missing,
        "certificate": enrolment.certificates.order_by("-pk").first()
        if progress.is_complete
        else None,
    }


def missing_before(user_id: int, course: CourseOutline) -> list[CourseOutline]:
    """The live courses that she has yet to complete before this one; no query if none is asked."""
    if not course.requires:
        return []
    done = set(
        Enrolment.objects.filter(
            user_id=user_id, course_key__in=course.requires, completion__isnull=False
        ).values_list("course_key", flat=True)
    )
    wanted = (get_outline(key) for key in course.requires if key not in done)
    return [outline for outline in wanted if outline is not None]


def final_context(
    user: Any, outline: CourseOutline, *, since: datetime | None = None
) -> dict[str, Any]:
    """The final test of a course as its page offers it, with her attempts at it."""
    quiz = find_quiz(outline.final_quiz_id)
    return {"final": quiz and offer(taker_id=user.pk, quiz=quiz, since=since)}


def module_context(user: Any, page: ModulePage, stamp: str | None = None) -> dict[str, Any]:
    """The learner's part of a module page: progress, the quiz, her attempts at it."""
    place = module_place(page, stamp=stamp)
    context = course_context(user, place["outline"])
    quiz = find_quiz(page.quiz_id)
    progress: CourseProgress | None = context["progress"]
    # Whoever is not enrolled is told the rules as a passer-by is.
    context["quiz"] = quiz and offer(
        taker_id=user.pk if progress else None,
        quiz=quiz,
        since=progress.enrolment.counts_from if progress else None,
    )
    if progress is not None:
        context["module_progress"] = progress.module(page.translation_key)
    return context


def lesson_context(user: Any, page: LessonPage, stamp: str | None = None) -> dict[str, Any]:
    """The learner's part of a lesson page: is she enrolled, what of the module has she read.

    The busiest page of all: one query for a learner, none for a passer-by.
    """
    place = lesson_place(page, stamp=stamp)
    if not user.is_authenticated or place["module"] is None:
        return {"enrolled": False, "read": frozenset()}
    read = lessons_read(user.pk, place["outline"].key)
    here = {lesson.key for lesson in place["module"].lessons}
    return {"enrolled": read is not None, "read": (read or frozenset()) & here}


@dataclass(frozen=True)
class Duty:
    """A course someone is to study: `state` is done, exempt, late, soon or open; `days` to
    the due date (after it, days late)."""

    title: str
    url: str
    due_on: date | None
    state: str
    days: int
    required: bool
    progress_text: str
    action_label: str


def duties_of(user: Any, today: date) -> tuple[list[Duty], CourseProgress | None]:
    """Her courses, the nearest due date first, and the unfinished one to go on with."""
    stamp = content_stamp()
    duties, current = [], None
    enrolments = Enrolment.objects.counted().filter(user=user)
    for enrolment in sorted(enrolments, key=lambda e: (e.due_on or date.max, e.pk)):
        outline = get_outline(enrolment.course_key, stamp=stamp)
        if outline is None:
            continue
        progress = get_progress(enrolment, outline)
        duties.append(_duty(enrolment, progress, today))
        if current is None and not progress.is_complete and enrolment.exempt_on is None:
            current = progress
    return duties, current


def _duty(enrolment: Enrolment, progress: CourseProgress, today: date) -> Duty:
    days = (enrolment.due_on - today).days if enrolment.due_on else 0
    if progress.is_complete:
        state, action = "done", _("Review")
    elif enrolment.exempt_on is not None:
        state, action = "exempt", _("Look at it")
    elif enrolment.due_on and days < 0:
        state, action = "late", _("Study now")
    else:
        state = "soon" if enrolment.due_on and days <= _SOON_DAYS else "open"
        action = _("Continue") if progress.lessons_done else _("Start")
    return Duty(
        title=progress.outline.title,
        url=progress.outline.url,
        due_on=enrolment.due_on,
        state=state,
        days=abs(days),
        required=enrolment.required,
        progress_text=_("%(done)s of %(total)s lessons")
        % {"done": progress.lessons_done, "total": progress.lessons_total},
        action_label=action,
    )


def study_context(
    user: Any, page: CoursePage | ModulePage | LessonPage, stamp: str | None = None
) -> dict[str, Any]:
    """The learner's part of whichever page of a course is being shown."""
    if isinstance(page, LessonPage):
        return lesson_context(user, page, stamp)
    if isinstance(page, ModulePage):
        return module_context(user, page, stamp)
    return course_context(user, get_outline(page.translation_key, stamp=stamp))
