"""The whole path, told in one place: lesson → quiz → module → course → certificate.

Every step runs in a transaction that holds the enrolment's row, so two steps of one learner
(two tabs, a double click, the last quiz and the last lesson at once) follow one another and the
later one sees the earlier. On SQLite the transaction itself is exclusive.
"""

from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone

from learning.certificates.actions import CertificateFacts, issue_certificate
from learning.courses.outline import CourseOutline, LessonOutline, ModuleOutline
from learning.courses.queries import ORIGINAL, get_outline
from learning.enrolments.access import hold_enrolment
from learning.enrolments.actions import mark_started
from learning.enrolments.models import Enrolment, TrainingGoal
from learning.organisations.access import current_membership
from learning.organisations.models import Membership
from learning.progress.actions import complete_course, complete_module, record_lesson_read
from learning.progress.models import CourseCompletion, LessonRead
from learning.progress.queries import completed_modules, read_keys
from quizzes.attempts.models import Attempt
from quizzes.attempts.standing import Standing, standing
from quizzes.bank.models import Quiz
from quizzes.bank.queries import find_quiz


@transaction.atomic
def lesson_read(*, enrolment: Enrolment, course: CourseOutline, lesson: LessonOutline) -> None:
    """She pressed «Đã học xong»: note it, and settle the module if this was its last step."""
    enrolment = hold_enrolment(enrolment.pk)
    now = timezone.now()
    mark_started(enrolment=enrolment, at=now)
    if record_lesson_read(enrolment=enrolment, lesson=lesson, at=now):
        _settle(enrolment, course)


@transaction.atomic
def quiz_graded(*, enrolment: Enrolment, course: CourseOutline, attempt: Attempt) -> None:
    """An attempt was graded, in the same transaction: a pass may finish module and course."""
    enrolment = hold_enrolment(enrolment.pk)
    mark_started(enrolment=enrolment, at=attempt.started_at)
    # Where the mean counts, an attempt that does not pass may still lift it over the mark.
    if attempt.passed or attempt.quiz.counting == Quiz.Counting.MEAN:
        _settle(enrolment, course)


def _settle(enrolment: Enrolment, course: CourseOutline) -> None:
    """Write every completion that the facts now support; what was completed stays so."""
    read = read_keys(enrolment.pk)
    done = set(completed_modules(enrolment.pk))
    for module in course.modules:
        if module.key not in done and _settle_module(enrolment, module, read):
            done.add(module.key)
    if course.modules and all(module.key in done for module in course.modules):
        final = None
        if course.final_quiz_id is not None:
            final = _passed(enrolment, course.final_quiz_id)
            if final is None:
                return
        _settle_course(enrolment, course, final)


def _settle_module(enrolment: Enrolment, module: ModuleOutline, read: set) -> bool:
    if not all(lesson.key in read for lesson in module.lessons):
        return False
    result = None
    if module.quiz_id is not None:
        result = _passed(enrolment, module.quiz_id)
        if result is None:
            return False
    complete_module(
        enrolment=enrolment,
        module_key=module.key,
        attempt=result.attempt if result else None,
        percent=result.percent if result else None,
        at=timezone.now(),
    )
    return True


def _passed(enrolment: Enrolment, quiz_id: int) -> Standing | None:
    """What counts of her attempts at the quiz, if it passes."""
    quiz = find_quiz(quiz_id)
    if quiz is None:
        return None
    result = standing(taker_id=enrolment.user_id, quiz=quiz, since=enrolment.counts_from)
    return result if result and result.passed else None


def _settle_course(enrolment: Enrolment, course: CourseOutline, final: Standing | None) -> None:
    membership = current_membership(enrolment.user)
    completion, just_now = complete_course(
        enrolment=enrolment,
        course=course,
        unit=membership.unit if membership else None,
        percent=_mean_percent(enrolment, final),
        at=timezone.now(),
    )
    if just_now:
        issue_certificate(
            enrolment=enrolment, holder=certificate_facts(enrolment, course, completion, membership)
        )


def _mean_percent(enrolment: Enrolment, final: Standing | None) -> Decimal | None:
    """The mean of all scores, each quiz as one, to two places; None where there was no quiz."""
    percents = [*completed_modules(enrolment.pk).values(), final.percent if final else None]
    scores = [percent for percent in percents if percent is not None]
    if not scores:
        return None
    total = sum(scores, Decimal(0))
    return (total / len(scores)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def certificate_facts(
    enrolment: Enrolment,
    course: CourseOutline,
    completion: CourseCompletion,
    membership: Membership | None,
) -> CertificateFacts:
    """What the certificate prints, as it is true at this moment."""
    # The register is kept in the language of the office, whatever she studied in.
    original = get_outline(course.key, language=ORIGINAL) or course
    goal = TrainingGoal.objects.filter(courses__course_key=course.key).first()
    started = LessonRead.objects.filter(enrolment=enrolment).order_by("read_at").first()
    return CertificateFacts(
        full_name=enrolment.user.get_full_name(),
        position=membership.position if membership else "",
        unit_id=membership.unit_id if membership else None,
        unit_name=completion.unit_name,
        course_key=course.key,
        course_title=original.title,
        course_revision=completion.course_revision,
        goal_name=goal.name if goal else original.training_goal,
        hours=completion.hours,
        started_on=timezone.localdate(
            enrolment.started_at or (started.read_at if started else completion.completed_at)
        ),
        completed_on=timezone.localdate(completion.completed_at),
        percent=completion.percent,
    )
