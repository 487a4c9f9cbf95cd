"""What a screen was asked for: the state lives in the address and nowhere else."""

import datetime
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, TextChoices
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from learning.certificates.models import Certificate
from learning.courses.queries import course_choices
from learning.statistics.scope import Scope, UnitNode
from learning.vietnamese import nfc

COURSE, UNIT, DIRECT, STATUS, SEARCH, PAGE = (
    "khoa",
    "don-vi",
    "truc-tiep",
    "trang-thai",
    "tim",
    "trang",
)


class Status(TextChoices):
    """Lists a figure can open; the values stand in addresses."""

    NOT_STARTED = "chua-hoc", _("Not started")
    IN_PROGRESS = "dang-hoc", _("In progress")
    COMPLETED = "hoan-thanh", _("Completed")
    EXEMPT = "duoc-mien", _("Exempt")
    OVERDUE = "qua-han", _("Overdue")
    CERTIFIED = "co-giay-chung-nhan", _("Holds a certificate")


def status_condition(status: str, *, today: datetime.date) -> Q:
    """The enrolments a status means; the same words as the package's definitions."""
    unfinished = Q(completion__isnull=True, exempt_on__isnull=True)
    return {
        Status.NOT_STARTED: unfinished & Q(started_at__isnull=True),
        Status.IN_PROGRESS: unfinished & Q(started_at__isnull=False),
        Status.COMPLETED: Q(completion__isnull=False),
        Status.EXEMPT: Q(completion__isnull=True, exempt_on__isnull=False),
        Status.OVERDUE: unfinished & Q(due_on__lt=today),
        Status.CERTIFIED: Q(
            Exists(Certificate.objects.filter(enrolment=OuterRef("pk"), status="valid"))
        ),
    }[Status(status)]


@dataclass(frozen=True)
class Filters:
    """One reader's question, already inside her scope."""

    scope: Scope
    courses: dict[UUID, str]
    course_key: UUID | None
    unit: UnitNode | None
    today: datetime.date
    direct: bool = False
    status: str = ""
    search: str = ""

    @property
    def course_title(self) -> str:
        """Title of the chosen course; empty where there is no course yet."""
        return self.courses[self.course_key] if self.course_key else ""

    def address(self, **changes: Any) -> str:
        """The query part of the address of this question with some answers changed."""
        asked = replace(self, **changes)
        parts = {
            COURSE: str(asked.course_key or ""),
            UNIT: str(asked.unit.pk) if asked.unit else "",
            DIRECT: "1" if asked.direct else "",
            STATUS: str(asked.status),
            SEARCH: asked.search,
        }
        return urlencode({name: value for name, value in parts.items() if value})


def read_filters(request: HttpRequest, *, scope: Scope, today: datetime.date) -> Filters:
    """What the address asks for. Raises `Http404` for anything unknown or outside the scope."""
    asked = request.GET
    courses = dict(course_choices())
    status = asked.get(STATUS, "")
    if status and status not in Status.values:
        raise Http404
    return Filters(
        scope=scope,
        courses=courses,
        course_key=_course(asked.get(COURSE, ""), courses),
        unit=_unit(asked.get(UNIT, ""), scope),
        today=today,
        direct=asked.get(DIRECT) == "1",
        status=status,
        search=nfc(asked.get(SEARCH, ""))[:100],
    )


def _course(text: str, courses: dict[UUID, str]) -> UUID | None:
    if not text:
        return next(iter(courses), None)
    try:
        key = UUID(text)
    except ValueError as error:
        raise Http404 from error
    if key not in courses:
        raise Http404
    return key


def _unit(text: str, scope: Scope) -> UnitNode | None:
    """The unit asked for; not asked, the only top there is; of several tops, none."""
    if not text:
        return scope.tops[0] if len(scope.tops) == 1 else None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return scope.get(int(text))
