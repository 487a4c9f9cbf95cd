"""Outside courses and completions as people have them."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

from django.utils import timezone
from PIL import Image

from learning.enrolments.models import Enrolment
from learning.hours.models import OutsideCourse
from learning.hours.outside.actions import Typed, approve, hand_in, save_course
from learning.hours.outside.evidence import Evidence
from learning.progress.models import CourseCompletion

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
    b"0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n162\n%%EOF\n"
)


def picture(form: str = "JPEG", **extra: Any) -> bytes:
    """A small picture."""
    file = BytesIO()
    Image.new("RGB", (8, 6), "red").save(file, form, **extra)
    return file.getvalue()


def moment(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime.datetime:
    """A moment of local time."""
    return timezone.make_aware(datetime.datetime(year, month, day, hour, minute))


def make_completion(
    user: Any, at: datetime.datetime, hours: str = "2", course_key: UUID | None = None
) -> CourseCompletion:
    """A course completed then; the same `course_key` again is another round of it."""
    key = course_key or uuid.uuid4()
    rounds = Enrolment.objects.filter(user=user, course_key=key)
    number = rounds.count() + 1
    rounds.update(is_current=False)
    enrolment = Enrolment.objects.create(user=user, course_key=key, round=number)
    return CourseCompletion.objects.create(
        enrolment=enrolment, hours=Decimal(hours), completed_at=at
    )


def make_outside(
    user: Any,
    *,
    day: datetime.date | None = None,
    hours: str = "8",
    title: str = "Khóa ngoài",
    handed_in: bool = True,
) -> OutsideCourse:
    """A course taken elsewhere on one day, waiting for approval."""
    day = day or timezone.localdate()
    course = save_course(
        key=uuid.uuid4(),
        user=user,
        typed=Typed(title, "Trường Thí Dụ", day, day, Decimal(hours)),
        evidence=Evidence(PDF, "pdf", "minh-chung.pdf"),
    )
    return hand_in(course=course) if handed_in else course


def make_approved(user: Any, by: Any, *, hours: str = "8", **fields: Any) -> OutsideCourse:
    """The same, approved as it was handed in."""
    course = make_outside(user, hours=hours, **fields)
    return approve(course=course, hours=Decimal(hours), reason="", by=by, version=course.version)
