"""Hours by person and year: one computation for her own page, the list, the totals, the files.

The database adds in tenths of an hour as whole numbers: SQLite keeps decimals as binary fractions,
in which three times 0.1 is not 0.3.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Round
from django.utils import timezone

from learning.courses.queries import course_choices
from learning.hours.models import CountingRule, Obligation, OutsideCourse
from learning.organisations.models import Membership, Unit, UnitKind
from learning.organisations.queries import members_on
from learning.progress.models import CourseCompletion


@dataclass(frozen=True)
class Balance:
    """A person's hours of a year. `due` is None where nothing is set for her."""

    online: Decimal
    outside: Decimal
    due: Decimal | None

    @property
    def total(self) -> Decimal:
        """Online and outside courses together."""
        return self.online + self.outside

    @property
    def missing(self) -> Decimal:
        """Hours still needed; 0 where nothing is, or nothing is set."""
        return max((self.due or Decimal(0)) - self.total, Decimal(0))

    @property
    def percent(self) -> int | None:
        """How much of the obligation is reached, 100 at most, rounded down; None without one."""
        if self.due is None:
            return None
        return 100 if not self.missing else int(self.total * 100 / self.due)


@dataclass(frozen=True)
class Counted:
    """One completion of the year. `counts` is False where the course counted before."""

    title: str
    hours: Decimal
    on: datetime.date
    unit_name: str
    counts: bool


def hours_of(tenths: int | None) -> Decimal:
    """Tenths of an hour, as the database adds them, as hours."""
    return Decimal(tenths or 0) / 10


def year_bounds(year: int) -> tuple[datetime.datetime, datetime.datetime]:
    """The first moment of the year and of the next one, in local time."""
    zone = timezone.get_default_timezone()
    return (
        datetime.datetime(year, 1, 1, tzinfo=zone),
        datetime.datetime(year + 1, 1, 1, tzinfo=zone),
    )


def counting_day(year: int, *, today: datetime.date) -> datetime.date:
    """The day whose units and people a year is told by: its last one, or today."""
    return min(datetime.date(year, 12, 31), today)


def completions_in(year: int) -> QuerySet[Any]:
    """All completions of the year, each with `counts`."""
    start, end = year_bounds(year)
    inside = CourseCompletion.objects.filter(completed_at__gte=start, completed_at__lt=end)
    before = inside.filter(
        enrolment__user=OuterRef("enrolment__user"),
        enrolment__course_key=OuterRef("enrolment__course_key"),
    ).filter(
        Q(completed_at__lt=OuterRef("completed_at"))
        | Q(completed_at=OuterRef("completed_at"), pk__lt=OuterRef("pk"))
    )
    every = CountingRule.objects.filter(
        course_key=OuterRef("enrolment__course_key"), every_completion=True
    )
    return inside.annotate(
        # Nothing can come before a first round: most rows need no second look.
        counts=Case(
            When(enrolment__round=1, then=True),
            When(Exists(every), then=True),
            When(Exists(before), then=False),
            default=True,
        )
    )


def with_hours(people: QuerySet[Any], year: int, *, person: str) -> QuerySet[Any]:
    """`people` with `online`, `outside` and `total` of the year in tenths of an hour.

    `person` names the field that leads from a row to the user.
    """
    online = (
        completions_in(year)
        .filter(counts=True, enrolment__user=OuterRef(person))
        .order_by()
        .values("enrolment__user")
        .annotate(tenths=Sum(_tenths("hours")))
    )
    outside = (
        OutsideCourse.objects.approved()
        .of_year(year)
        .filter(user=OuterRef(person))
        .order_by()
        .values("user")
        .annotate(tenths=Sum(_tenths("approved_hours")))
    )
    return people.annotate(
        online=_or_none(online),
        outside=_or_none(outside),
        total=F("online") + F("outside"),
    )


def _tenths(field: str) -> Cast:
    return Cast(Round(F(field) * 10), IntegerField())


def _or_none(sums: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(sums.values("tenths")[:1], output_field=IntegerField()), 0)


