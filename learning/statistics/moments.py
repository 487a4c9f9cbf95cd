"""«Báo cáo đến ngày …»: the facts as they were at the end of a day, and by which units.

Facts carry their times, so a past day needs no snapshot: what came after it is left out. By units
«tại thời điểm» people are counted where they worked on that day, in the tree of that day; by units
«hiện nay» where they work now, in the tree as it is. What is asked of today is the same either way.

A due date that was extended since, or an exemption that was ended, is told as it stands now.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learning.certificates.models import Certificate
from learning.enrolments.models import Enrolment
from learning.organisations.models import Membership, UnitQuerySet
from learning.organisations.queries import members_on


class By(TextChoices):
    """By which units a past day is told; the values stand in addresses."""

    THEN = "khi-do", _("By units at that time")
    NOW = "hien-nay", _("By units as they are now")


@dataclass(frozen=True)
class Moment:
    """The end of `day`, asked on `today`; `start` is the first day of a period that it ends."""

    today: datetime.date
    day: datetime.date
    by: str = By.THEN
    start: datetime.date | None = None

    @property
    def is_past(self) -> bool:
        """Whether later facts are left out."""
        return self.day < self.today

    @property
    def by_units_then(self) -> bool:
        """Whether people are counted where they worked on the day."""
        return self.is_past and self.by == By.THEN

    @property
    def end(self) -> datetime.datetime:
        """The first moment after the day."""
        return _midnight(self.day + datetime.timedelta(days=1))

    @property
    def begin(self) -> datetime.datetime | None:
        """The first moment of the period, if there is one."""
        return _midnight(self.start) if self.start else None

    def within(self, path: str) -> Q:
        """The time at `path` came in the period; without one, by then."""
        come = self.done(path)
        return come & Q(**{f"{path}__gte": self.begin}) if self.start else come

    def between(self, path: str, first: datetime.date, last: datetime.date) -> Q:
        """The time at `path` came on one of these days, and by then."""
        after = _midnight(last + datetime.timedelta(days=1))
        days = {f"{path}__gte": _midnight(first), f"{path}__lt": min(after, self.end)}
        return Q(**days)

    def before(self, path: str, day: datetime.date) -> Q:
        """The time at `path` came before this day, and by then."""
        return Q(**{f"{path}__lt": min(_midnight(day), self.end)})

    def done(self, path: str) -> Q:
        """The time at `path` was there by then."""
        return Q(**{f"{path}__lt": self.end}) if self.is_past else Q(**{f"{path}__isnull": False})

    def not_done(self, path: str) -> Q:
        """The time at `path` was not there yet."""
        absent = Q(**{f"{path}__isnull": True})
        return absent | Q(**{f"{path}__gte": self.end}) if self.is_past else absent

    def since(self, path: str) -> Q:
        """The day at `path` had come."""
        return Q(**{f"{path}__lte": self.day}) if self.is_past else Q(**{f"{path}__isnull": False})

    def not_since(self, path: str) -> Q:
        """The day at `path` had not come, or there is none."""
        absent = Q(**{f"{path}__isnull": True})
        return absent | Q(**{f"{path}__gt": self.day}) if self.is_past else absent

    def members(self) -> QuerySet[Membership]:
        """Who works, or worked on the day, where."""
        return members_on(self.day) if self.by_units_then else Membership.objects.open()

    def enrolments(self, units: UnitQuerySet) -> Any:
        """The counted enrolments of people in these units, with `place`: the unit's key."""
        inside = units.order_by().values("pk")
        if not self.is_past:
            found = Enrolment.objects.counted()
        else:
            later = Enrolment.objects.filter(
                user=OuterRef("user"),
                course_key=OuterRef("course_key"),
                round__gt=OuterRef("round"),
                created_at__lt=self.end,
            )
            found = Enrolment.objects.filter(
                ~Exists(later), self.not_since("withdrawn_on"), created_at__lt=self.end
            )
        if not self.by_units_then:
            return found.filter(unit__in=inside).annotate(place=F("unit_id"))
        there = members_on(self.day).filter(user=OuterRef("user")).order_by("-started_on", "-pk")
        return found.annotate(place=Subquery(there.values("unit")[:1])).filter(place__in=inside)

    def certificates(self) -> QuerySet[Certificate]:
        """Certificates that were issued and not revoked by then."""
        if not self.is_past:
            return Certificate.objects.filter(status="valid")
        return Certificate.objects.filter(self.not_done("revoked_at"), issued_at__lt=self.end)


def _midnight(day: datetime.date) -> datetime.datetime:
    """The first moment of a day, here."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
