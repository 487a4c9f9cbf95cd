"""What this package keeps about a person, for «Dữ liệu của tôi»."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.courses.queries import course_choices
from learning.privacy.kept import TASK, Fate, Kept, Row, nothing, register_kept
from learning.progress.models import CourseCompletion, LessonRead, ModuleCompletion


def register() -> None:
    """Tell of steps and completions; from the app's `ready`."""
    register_kept(STEPS)
    register_kept(COMPLETIONS)


def _count_steps(user: Any) -> int:
    return (
        LessonRead.objects.filter(enrolment__user=user).count()
        + ModuleCompletion.objects.filter(enrolment__user=user).count()
    )


def _step_rows(user: Any) -> Iterable[Row]:
    titles = dict(course_choices())
    for read in LessonRead.objects.filter(enrolment__user=user).select_related("enrolment"):
        key = read.enrolment.course_key
        yield {
            _("Course"): titles.get(key, str(key)),
            _("Step"): _("Lesson studied"),
            _("Identifier"): str(read.lesson_key),
            _("Time"): read.read_at,
            _("Score (%)"): None,
        }
    for done in ModuleCompletion.objects.filter(enrolment__user=user).select_related("enrolment"):
        key = done.enrolment.course_key
        yield {
            _("Course"): titles.get(key, str(key)),
            _("Step"): _("Module completed"),
            _("Identifier"): str(done.module_key),
            _("Time"): done.completed_at,
            _("Score (%)"): done.percent,
        }


def _erase_steps(user: Any) -> None:
    LessonRead.objects.filter(enrolment__user=user).delete()
    ModuleCompletion.objects.filter(enrolment__user=user).delete()


STEPS = Kept(
    slug="steps",
    name=gettext_lazy("Lessons you studied, modules you completed"),
    purpose=gettext_lazy("To show you where you are, and to know when a course is completed"),
    basis=TASK,
    how_long=gettext_lazy("as long as your account"),
    on_erasure=gettext_lazy("Deleted."),
    count=_count_steps,
    collect=_step_rows,
    fate=lambda user: Fate(deleted=_count_steps(user)),
    erase=_erase_steps,
    models=("progress.LessonRead", "progress.ModuleCompletion"),
    rank=20,
)


def _count_completions(user: Any) -> int:
    return CourseCompletion.objects.filter(enrolment__user=user).count()


def _completion_rows(user: Any) -> Iterable[Row]:
    titles = dict(course_choices())
    done = CourseCompletion.objects.filter(enrolment__user=user).select_related("enrolment")
    for completion in done:
        key = completion.enrolment.course_key
        yield {
            _("Course"): titles.get(key, str(key)),
            _("Unit then"): completion.unit_name,
            _("Study hours"): completion.hours,
            _("Score (%)"): completion.percent,
            _("Completed at"): completion.completed_at,
        }


COMPLETIONS = Kept(
    slug="completions",
    name=gettext_lazy("Courses you completed"),
    purpose=gettext_lazy("To count who has been trained, in the unit of that day"),
    basis=TASK,
    how_long=gettext_lazy("as long as the figures of training are kept"),
    on_erasure=gettext_lazy(
        "Stays without your name, so that the figures of your unit remain right."
    ),
    count=_count_completions,
    collect=_completion_rows,
    fate=lambda user: Fate(nameless=_count_completions(user)),
    erase=nothing,
    models=("progress.CourseCompletion",),
    rank=20,
)
