"""A small city whose clock is ours, and everything that can happen to its people in a year."""

import datetime
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from unittest import mock
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from learning.certificates.actions import revoke_certificate
from learning.certificates.models import Certificate
from learning.courses.origins import origin_of_final
from learning.enrolments.actions import enrol, mark_started
from learning.enrolments.assigning.actions import (
    end_assignment,
    end_exemption,
    exempt,
    extend,
    open_rounds,
)
from learning.enrolments.models import Assignment, Enrolment, Repeats
from learning.organisations.actions import end_membership, place_member
from learning.organisations.models import Membership, Unit
from learning.privacy.erasing import erase_person
from learning.privacy.models import Restriction
from learning.statistics.summary.keeping import refresh
from quizzes.attempts.models import Attempt
from tests.learning.enrolments.factories import make_assignment
from tests.learning.organisations.changes import done, new, plan
from tests.learning.organisations.factories import make_unit, make_user
from tests.learning.statistics.factories import complete, make_course
from tests.quizzes.factories import QuizFactory

FIRST_DAY = datetime.date(2026, 2, 2)
DAY = datetime.timedelta(days=1)
_codes = itertools.count(1)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back at the end: each history begins with nothing."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class World:
    """Two agencies, one with a room, and three people; `below` is where each unit hung, by day."""

    def __init__(self) -> None:
        self.now = datetime.datetime.combine(FIRST_DAY, datetime.time(9))
        self.below: dict[datetime.date, dict[int, int | None]] = {}

    def build(self) -> None:
        """The city as it is on the first day."""
        self.root = make_unit("Thành phố")
        one, two = (make_unit(f"Sở {name}", parent=self.root) for name in ("Một", "Hai"))
        make_unit("Phòng Một", parent=one)
        make_unit("Phòng Hai", parent=two)
        self.courses = [make_course(), make_course("Bản quyền")]
        self.quiz = QuizFactory()
        self.people: list[Any] = []
        for number, unit in enumerate((one, one, two)):
            self.come(number, self.units.index(unit))

    # --- the clock -------------------------------------------------------------------------------

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Everyone's clock shows `self.now`, which is local time."""
        world = self

        class Clock(datetime.datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime.datetime:  # type: ignore[override]
                return timezone.make_aware(world.now).astimezone(tz)

        with mock.patch("django.utils.timezone.datetime", Clock):
            yield

    @property
    def today(self) -> datetime.date:
        """The day it is."""
        return self.now.date()

    def wait(self, days: int) -> None:
        """So many days pass; how the units hang is remembered of each."""
        for _day in range(days):
            self.below[self.today] = self.parents()
            self.now += DAY
        # Within a day things happen one after the other.
        self.now += datetime.timedelta(seconds=1)

    def parents(self) -> dict[int, int | None]:
        """Where each open unit hangs now."""
        paths = dict(Unit.objects.values_list("path", "pk"))
        return {
            unit.pk: paths.get(unit.path[: -Unit.steplen])
            for unit in Unit.objects.all()
            if unit.valid_from <= self.today
            and (unit.valid_to is None or unit.valid_to >= self.today)
        }

    # --- who and what ----------------------------------------------------------------------------

    @property
    def units(self) -> list[Unit]:
        """The open units but the city itself, in the order they were made."""
        return list(
            Unit.objects.filter(
                valid_to=None, depth__gt=self.root.depth, path__startswith=self.root.path
            ).order_by("pk")
        )

    def enrolments(self, who: int, course: int) -> Any:
        """Her present enrolment in the course, if there is one: a queryset."""
        found = Enrolment.objects.counted().filter(user=self.people[who % len(self.people)])
        return found.filter(course_key=self.course(course))

    def course(self, number: int) -> UUID:
        """One of the courses."""
        return self.courses[number % len(self.courses)]

    # --- what can happen: each takes two numbers and may come to nothing ------------------------

    def come(self, who: int, where: int) -> None:
        """Somebody new begins to work."""
        user = make_user(f"Lê Mẫu Số {len(self.people)}")
        self.people.append(user)
        units = self.units
        position = ("Chuyên viên", "chuyên viên", "Trưởng phòng", "")[who % 4]
        place_member(user=user, unit=units[where % len(units)], position=position, on=self.today)

    def move(self, who: int, where: int) -> None:
        """Somebody works elsewhere from today on; who has left comes back."""
        user, units = self.people[who % len(self.people)], self.units
        if user.is_active:
            place_member(user=user, unit=units[where % len(units)], on=self.today)

    def leave(self, who: int, _where: int) -> None:
        """Somebody leaves."""
        end_membership(user=self.people[who % len(self.people)], on=self.today)

    def assign(self, course: int, where: int) -> None:
        """A unit is assigned a course, with or without a day, once or again and again."""
        units = [self.root, *self.units]
        terms: dict[str, Any] = {}
        if where % 3:
            terms = {"due_on": self.today + 9 * DAY, "due_days": 9}
        if where % 5 == 1:
            terms |= {"repeats": Repeats.AFTER, "repeat_months": 1}
        try:
            with transaction.atomic():
                make_assignment(units[where % len(units)], self.course(course), **terms)
        except ValidationError:
            pass  # assigned already

    def end_assigning(self, number: int, _other: int) -> None:
        """An assignment is ended."""
        held = list(Assignment.objects.in_force().order_by("pk"))
        if held:
            end_assignment(assignment=held[number % len(held)], reason="Thôi", by=None)

    def enrol(self, who: int, course: int) -> None:
        """Somebody enrols of her own will."""
        if self.people[who % len(self.people)].is_active:
            enrol(user=self.people[who % len(self.people)], course_key=self.course(course))

    def start(self, who: int, course: int) -> None:
        """Somebody begins, and hands in a quiz."""
        for one in self.enrolments(who, course):
            mark_started(enrolment=one, at=timezone.now())
            self._hand_in(one)

    def finish(self, who: int, course: int) -> None:
        """Somebody completes, with a score or without, with a certificate or without."""
        for one in self.enrolments(who, course).filter(completion=None):
            mark_started(enrolment=one, at=timezone.now())
            self._hand_in(one)
            score = ("100", "72.5", "80", None)[(who + course) % 4]
            complete(one, at=timezone.now(), percent=score, certificate=bool(course % 3))

    def _hand_in(self, enrolment: Enrolment) -> None:
        now = timezone.now()
        Attempt.objects.create(
            taker_id=enrolment.user_id,
            quiz=self.quiz,
            number=Attempt.objects.filter(taker=enrolment.user_id, quiz=self.quiz).count() + 1,
            origin=origin_of_final(enrolment.course_key),
            state=Attempt.State.GRADED,
            started_at=now,
            submitted_at=now,
            practice=enrolment.pk % 4 == 0,
            pass_percent=50,
            points=8,
            max_points=10,
            percent=Decimal(80),
            passed=True,
            receipt=f"BL-{next(_codes)}",
            gradings=1,
        )

    def exempt(self, who: int, course: int) -> None:
        """Somebody is exempted."""
        exempt(enrolments=self.enrolments(who, course), reason="Nghỉ dài ngày", by=None)

    def end_exemption(self, who: int, course: int) -> None:
        """She is not exempt any more."""
        end_exemption(enrolments=self.enrolments(who, course), by=None)

    def extend(self, who: int, course: int) -> None:
        """Somebody gets more time."""
        enrolments = self.enrolments(who, course)
        extend(enrolments=enrolments, due_on=self.today + 20 * DAY, reason="Ốm", by=None)

    def revoke(self, number: int, _other: int) -> None:
        """A certificate is taken back."""
        found = list(Certificate.objects.filter(status="valid").order_by("pk"))
        if found:
            revoke_certificate(certificate=found[number % len(found)], reason="Nhầm", by=None)

    def erase(self, who: int, _other: int) -> None:
        """Somebody wants to be forgotten."""
        user = self.people[who % len(self.people)]
        erase_person(person=user, by=None)
        user.refresh_from_db()

    def restrict(self, who: int, _other: int) -> None:
        """Somebody does not want to be named."""
        Restriction.objects.get_or_create(person=self.people[who % len(self.people)])

    def merge(self, one: int, other: int) -> None:
        """Two units become one."""
        units = [u for u in self.units if u.depth == self.root.depth + 1]
        one, other = one % len(units), other % len(units)
        if one != other:
            code = f"moi-{next(_codes)}"
            target = new(code, f"Sở {code}", self.root)
            self._change(plan("merge", units[one], units[other], day=self.today, into=target))

    def rehang(self, one: int, other: int) -> None:
        """A unit moves with all below it."""
        units = self.units
        unit, above = units[one % len(units)], units[other % len(units)]
        self._change(plan("move", unit, day=self.today, parent=above.pk))

    def _change(self, asked: Any) -> None:
        try:
            with transaction.atomic():
                done(asked)
        except ValidationError:
            pass  # a unit can't go below itself, nor be merged on the day it was opened

    def count(self, _one: int, _other: int) -> None:
        """The worker counts again what is kept."""
        refresh()

    def night(self, _one: int, _other: int) -> None:
        """The daily job opens new rounds."""
        open_rounds(today=self.today)


ACTS = (
    *("count", "count"),
    *("come", "move", "leave", "assign", "assign", "end_assigning", "enrol", "start", "finish"),
    *("finish", "exempt", "end_exemption", "extend", "revoke", "erase", "restrict", "merge"),
    *("rehang", "night"),
)


def place_of(user_id: int, day: datetime.date) -> int | None:
    """Where she worked on that day, by reading all her memberships."""
    found = None
    for one in Membership.objects.filter(user=user_id).order_by("started_on", "pk"):
        ended = one.ended_on
        if one.started_on <= day and ended != one.started_on and (ended is None or ended > day):
            found = one.unit_id
    return found
