"""How it went: what came about by day or by week, and how much of it was completed by then."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate

from django.db.models import Count, Min, TextChoices
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learning.statistics.analysis.base import assigned
from learning.statistics.analysis.lists import WHEN
from learning.statistics.figures import percent_of
from learning.statistics.filters import Filters
from learning.statistics.narrowing import Did, Narrowing

DAY = datetime.timedelta(days=1)
WEEKS_UNASKED = 12
MOST_DAYS, MOST_WEEKS = 62, 156


class Step(TextChoices):
    """How fine the period is told; the values stand in addresses."""

    DAY = "ngay", _("By day")
    WEEK = "tuan", _("By week")


@dataclass(frozen=True)
class Point:
    """One day, or the days of one week that lie in the period."""

    first: datetime.date
    last: datetime.date
    assigned: int
    started: int
    completed: int
    assigned_by_then: int
    completed_by_then: int

    @property
    def week(self) -> int:
        """The number of the week in its year, by ISO 8601."""
        return self.first.isocalendar().week

    @property
    def rate(self) -> Decimal | None:
        """Completed by then of those assigned by then, in percent to one place."""
        return percent_of(self.completed_by_then, self.assigned_by_then)


@dataclass(frozen=True)
class Trend:
    """The points in order; `shortened` where the period asked for was longer."""

    step: str
    points: tuple[Point, ...]
    shortened: bool

    @property
    def first(self) -> datetime.date:
        """The first day that is told."""
        return self.points[0].first

    @property
    def last(self) -> datetime.date:
        """The last day that is told."""
        return self.points[-1].last

    def sum(self, did: Did) -> int:
        """How often it came about in all."""
        return sum(getattr(point, _NAMES[did]) for point in self.points)


_NAMES = {Did.ASSIGNED: "assigned", Did.STARTED: "started", Did.COMPLETED: "completed"}


def get_trend(filters: Filters, *, step: str = "") -> Trend | None:
    """The trend of the period asked for; four queries, one more where none was. None of nobody.

    Not asked how fine, a period up to a month is told by day and a longer one by week.
    """
    found, last = assigned(filters), filters.moment.day
    asked = filters.moment.start
    first = asked or _since_the_first(filters)
    if first is None:
        return None
    if not step:
        step = Step.DAY if asked and (last - asked).days < 31 else Step.WEEK
    most = MOST_DAYS * DAY if step == Step.DAY else MOST_WEEKS * 7 * DAY
    earliest = last - most + DAY
    if step == Step.WEEK:
        earliest = monday(earliest + 6 * DAY)
    shortened, first = first < earliest, max(first, earliest)
    counts = {
        did: Counter(
            dict(
                found.filter(filters.moment.between(path, first, last))
                .annotate(on=TruncDate(path))
                .values_list("on")
                .annotate(count=Count("pk"))
            )
        )
        for did, path in WHEN.items()
    }
    begun = {
        _NAMES[did]: Count("pk", filter=filters.moment.before(WHEN[did], first))
        for did in (Did.ASSIGNED, Did.COMPLETED)
    }
    base = found.aggregate(**begun)
    spans = list(_spans(first, last, step))
    sums = {
        did: [sum(counted[day] for day in _days(*span)) for span in spans]
        for did, counted in counts.items()
    }
    assigned_by, completed_by = (
        list(accumulate(sums[did], initial=base[_NAMES[did]]))[1:]
        for did in (Did.ASSIGNED, Did.COMPLETED)
    )
    points = tuple(
        Point(start, end, *told)
        for (start, end), *told in zip(
            spans,
            sums[Did.ASSIGNED],
            sums[Did.STARTED],
            sums[Did.COMPLETED],
            assigned_by,
            completed_by,
            strict=True,
        )
    )
    return Trend(step=step, points=points, shortened=shortened)


def list_of(filters: Filters, point: Point, did: Did) -> str:
    """The query part of the address of the list behind one number."""
    narrowing = Narrowing(did=did, first=point.first, last=point.last)
    return replace(filters, narrowing=narrowing).address()


def monday(day: datetime.date) -> datetime.date:
    """The first day of the day's week."""
    return day - day.weekday() * DAY


def _since_the_first(filters: Filters) -> datetime.date | None:
    """The week in which the first of them was assigned it or began, at most the last twelve.

    None of nobody.
    """
    found = assigned(filters).aggregate(assigned=Min("created_at"), started=Min("started_at"))
    times = [at for at in found.values() if at is not None]
    if not times:
        return None
    weeks = monday(filters.moment.day) - (WEEKS_UNASKED - 1) * 7 * DAY
    return max(weeks, monday(timezone.localtime(min(times)).date()))


def _spans(
    first: datetime.date, last: datetime.date, step: str
) -> Iterator[tuple[datetime.date, datetime.date]]:
    while first <= last:
        end = first if step == Step.DAY else min(monday(first) + 6 * DAY, last)
        yield first, end
        first = end + DAY


def _days(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    for number in range((last - first).days + 1):
        yield first + number * DAY
