"""The figures once more: slow, plain, one person after the other, from the facts alone."""

import datetime
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from learning.certificates.models import Certificate
from learning.courses.origins import origin_of_final
from learning.enrolments.models import Enrolment
from learning.organisations.models import Membership
from learning.progress.models import CourseCompletion
from learning.statistics.figures import Figures, Scores
from quizzes.attempts.models import Attempt
from tests.learning.statistics.histories.world import place_of


@dataclass(frozen=True)
class Asked:
    """One question: the figures of these courses on `day`, asked on `today`."""

    courses: tuple[UUID, ...]
    today: datetime.date
    day: datetime.date
    units_then: bool
    start: datetime.date | None = None

    @property
    def past(self) -> bool:
        """Is it about a day that is over?"""
        return self.day < self.today


def figures_by_unit(asked: Asked) -> dict[int, Figures]:
    """Each unit's own people."""
    places = {user: _place(user, asked) for user in _people()}
    own: dict[int, Figures] = {}
    for place, count in Counter(place for place in places.values() if place).items():
        own[place] = Figures(staff=count)
    for enrolment in _counted(asked):
        # An enrolment follows its person; who works nowhere is counted nowhere.
        place = places.get(enrolment.user_id)
        if place:
            own[place] = own[place] + _one(enrolment, asked)
    return own


def _people() -> set[int]:
    return set(Membership.objects.values_list("user_id", flat=True))


def _place(user: int, asked: Asked) -> int | None:
    if asked.past and asked.units_then:
        return place_of(user, asked.day)
    for one in Membership.objects.filter(user=user):
        if one.ended_on is None:
            return one.unit_id
    return None


def _counted(asked: Asked) -> list[Enrolment]:
    """Of each person and course the round of that day, unless it was withdrawn."""
    rounds: dict[tuple[int, UUID], Enrolment] = {}
    for one in Enrolment.objects.filter(course_key__in=asked.courses).order_by("round"):
        if _came(one.created_at, asked):
            rounds[(one.user_id, one.course_key)] = one
    return [one for one in rounds.values() if not _since(one.withdrawn_on, asked)]


def _came(at: datetime.datetime | None, asked: Asked) -> bool:
    return at is not None and (not asked.past or timezone.localtime(at).date() <= asked.day)


def _since(day: datetime.date | None, asked: Asked) -> bool:
    return day is not None and (not asked.past or day <= asked.day)


def _in_period(at: datetime.datetime | None, asked: Asked) -> bool:
    if not _came(at, asked):
        return False
    assert at is not None
    return asked.start is None or timezone.localtime(at).date() >= asked.start


def _one(enrolment: Enrolment, asked: Asked) -> Figures:
    completion = CourseCompletion.objects.filter(enrolment=enrolment).first()
    if completion is not None and not _came(completion.completed_at, asked):
        completion = None
    done = completion is not None
    exempt = not done and _since(enrolment.exempt_on, asked)
    unfinished = not done and not exempt
    started = _came(enrolment.started_at, asked)
    due = enrolment.due_on
    kept_the_day = (
        completion is not None
        and due is not None
        and timezone.localtime(completion.completed_at).date() <= due
    )
    scored = completion is not None and completion.percent is not None
    return Figures(
        assigned=1,
        not_started=int(unfinished and not started),
        in_progress=int(unfinished and started),
        completed=int(done),
        exempt=int(exempt),
        overdue=int(unfinished and due is not None and due < asked.day),
        timed=int(done and due is not None),
        on_time=int(kept_the_day),
        scores=Scores({completion.percent: 1}) if completion and scored else Scores(),
        hours=completion.hours if completion else Decimal(0),
        attempts=_attempts(enrolment, asked),
        certificates=_certificates(enrolment, asked),
        new_assigned=int(_in_period(enrolment.created_at, asked)),
        new_completed=int(done and _in_period(completion.completed_at, asked)),  # type: ignore[union-attr]
    )


def _attempts(enrolment: Enrolment, asked: Asked) -> int:
    count = 0
    origin = origin_of_final(enrolment.course_key)
    for one in Attempt.objects.filter(taker=enrolment.user_id, origin=origin, practice=False):
        of_this_round = enrolment.round == 1 or one.started_at >= enrolment.created_at
        count += int(of_this_round and _came(one.submitted_at, asked))
    return count


def _certificates(enrolment: Enrolment, asked: Asked) -> int:
    count = 0
    for one in Certificate.objects.filter(enrolment=enrolment):
        if asked.past:
            count += int(_came(one.issued_at, asked) and not _came(one.revoked_at, asked))
        else:
            count += int(one.status == Certificate.Status.VALID)
    return count


def added_up(own: dict[int, Figures], below: dict[int, int | None], top: int) -> Figures:
    """A unit with all that hangs below it, each asked whether it does."""
    found = Figures()
    for unit, figures in own.items():
        above: int | None = unit
        while above is not None and above != top:
            above = below.get(above)
        if above == top:
            found = found + figures
    return found
