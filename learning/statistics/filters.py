"""What a screen was asked for: the state lives in the address and nowhere else."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, TextChoices
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from learning.progress.models import CourseCompletion
from learning.statistics.moments import By, Moment
from learning.statistics.narrowing import EVERYBODY, Narrowing, read_narrowing
from learning.statistics.scope import Scope, UnitNode
from learning.statistics.sorting import ORDER, read_order
from learning.statistics.subjects import Subject, subjects
from learning.vietnamese import nfc, read_day

COURSE, UNIT, DIRECT, STATUS, SEARCH, PAGE, DAY, BY, SINCE = (
    "khoa",
    "don-vi",
    "truc-tiep",
    "trang-thai",
    "tim",
    "trang",
    "den-ngay",
    "theo",
    "tu-ngay",
)


class Status(TextChoices):
    """Lists a figure can open; the values stand in addresses."""

    NOT_STARTED = "chua-hoc", _("Not started")
    IN_PROGRESS = "dang-hoc", _("In progress")
    COMPLETED = "hoan-thanh", _("Completed")
    EXEMPT = "duoc-mien", _("Exempt")
    OVERDUE = "qua-han", _("Overdue")
    CERTIFIED = "co-giay-chung-nhan", _("Holds a certificate")


def status_condition(status: str, *, moment: Moment, for_list: bool = False) -> Q:
    """The enrolments a status means then; the same words as the package's definitions.

    For a list who has not completed is looked for by what is absent: PostgreSQL takes a joined
    table's empty side for next to nobody, and then reads millions one by one. In a count by unit
    that would be a look a person.
    """
    completed = moment.done("completion__completed_at")
    open_ = moment.not_done("completion__completed_at")
    if for_list:
        done = CourseCompletion.objects.filter(
            moment.done("completed_at"), enrolment=OuterRef("pk")
        )
        open_ = Q(~Exists(done))
    unfinished = open_ & moment.not_since("exempt_on")
    return {
        Status.NOT_STARTED: unfinished & moment.not_done("started_at"),
        Status.IN_PROGRESS: unfinished & moment.done("started_at"),
        Status.COMPLETED: completed,
        Status.EXEMPT: open_ & moment.since("exempt_on"),
        Status.OVERDUE: unfinished & Q(due_on__lt=moment.day),
        Status.CERTIFIED: Q(Exists(moment.certificates().filter(enrolment=OuterRef("pk")))),
    }[Status(status)]


@dataclass(frozen=True)
class Filters:
    """One reader's question, already inside her scope."""

    scope: Scope
    subjects: dict[str, Subject]
    subject: Subject | None
    unit: UnitNode | None
    moment: Moment
    direct: bool = False
    status: str = ""
    search: str = ""
    narrowing: Narrowing = EVERYBODY
    order: str = ""

    @property
    def of_all(self) -> Filters:
        """The same question about everybody: what figures are made of, and not one list."""
        return replace(self, direct=False, status="", search="", narrowing=EVERYBODY)

    @property
    def today(self) -> datetime.date:
        """The day of the report: what was due before it is overdue."""
        return self.moment.day

    @property
    def course_keys(self) -> tuple[UUID, ...]:
        """The courses that are counted; none where there is no course yet."""
        return self.subject.keys if self.subject else ()

    @property
    def course_key(self) -> UUID | None:
        """The course, if one alone is asked for."""
        return self.subject.course_key if self.subject else None

    @property
    def course_title(self) -> str:
        """Title of the chosen course or programme; empty where there is no course yet."""
        return self.subject.title if self.subject else ""

    def address(self, **changes: Any) -> str:
        """The query part of the address of this question with some answers changed."""
        asked = replace(self, **changes)
        parts = {
            COURSE: asked.subject.value if asked.subject else "",
            UNIT: str(asked.unit.pk) if asked.unit else "",
            DIRECT: "1" if asked.direct else "",
            SEARCH: asked.search,
            DAY: asked.moment.day.isoformat() if asked.moment.is_past else "",
            BY: str(asked.moment.by) if asked.moment.is_past else "",
            SINCE: asked.moment.start.isoformat() if asked.moment.start else "",
            ORDER: asked.order,
            **asked.narrowing.parameters(),
            # Last: a table writes the addresses of a line's lists as one with an end of its own.
            STATUS: str(asked.status),
        }
        return urlencode({name: value for name, value in parts.items() if value})


class NotADayError(ValueError):
    """What was typed is no day."""


class EndsBeforeItBeginsError(ValueError):
    """The first day of the period lies behind its last."""


def read_moment(asked: QueryDict, *, today: datetime.date) -> Moment:
    """The day asked for and by which units. A day to come, or none, is today.

    Days are typed dd/mm/yyyy; addresses keep them as 2026-07-01. Raises `NotADayError` for what is
    neither, `EndsBeforeItBeginsError` for a period of no day, `Http404` for an unknown way of
    counting.
    """
    by = asked.get(BY, By.THEN)
    if by not in By.values:
        raise Http404
    since, day = asked.get(SINCE, "").strip(), asked.get(DAY, "").strip()
    return read_period(since, day, today=today, by=by)


def read_period(since: str, day: str, *, today: datetime.date, by: str) -> Moment:
    """The period from the typed first day to the typed last one; both may be empty.

    Raises `NotADayError` and `EndsBeforeItBeginsError`.
    """
    end = min(_read_day(day), today) if day else today
    start = _read_day(since) if since else None
    if start and start > end:
        raise EndsBeforeItBeginsError(start, end)
    return Moment(today=today, day=end, by=by, start=start)


def _read_day(text: str) -> datetime.date:
    try:
        return read_day(text)
    except ValueError:
        raise NotADayError(text) from None


def read_filters(asked: QueryDict, *, scope: Scope, moment: Moment) -> Filters:
    """What the address asks for. Raises `Http404` for anything unknown or outside the scope."""
    choices = subjects()
    status = asked.get(STATUS, "")
    if status and status not in Status.values:
        raise Http404
    subject = choose(asked.get(COURSE, ""), choices)
    return Filters(
        scope=scope,
        subjects=choices,
        subject=subject,
        unit=_unit(asked.get(UNIT, ""), scope),
        moment=moment,
        direct=asked.get(DIRECT) == "1",
        status=status,
        search=nfc(asked.get(SEARCH, ""))[:100],
        narrowing=read_narrowing(asked, course_key=subject.course_key if subject else None),
        order=read_order(asked.get(ORDER, "")),
    )


def choose(text: str, choices: dict[str, Subject]) -> Subject | None:
    """The subject with this value; of nothing, the first. Raises `Http404` for an unknown one."""
    if not text:
        return next(iter(choices.values()), None)
    if text not in choices:
        raise Http404
    return choices[text]


def _unit(text: str, scope: Scope) -> UnitNode | None:
    """The unit asked for; not asked, the only top there is; of several tops, none."""
    if not text:
        return scope.tops[0] if len(scope.tops) == 1 else None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return scope.get(int(text))
