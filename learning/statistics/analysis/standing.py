"""Where people stand in a course, as conditions on enrolments."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Case, Exists, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce

from learning.courses.outline import CourseOutline
from learning.progress.models import LessonRead, ModuleCompletion
from learning.statistics.filters import Status, status_condition
from learning.statistics.moments import Moment
from learning.statistics.narrowing import FINAL, Standing
from quizzes.attempts.models import Attempt

# Nothing done for so long, and a person in progress has stopped.
QUIET = datetime.timedelta(days=14)


def standing_condition(
    standing: str, *, step: str, outline: CourseOutline, moment: Moment
) -> tuple[Q, ...]:
    """Who stands so to this module, or to the final test; conditions that hold together."""
    keys = [str(module.key) for module in outline.modules]
    if standing == Standing.COMPLETED:
        if step == FINAL:
            return (status_condition(Status.COMPLETED, moment=moment),)
        return (Q(_completed(UUID(step), moment)),)
    before = keys if step == FINAL else keys[: keys.index(step)]
    found = [
        status_condition(Status.IN_PROGRESS, moment=moment),
        *(Q(_completed(UUID(key), moment)) for key in before),
    ]
    if step != FINAL:
        found.append(~Q(_completed(UUID(step), moment)))
    if standing == Standing.STOPPED:
        found.append(stopped(outline, moment))
    return tuple(found)


def stopped(outline: CourseOutline, moment: Moment) -> Q:
    """Nothing begun, read or handed in within the last days up to the moment."""
    since = moment.end - QUIET
    recent = {"gte": since, "lt": moment.end}
    read = LessonRead.objects.filter(
        enrolment=OuterRef("pk"), **{f"read_at__{how}": time for how, time in recent.items()}
    )
    handed_in = Attempt.objects.filter(
        taker=OuterRef("user"),
        origin__in=outline.origins,
        practice=False,
        **{f"submitted_at__{how}": time for how, time in recent.items()},
    )
    return ~Q(Exists(read)) & ~Q(Exists(handed_in)) & Q(started_at__lt=since)


def steps_done(keys: Sequence[UUID], moment: Moment) -> Any:
    """Of an enrolment, the modules that are completed: the bit of each by its place in `keys`."""
    bits = [When(module_key=key, then=1 << place) for place, key in enumerate(keys)]
    mine = ModuleCompletion.objects.filter(
        moment.done("completed_at"), enrolment=OuterRef("pk"), module_key__in=keys
    )
    summed = (
        mine.order_by()
        .values("enrolment")
        .annotate(bits=Sum(Case(*bits, default=0, output_field=BigIntegerField())))
        .values("bits")
    )
    return Coalesce(Subquery(summed), 0)


def first_open(bits: int, count: int) -> int:
    """The place of the first module whose bit is not set; `count` where all are."""
    return next((place for place in range(count) if not bits >> place & 1), count)


def _completed(key: UUID, moment: Moment) -> Exists:
    return Exists(
        ModuleCompletion.objects.filter(
            moment.done("completed_at"), enrolment=OuterRef("pk"), module_key=key
        )
    )
