"""Training hours of the trial: an invented obligation, and courses taken elsewhere."""

import datetime
import uuid
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.contrib.auth import get_user_model
from PIL import Image, ImageDraw

from learning.hours.models import Obligation, OutsideCourse
from learning.hours.outside.actions import Typed, approve, hand_in, save_course, send_back
from learning.hours.outside.evidence import Evidence

_BASIS = "Mức của bản dùng thử, không phải quy định"
_HOURS = Decimal(20)


def make_hours(*, learner: Any, officer: Any, today: datetime.date) -> None:
    """Something to see on the screens of training hours; nothing where anything was entered."""
    if Obligation.objects.exists() or OutsideCourse.objects.exists():
        return
    Obligation.objects.create(hours=_HOURS, basis=_BASIS)
    first = today - datetime.timedelta(days=60)
    approved = _course(learner, "Kỹ năng soạn thảo văn bản", 12, first, days=2)
    approve(
        course=approved,
        hours=Decimal(10),
        reason="Giấy xác nhận ghi 10 giờ.",
        by=officer,
        version=2,
    )
    returned = _course(learner, "An toàn thông tin cơ bản", 6, first, days=1)
    send_back(course=returned, reason="Tệp mờ, không đọc được ngày.", by=officer, version=2)
    people = get_user_model()._default_manager.filter(
        memberships__unit__code__startswith="so-khcn-", memberships__ended_on__isnull=True
    )
    for person in people.exclude(pk=learner.pk).order_by("email")[:3]:
        _course(person, "Chuyển đổi số trong cơ quan nhà nước", 16, first, days=2)


def _course(
    person: Any, title: str, hours: int, first: datetime.date, *, days: int
) -> OutsideCourse:
    typed = Typed(
        title=title,
        provider="Trung tâm Thí Dụ",
        from_day=first,
        to_day=first + datetime.timedelta(days=days - 1),
        hours=Decimal(hours),
    )
    return hand_in(
        course=save_course(key=uuid.uuid4(), user=person, typed=typed, evidence=_paper())
    )


def _paper() -> Evidence:
    """A picture that plainly is no certificate."""
    picture = Image.new("RGB", (900, 640), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 20, 880, 620), outline="gray", width=4)
    draw.text((380, 300), "TEP THU / SAMPLE", fill="gray")
    file = BytesIO()
    picture.save(file, "PNG")
    return Evidence(file.getvalue(), "png", "giay-xac-nhan-mau.png")