def members_in(year: int, *, today: datetime.date) -> QuerySet[Membership]:
    """Where everybody stands in the year, each person once, with her hours and `due`.

    Few queries to make it, whatever the number of people; none of them is read here.
    """
    day = counting_day(year, today=today)
    later = members_on(day).filter(user=OuterRef("user"))
    later = later.filter(
        Q(started_on__gt=OuterRef("started_on"))
        | Q(started_on=OuterRef("started_on"), pk__gt=OuterRef("pk"))
    )
    once = members_on(day).filter(~Exists(later))
    return with_hours(once, year, person="user").annotate(due=_due(year))


def _due(year: int) -> Case:
    """The obligation of a membership in tenths of an hour; NULL where there is none."""
    whens = [
        When(_fits(obligation), then=Value(int(obligation.hours * 10)))
        for obligation in obligations_of(year)
    ]
    return Case(*whens, default=None, output_field=IntegerField())


def obligations_of(year: int) -> list[Obligation]:
    """Those that may hold in the year, the most particular first."""
    found = Obligation.objects.filter(Q(year=year) | Q(year__isnull=True)).order_by("pk")
    return sorted(found, key=_particular)


# Everything lies below the city, and a division below something else that has a kind.
_NEARNESS = {UnitKind.DIVISION: 0, UnitKind.CITY: 2, "": 3}


def _particular(obligation: Obligation) -> tuple[bool, int, bool, int]:
    kind = obligation.unit_kind
    return (
        not obligation.position,
        _NEARNESS.get(kind, 1),
        obligation.year is None,
        obligation.pk,
    )


def _fits(obligation: Obligation) -> Q:
    """The memberships that an obligation is meant for."""
    fits = Q(pk__isnull=False)
    if obligation.position:
        fits &= Q(position__in=spellings(obligation.position))
    if obligation.unit_kind:
        tops = Unit.objects.filter(kind=obligation.unit_kind)
        below = Unit.objects.all().within(*tops)
        fits &= Q(unit__in=[*below.order_by().values_list("pk", flat=True)])
    return fits


def spellings(position: str) -> list[str]:
    """A position with the capitals it may be written with.

    SQLite folds no letters but those of English, so the ways are asked for one by one.
    """
    text = position.strip()
    return [*dict.fromkeys((text, text.lower(), text.upper(), text.capitalize(), text.title()))]


def balance_of(row: Any) -> Balance:
    """The hours of a row of `members_in` or `with_hours`."""
    due = getattr(row, "due", None)
    return Balance(
        online=hours_of(row.online),
        outside=hours_of(row.outside),
        due=hours_of(due) if due is not None else None,
    )


def balance_of_person(user: Any, year: int, *, today: datetime.date) -> Balance:
    """One person's hours; who works nowhere has them too, and nothing is obliged of her."""
    member = members_in(year, today=today).filter(user=user).first()
    if member is not None:
        return balance_of(member)
    people = get_user_model()._default_manager.all()
    return balance_of(with_hours(people, year, person="pk").get(pk=user.pk))


def basis_of(user: Any, year: int, *, today: datetime.date) -> Obligation | None:
    """The obligation that holds for the person, to be named to her."""
    day = counting_day(year, today=today)
    place = members_on(day).filter(user=user).order_by("-started_on", "-pk")[:1]
    for obligation in obligations_of(year):
        if Membership.objects.filter(_fits(obligation), pk__in=place.values("pk")).exists():
            return obligation
    return None


def completions_of(user: Any, year: int) -> list[Counted]:
    """Her completions of the year, the latest first."""
    titles = dict(course_choices())
    done = completions_in(year).filter(enrolment__user=user).select_related("enrolment")
    return [
        Counted(
            title=titles.get(one.enrolment.course_key, str(one.enrolment.course_key)),
            hours=one.hours,
            on=timezone.localtime(one.completed_at).date(),
            unit_name=one.unit_name,
            counts=one.counts,
        )
        for one in done.order_by("-completed_at", "-pk")
    ]


def years_of(user: Any, *, today: datetime.date) -> list[int]:
    """The years of which she has anything, and this one; the latest first."""
    done = CourseCompletion.objects.filter(enrolment__user=user).order_by()
    found = {timezone.localtime(at).year for at in done.values_list("completed_at", flat=True)}
    ended = OutsideCourse.objects.filter(user=user, to_day__isnull=False).order_by()
    found |= {day.year for day in ended.values_list("to_day", flat=True) if day}
    return sorted(found | {today.year}, reverse=True)
