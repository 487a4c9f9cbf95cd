"""When what cites a source must be looked at again. Pure functions over plain values.

A source has news when an editor enters an amendment, a successor or an end; when the day comes on
which an amending or replacing source begins to hold, or the day after its own last; and when its
date to look again comes. News of a source is news to all who cite it or a source connected to it by
amendments (in both directions) or by replacements (towards the newer); a date to look again
concerns only those who cite that very source. Days begin at midnight in Vietnam.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Why(StrEnum):
    """What happened to a source."""

    REPLACED = "replaced"
    LAPSED = "lapsed"
    AMENDED = "amended"
    # An editor took an amendment, a successor or an end away again.
    CHANGED = "changed"
    LOOK_AGAIN = "look_again"


class State(StrEnum):
    """How a source stands on a day, the gravest first."""

    REPLACED = "replaced"
    LAPSED = "lapsed"
    UPCOMING = "upcoming"
    LOOK_AGAIN = "look_again"
    AMENDED = "amended"
    CURRENT = "current"


@dataclass(frozen=True)
class SourceFacts:
    """What the rules know of a source; relations are ids of sources."""

    pk: int
    in_force_from: date | None = None
    in_force_until: date | None = None
    checked_on: date | None = None
    look_again_on: date | None = None
    changed_at: datetime | None = None
    amended_by: frozenset[int] = frozenset()
    replaced_by: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Event:
    """News of `source`: amended or replaced by the sources `by`.

    `entered`: `at` is when an editor entered it, otherwise the day on which it holds.
    """

    at: datetime
    why: Why
    source: int
    by: tuple[int, ...] = ()
    entered: bool = False


@dataclass(frozen=True)
class News:
    """An event that nobody has looked at yet, for those who cite `cited`."""

    cited: int
    event: Event


def day_start(day: date) -> datetime:
    """Midnight in Vietnam at which `day` begins."""
    return datetime.combine(day, time.min, tzinfo=VIETNAM)


def day_of(moment: datetime) -> date:
    """The day that it is in Vietnam."""
    return moment.astimezone(VIETNAM).date()


class Network:
    """The sources with what connects them; a relation to a source that is not there is none."""

    def __init__(self, sources: Iterable[SourceFacts]) -> None:
        self.sources = {source.pk: source for source in sources}
        self._next: dict[int, set[int]] = {pk: set() for pk in self.sources}
        for pk, source in self.sources.items():
            for other in (source.amended_by | source.replaced_by) & self.sources.keys():
                self._next[pk].add(other)
                if other in source.amended_by:
                    self._next[other].add(pk)
        self._events: dict[int, list[Event]] = {}

    def connected(self, pk: int) -> set[int]:
        """The source itself and all whose news is news to those who cite it."""
        reached, at_hand = {pk}, [pk]
        while at_hand:
            news = self._next[at_hand.pop()] - reached
            reached |= news
            at_hand.extend(news)
        return reached

    def events(self, pk: int, *, directly: bool) -> list[Event]:
        """All that concerns who cites the source, past and to come, in order of time."""
        if pk not in self._events:
            found = [event for other in self.connected(pk) for event in self._own(other)]
            self._events[pk] = sorted(found, key=lambda event: (event.at, event.source, event.by))
        look_again = self.sources[pk].look_again_on
        if not directly or look_again is None:
            return self._events[pk]
        return [*self._events[pk], Event(day_start(look_again), Why.LOOK_AGAIN, pk)]

    def _own(self, pk: int) -> Iterable[Event]:
        source = self.sources[pk]
        if source.changed_at is not None:
            why, by = _what_was_entered(source)
            yield Event(source.changed_at, why, pk, by, entered=True)
        for why, others in (
            (Why.AMENDED, source.amended_by),
            (Why.REPLACED, source.replaced_by),
        ):
            for other in sorted(others & self.sources.keys()):
                begins = self.sources[other].in_force_from
                if begins is not None:
                    yield Event(day_start(begins), why, pk, (other,))
        if source.in_force_until is not None and source.in_force_until < date.max:
            gone = day_start(source.in_force_until + timedelta(days=1))
            yield Event(gone, Why.LAPSED, pk)

    def standing(self, pk: int, *, on: date) -> State:
        """How a source stands in law on the day; what changes it counts once it holds."""
        source = self.sources[pk]
        if self.holding(source.replaced_by, on=on):
            return State.REPLACED
        if source.in_force_until is not None and source.in_force_until < on:
            return State.LAPSED
        if source.in_force_from is not None and source.in_force_from > on:
            return State.UPCOMING
        return State.AMENDED if self.holding(source.amended_by, on=on) else State.CURRENT

    def state(self, pk: int, *, on: date) -> State:
        """How a source stands for its editors: one that still holds may be due to be looked at."""
        standing = self.standing(pk, on=on)
        holds = standing in (State.AMENDED, State.CURRENT)
        return State.LOOK_AGAIN if holds and _is_due(self.sources[pk], on) else standing

    def holding(self, pks: Collection[int], *, on: date) -> list[int]:
        """Those of the sources that are in force by the day, or say nothing of when."""
        begins = {pk: self.sources[pk].in_force_from for pk in pks if pk in self.sources}
        return sorted(pk for pk, day in begins.items() if day is None or day <= on)

    def news(
        self,
        *,
        directly: Collection[int],
        through: Collection[int] = (),
        reviewed_at: datetime | None,
        now: datetime,
    ) -> list[News]:
        """What somebody must look at who cites these sources, oldest first.

        `through` are sources that only its parts cite; `reviewed_at` is its latest review.
        """
        found = []
        for pk in sorted({*directly, *through} & self.sources.keys()):
            checked_on = self.sources[pk].checked_on
            found += [
                News(pk, event)
                for event in self.events(pk, directly=pk in directly)
                if event.at <= now
                and not was_seen(event, reviewed_at=reviewed_at, checked_on=checked_on, now=now)
            ]
        return sorted(found, key=lambda item: item.event.at)


def was_seen(
    event: Event, *, reviewed_at: datetime | None, checked_on: date | None, now: datetime
) -> bool:
    """Whether a review of the content, or the day the cited source was checked, covers the event.

    A check covers what came by the end of its day. What an editor entered is covered only by a
    check on a later day, since a date does not say which of the two came first that day; and a
    check dated in the future has seen nothing that was entered.
    """
    if reviewed_at is not None and event.at <= reviewed_at:
        return True
    if checked_on is None:
        return False
    if event.entered:
        return day_of(event.at) < checked_on <= day_of(now)
    return day_of(event.at) <= checked_on


def _what_was_entered(source: SourceFacts) -> tuple[Why, tuple[int, ...]]:
    """What a changed entry says now, the gravest of it."""
    if source.replaced_by:
        return Why.REPLACED, tuple(sorted(source.replaced_by))
    if source.in_force_until is not None:
        return Why.LAPSED, ()
    if source.amended_by:
        return Why.AMENDED, tuple(sorted(source.amended_by))
    return Why.CHANGED, ()


def _is_due(source: SourceFacts, on: date) -> bool:
    day = source.look_again_on
    checked = source.checked_on
    return day is not None and day <= on and (checked is None or checked < day)
