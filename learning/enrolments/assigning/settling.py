"""Enrolments brought into agreement with who works where and with what is assigned there.

One rule for every occasion (a new assignment, a changed one, an arrival, a departure, the morning
on which a round opens), so that no order of events leaves another result. Done twice, it changes
nothing the second time. A thousand people take some ten queries.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from learning.enrolments.assigning.audience import Meaning, Place, meanings
from learning.enrolments.assigning.rounds import Window, due_date, window_after, window_on
from learning.enrolments.models import Assignment, Enrolment, Repeats
from learning.organisations.models import Membership, Unit

CHUNK = 1000
_FIELDS = [
    "unit_id",
    "assignment_id",
    "window",
    "required",
    "due_on",
    "first_due_on",
    "exempt_on",
    "exempt_reason",
    "withdrawn_on",
]


@dataclass
class Settled:
    """How many enrolments were made, given back, taken away and rolled into a next round."""

    new: int = 0
    restored: int = 0
    withdrawn: int = 0
    rolled: int = 0
    changed: int = 0


@dataclass
class _Writes:
    new: list[Enrolment] = field(default_factory=list)
    changed: dict[int, Enrolment] = field(default_factory=dict)
    closed: list[int] = field(default_factory=list)


@transaction.atomic
def settle(
    user_ids: Iterable[int],
    *,
    today: datetime.date | None = None,
    refresh: Collection[int] = (),
) -> Settled:
    """Settle the enrolments of these people; assignments in `refresh` carry their terms anew.

    People are taken in the order of their keys, a thousand at a time, so that two settlings at
    once wait for each other and never lock each other out.
    """
    settling = _Settling(today or timezone.localdate(), frozenset(refresh))
    for chunk in _chunks(sorted(set(user_ids)), CHUNK):
        settling.settle(chunk)
    return settling.done


def _chunks(pks: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(pks), size):
        yield pks[start : start + size]


class _Settling:
    """What is known of all assignments while people are settled chunk by chunk."""

    def __init__(self, today: datetime.date, refresh: frozenset[int]) -> None:
        self.today = today
        self.refresh = refresh
        self.done = Settled()
        in_force = Assignment.objects.in_force().select_related("unit").order_by("pk")
        self.meanings = meanings(one for one in in_force if one.is_open(on=today))
        self.by_pk = {meaning.assignment.pk: meaning for meaning in self.meanings}
        self.windows = {
            pk: window_on(meaning.assignment, today) for pk, meaning in self.by_pk.items()
        }
        self.by_path: dict[str, list[Meaning]] = defaultdict(list)
        for meaning in self.meanings:
            self.by_path[meaning.path].append(meaning)

    def settle(self, user_ids: list[int]) -> None:
        """One chunk."""
        places = _places(user_ids)
        present = _present(user_ids)
        counted = self._counted_elsewhere(user_ids)
        writes = _Writes()
        for user_id in user_ids:
            place = places.get(user_id)
            meant = self._meant(user_id, place)
            mine = present.get(user_id, {})
            for course_key in {**meant, **mine}:
                self._one(
                    _Case(user_id, course_key, place, mine.get(course_key)),
                    meant.get(course_key, []),
                    counted,
                    writes,
                )
        self._write(writes)

    def _meant(self, user_id: int, place: Place | None) -> dict[UUID, list[Assignment]]:
        """Her courses with the assignments that mean her, the strictest first."""
        if place is None:
            return {}
        found: dict[UUID, list[Assignment]] = defaultdict(list)
        for end in range(Unit.steplen, len(place.path) + 1, Unit.steplen):
            for meaning in self.by_path.get(place.path[:end], ()):
                if meaning.means(user_id, place):
                    found[meaning.assignment.course_key].append(meaning.assignment)
        for assignments in found.values():
            assignments.sort(key=self._strictest_first)
        return found

    def _strictest_first(self, assignment: Assignment) -> tuple[bool, datetime.date, int]:
        window = self.windows[assignment.pk]
        due = window.due_on if window and window.due_on else datetime.date.max
        return not assignment.required, due, assignment.pk

    def _one(
        self,
        case: _Case,
        meant: list[Assignment],
        counted: dict[tuple[int, UUID], list[datetime.date]],
        writes: _Writes,
    ) -> None:
        held = case.held
        if held is None:
            writes.new.append(self._enrolled(case, meant[0], counted))
            return
        before = _values(held)
        held.unit_id = case.place.unit_id if case.place else None
        chosen = _chosen(held, meant)
        if chosen is None:
            self._released(held)
        elif (window := self._next_window(held, chosen)) is not None:
            writes.closed.append(held.pk)
            writes.new.append(self._enrolled(case, chosen, counted, window=window))
            self.done.rolled += 1
        else:
            self._kept(case, held, chosen, counted)
        if _values(held) != before:
            writes.changed[held.pk] = held

    def _enrolled(
        self,
        case: _Case,
        assignment: Assignment,
        counted: dict[tuple[int, UUID], list[datetime.date]],
        window: Window | None = None,
    ) -> Enrolment:
        window = window or self.windows[assignment.pk] or Window(1, None, None)
        enrolment = Enrolment(
            user_id=case.user_id,
            course_key=case.course_key,
            round=case.held.round + 1 if case.held else 1,
            unit_id=case.place.unit_id if case.place else None,
        )
        self._take_terms(case, enrolment, assignment, window)
        self._exempt_by_another(enrolment, assignment, counted)
        return enrolment

    def _kept(
        self,
        case: _Case,
        held: Enrolment,
        chosen: Assignment,
        counted: dict[tuple[int, UUID], list[datetime.date]],
    ) -> None:
        window = self.windows[chosen.pk] or Window(held.window, None, None)
        if held.withdrawn_on is not None:
            held.withdrawn_on = None
            self.done.restored += 1
        elif held.assignment_id == chosen.pk and chosen.pk not in self.refresh:
            return
        if case.completed_on is None:
            if chosen.repeats == Repeats.AFTER and held.assignment_id == chosen.pk:
                # Its due date was computed from a completion, not from the assignment.
                held.required = chosen.required
            else:
                self._take_terms(case, held, chosen, window)
            self._exempt_by_another(held, chosen, counted)
        else:
            held.assignment_id, held.required = chosen.pk, chosen.required

    def _take_terms(
        self, case: _Case, enrolment: Enrolment, assignment: Assignment, window: Window
    ) -> None:
        begins = window.opens_on or timezone.localdate(assignment.created_at)
        # Of what is assigned just now the date is meant as it is given; who comes to what stands
        # already comes today, however long she has worked elsewhere.
        came = None if assignment.pk in self.refresh else self.today
        due_on = due_date(assignment, window, begins=begins, came=came)
        same = enrolment.assignment_id == assignment.pk
        enrolment.assignment_id = assignment.pk
        enrolment.required = assignment.required
        enrolment.window = window.number
        granted = enrolment.due_on if same and enrolment.first_due_on is not None else None
        if granted is not None and due_on is not None and due_on < granted:
            # What was granted to her stays granted.
            enrolment.first_due_on = due_on
        else:
            enrolment.due_on, enrolment.first_due_on = due_on, None

    def _exempt_by_another(
        self,
        enrolment: Enrolment,
        assignment: Assignment,
        counted: dict[tuple[int, UUID], list[datetime.date]],
    ) -> None:
        if enrolment.exempt_on is not None:
            return
        for text in assignment.equivalents:
            days = counted.get((enrolment.user_id, UUID(str(text))), [])
            since = assignment.counts_since or datetime.date.min
            if any(day >= since for day in days):
                enrolment.exempt_on = self.today
                with override("vi"):
                    enrolment.exempt_reason = _("Has completed a course that counts instead")
                return

    def _next_window(self, held: Enrolment, chosen: Assignment) -> Window | None:
        """The round that follows the one she holds, if its time has come."""
        completed_on = _completed_on(held)
        window = self.windows[chosen.pk]
        if (
            completed_on is not None
            and chosen.counts_since is not None
            and completed_on < chosen.counts_since
        ):
            return window
        if held.assignment_id != chosen.pk:
            return None
        if chosen.repeats == Repeats.YEARLY and window and window.number > held.window:
            return window
        if completed_on is not None:
            following = window_after(chosen, number=held.window, completed_on=completed_on)
            if following and following.opens_on and following.opens_on <= self.today:
                return following
        return None

    def _released(self, held: Enrolment) -> None:
        """No assignment means her any longer (or she left): what she has done stays hers."""
        if held.assignment_id is None:
            return
        if _completed_on(held) is not None or held.withdrawn_on is not None:
            return
        if held.unit_id is None or held.started_at is None or held.exempt_on is not None:
            held.withdrawn_on = self.today
            self.done.withdrawn += 1
        else:
            held.assignment_id, held.required = None, False
            held.due_on = held.first_due_on = None

    def _counted_elsewhere(
        self, user_ids: list[int]
    ) -> dict[tuple[int, UUID], list[datetime.date]]:
        """Days on which these people completed a course that some assignment takes instead."""
        keys = {UUID(str(key)) for one in self.meanings for key in one.assignment.equivalents}
        found: dict[tuple[int, UUID], list[datetime.date]] = defaultdict(list)
        if keys:
            rows = Enrolment.objects.filter(
                user_id__in=user_ids, course_key__in=keys, completion__isnull=False
            ).values_list("user_id", "course_key", "completion__completed_at")
            for user_id, key, at in rows:
                found[user_id, key].append(timezone.localdate(at))
        return found

    def _write(self, writes: _Writes) -> None:
        if writes.changed:
            Enrolment.objects.bulk_update(writes.changed.values(), _FIELDS, batch_size=200)
            self.done.changed += len(writes.changed)
        if writes.closed:
            Enrolment.objects.filter(pk__in=writes.closed).update(is_current=False)
        # Two settlings at once: the row of the first is the row of both.
        Enrolment.objects.bulk_create(writes.new, batch_size=500, ignore_conflicts=True)
        self.done.new += len(writes.new)


@dataclass(frozen=True)
class _Case:
    """One person and one course: where she works, and the present round she holds."""

    user_id: int
    course_key: UUID
    place: Place | None
    held: Enrolment | None

    @property
    def completed_on(self) -> datetime.date | None:
        return _completed_on(self.held) if self.held else None


def _chosen(held: Enrolment, meant: list[Assignment]) -> Assignment | None:
    """The assignment that gave her the course, as long as it means her; else the strictest.

    A required one takes over from an optional one.
    """
    if not meant:
        return None
    own = next((one for one in meant if one.pk == held.assignment_id), None)
    if own is None or (meant[0].required and not own.required):
        return meant[0]
    return own


def _completed_on(enrolment: Enrolment) -> datetime.date | None:
    at: datetime.datetime | None = getattr(enrolment, "completed_at", None)
    return timezone.localdate(at) if at else None


def _values(enrolment: Enrolment) -> tuple[Any, ...]:
    return tuple(getattr(enrolment, name) for name in _FIELDS)


def _places(user_ids: list[int]) -> dict[int, Place]:
    rows = (
        Membership.objects.open()
        .filter(user_id__in=user_ids)
        .order_by()
        .values_list("user_id", "unit_id", "unit__path", "position")
    )
    return {user_id: Place(unit_id, path, position) for user_id, unit_id, path, position in rows}


def _present(user_ids: list[int]) -> dict[int, dict[UUID, Enrolment]]:
    found: dict[int, dict[UUID, Enrolment]] = defaultdict(dict)
    rows = (
        Enrolment.objects.current()
        .filter(user_id__in=user_ids)
        .annotate(completed_at=F("completion__completed_at"))
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    for enrolment in rows:
        found[enrolment.user_id][enrolment.course_key] = enrolment
    return found
