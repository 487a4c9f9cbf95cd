"""Whom to remind today. Days are counted from the due date: −7 a week before, 1 the day after."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import pgettext

from learning.courses.queries import course_choices
from learning.enrolments.models import Assignment, Enrolment
from learning.enrolments.reminding.kinds import ASSIGNED, COMPLETED, OVERDUE, SOON
from learning.notices.actions import Told, tell

DEFAULT_PLAN = (-7, -1, 1, 7, 14)
# A morning that was missed (a server down) is made up for within so many days.
LATE_DAYS = 2


def step_of(plan: Iterable[int], *, day: int) -> int | None:
    """The plan's latest step that `day` (counted from the due date) has reached, at most
    `LATE_DAYS` ago; None if there is none. Nobody is told «soon» once it is overdue."""
    steps = [step for step in plan if step <= day <= step + LATE_DAYS and (step > 0) == (day > 0)]
    return max(steps, default=None)


def remind_today(*, today: datetime.date | None = None) -> int:
    """Tell everyone what is due to be told today; the number of new notices.

    Run again it tells nothing twice: each notice has the enrolment, due date and step in its key.
    An extended due date begins the plan anew.
    """
    today = today or timezone.localdate()
    with translation.override("vi"):
        titles = dict(course_choices())
        return (
            _remind(titles, today=today)
            + _tell_of(ASSIGNED, _assigned(today), titles)
            + _tell_of(COMPLETED, _completed(today), titles)
        )


def _remind(titles: dict[UUID, str], *, today: datetime.date) -> int:
    plans = Assignment.objects.order_by().values_list("reminder_plan", flat=True).distinct()
    steps = {*DEFAULT_PLAN, *(step for plan in plans for step in plan or ())}
    days = {
        today - datetime.timedelta(days=step + late)
        for step in steps
        for late in range(LATE_DAYS + 1)
    }
    found = Enrolment.objects.counted().unfinished().filter(due_on__in=days)
    soon: list[Told] = []
    overdue: list[Told] = []
    for row in _rows(found, titles):
        plan = DEFAULT_PLAN if row["assignment_id"] is None else row["assignment__reminder_plan"]
        step = step_of(plan or (), day=(today - row["due_on"]).days)
        if step is None:
            continue
        kind, people = (OVERDUE, overdue) if step > 0 else (SOON, soon)
        key = f"{kind}:{row['pk']}:{row['due_on']:%Y%m%d}:{step}"
        people.append(_told(row, key, titles))
    return tell(kind=SOON, people=soon) + tell(kind=OVERDUE, people=overdue)


def _assigned(today: datetime.date) -> Any:
    since = _midnight(today - datetime.timedelta(days=LATE_DAYS))
    fresh = Enrolment.objects.counted().unfinished()
    return fresh.filter(assignment__isnull=False, created_at__gte=since)


def _completed(today: datetime.date) -> Any:
    since = _midnight(today - datetime.timedelta(days=LATE_DAYS))
    return Enrolment.objects.filter(completion__completed_at__gte=since)


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _tell_of(kind: str, found: Any, titles: dict[UUID, str]) -> int:
    people = (_told(row, f"{kind}:{row['pk']}", titles) for row in _rows(found, titles))
    return tell(kind=kind, people=people)


def _rows(found: Any, titles: dict[UUID, str]) -> Iterator[dict[str, Any]]:
    """What a notice needs of each enrolment, of courses that are live and people still here."""
    fields = ("pk", "user_id", "course_key", "due_on", "required", "assignment_id")
    living = found.filter(course_key__in=titles, user__is_active=True).order_by("pk")
    yield from living.values(*fields, "assignment__reminder_plan").iterator()


def _told(row: dict[str, Any], key: str, titles: dict[UUID, str]) -> Told:
    due = f"{row['due_on']:%d/%m/%Y}" if row["due_on"] else pgettext("due date", "none")
    return Told(
        person_id=row["user_id"],
        key=key,
        facts={"course": titles[row["course_key"]], "due": due},
        link=reverse("study:my"),
        required=row["required"],
    )
