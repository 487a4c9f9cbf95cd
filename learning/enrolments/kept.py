"""What this package keeps about a person, for «Dữ liệu của tôi»."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.courses.queries import course_choices
from learning.enrolments.models import Assignment, Enrolment
from learning.privacy.kept import TASK, Fate, Kept, Row, excuse, register_kept


def register() -> None:
    """Tell of enrolments; from the app's `ready`."""
    register_kept(ENROLMENTS)
    excuse({"enrolments.Assignment.people": "its rows, Assignment_people, are told of"})


def _enrolments(user: Any) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(user=user)


def _rows(user: Any) -> Iterable[Row]:
    titles = dict(course_choices())
    for enrolment in _enrolments(user):
        yield {
            _("Course"): titles.get(enrolment.course_key, str(enrolment.course_key)),
            _("Required"): enrolment.required,
            _("Due date"): enrolment.due_on,
            _("Enrolled at"): enrolment.created_at,
            _("Started at"): enrolment.started_at,
        }


def _fate(user: Any) -> Fate:
    completed = _enrolments(user).filter(completion__isnull=False).count()
    return Fate(deleted=_enrolments(user).count() - completed, nameless=completed)


def _erase(user: Any) -> None:
    _enrolments(user).filter(completion__isnull=True).delete()
    # Lists of people to whom a course was assigned by name.
    Assignment.people.through.objects.filter(user=user).delete()


ENROLMENTS = Kept(
    slug="enrolments",
    name=gettext_lazy("Courses you are enrolled in"),
    purpose=gettext_lazy("To give you the courses your agency assigns, with their due dates"),
    basis=TASK,
    how_long=gettext_lazy("as long as your account"),
    on_erasure=gettext_lazy(
        "Deleted; of a completed course it stays, nameless, that somebody completed it."
    ),
    count=lambda user: _enrolments(user).count(),
    collect=_rows,
    fate=_fate,
    erase=_erase,
    models=("enrolments.Enrolment", "enrolments.Assignment_people"),
    rank=30,
)
