"""What this package keeps about a person, for «Dữ liệu của tôi».

Approved hours stay in the figures of a year, without what the course was called; everything else
goes with the person.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.hours.models import OutsideCourse
from learning.hours.outside.actions import drop_file
from learning.privacy.kept import (
    TASK,
    Fate,
    Kept,
    Row,
    all_go,
    expiry_of,
    register_kept,
)

EVIDENCE_MONTHS = 60
State = OutsideCourse.State


def register() -> None:
    """Tell of outside courses and their evidence; from the app's `ready`."""
    register_kept(EVIDENCE)
    register_kept(COURSES)


def _courses(user: Any) -> QuerySet[OutsideCourse]:
    return OutsideCourse.objects.filter(user=user)


def _with_file(user: Any) -> QuerySet[OutsideCourse]:
    return _courses(user).exclude(evidence="")


def _count(user: Any) -> int:
    return _courses(user).count()


def _count_files(user: Any) -> int:
    return _with_file(user).count()


def _rows(user: Any) -> Iterable[Row]:
    for course in _courses(user):
        yield {
            _("Course"): course.title,
            _("Provider"): course.provider,
            _("From"): course.from_day,
            _("To"): course.to_day,
            _("Hours"): course.hours,
            _("State"): course.get_state_display(),
            _("Approved hours"): course.approved_hours,
            _("Reason"): course.reason,
            _("Unit then"): course.unit_name,
            _("Handed in for approval at"): course.handed_in_at,
            _("Decided at"): course.decided_at,
        }


def _fate(user: Any) -> Fate:
    approved = _courses(user).filter(state=State.APPROVED).count()
    return Fate(deleted=_count(user) - approved, nameless=approved)


def _erase(user: Any) -> None:
    _courses(user).exclude(state=State.APPROVED).delete()
    _courses(user).update(title="", provider="", reason="")


def _file_rows(user: Any) -> Iterable[Row]:
    for course in _with_file(user):
        yield {
            _("Course"): course.title,
            _("File"): course.evidence_name,
            _("In this copy"): _file_name(course),
        }


def _file_name(course: OutsideCourse) -> str:
    return f"{course.pk}-{course.evidence_name}"


def _files(user: Any) -> Iterable[tuple[str, bytes]]:
    for course in _with_file(user):
        try:
            with course.evidence.open("rb") as file:
                yield _file_name(course), file.read()
        except FileNotFoundError:
            continue


def _drop(courses: QuerySet[OutsideCourse]) -> None:
    for course in courses:
        drop_file(course)
    courses.update(evidence="", evidence_name="")


def _old(before: datetime) -> QuerySet[OutsideCourse]:
    """Evidence of what was approved before that moment; what is open keeps its own."""
    approved = OutsideCourse.objects.filter(state=State.APPROVED, decided_at__lt=before)
    return approved.exclude(evidence="")


EVIDENCE = Kept(
    slug="evidence",
    name=gettext_lazy("Evidence of courses you took elsewhere"),
    purpose=gettext_lazy("To check that you took the course"),
    basis=TASK,
    how_long=gettext_lazy("counted from its approval"),
    on_erasure=gettext_lazy("Deleted."),
    count=_count_files,
    collect=_file_rows,
    fate=all_go(_count_files),
    erase=lambda user: _drop(_with_file(user)),
    rank=19,
    months=EVIDENCE_MONTHS,
    expiry=expiry_of(_old, lambda pks: _drop(OutsideCourse.objects.filter(pk__in=pks))),
    files=_files,
)

COURSES = Kept(
    slug="outside-courses",
    name=gettext_lazy("Courses you took elsewhere"),
    purpose=gettext_lazy("To count your training hours of a year"),
    basis=TASK,
    how_long=gettext_lazy("as long as the figures of training are kept"),
    on_erasure=gettext_lazy(
        "Approved hours stay in the figures, without the course's name; everything else is deleted."
    ),
    count=_count,
    collect=_rows,
    fate=_fate,
    erase=_erase,
    models=("hours.OutsideCourse",),
    rank=20,
)
