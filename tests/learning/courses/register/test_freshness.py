"""The rules of what must be looked at again, for all networks of sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.courses.register.freshness import (
    Event,
    Network,
    SourceFacts,
    State,
    Why,
    day_of,
    day_start,
    was_seen,
)

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # ten in the morning in Vietnam
TODAY = date(2026, 11, 23)
LONG_AGO = date(2020, 1, 1)

days = st.dates(min_value=date(2019, 1, 1), max_value=date(2030, 12, 31))
moments = st.datetimes(
    min_value=datetime(2019, 1, 1), max_value=datetime(2026, 11, 23), timezones=st.just(UTC)
)


@st.composite
def networks(draw, *, least: int = 1) -> Network:
    """Up to six sources, related at random: chains and cycles, and sources that are not there."""
    count = draw(st.integers(least, 6))
    others = st.frozensets(st.integers(1, count + 1), max_size=3)
    return Network(
        SourceFacts(
            pk=pk,
            in_force_from=draw(st.none() | days),
            in_force_until=draw(st.none() | days),
            checked_on=draw(st.none() | days),
            look_again_on=draw(st.none() | days),
            changed_at=draw(st.none() | moments),
            amended_by=draw(others),
            replaced_by=draw(others),
        )
        for pk in range(1, count + 1)
    )


def news(network, *cited, reviewed_at=None, now=NOW, through=()):
    return network.news(directly=cited, through=through, reviewed_at=reviewed_at, now=now)


def chain(length, **last):
    """Sources 1, 2 … each amended by the next; the last has the given facts."""
    return [
        SourceFacts(pk, checked_on=LONG_AGO, amended_by=frozenset({pk + 1}))
        for pk in range(1, length)
    ] + [SourceFacts(length, checked_on=LONG_AGO, **last)]


# --- properties ----------------------------------------------------------------------------------


@given(networks(), moments)
def test_a_review_clears_all_that_came_before_it_and_nothing_after(network, reviewed_at):
    pks = list(network.sources)
    before = news(network, *pks)
    after = news(network, *pks, reviewed_at=reviewed_at)
    assert after == [item for item in before if item.event.at > reviewed_at]


@given(networks())
def test_a_review_now_leaves_nothing(network):
    assert news(network, *network.sources, reviewed_at=NOW) == []


@given(networks(), st.timedeltas(timedelta(0), timedelta(days=900)))
def test_news_stays_until_somebody_looks(network, later):
    # What only a check dated in the future had covered cannot come back either.
    pks = list(network.sources)
    for pk, source in network.sources.items():
        if source.checked_on and source.checked_on > TODAY:
            network.sources[pk] = replace(source, checked_on=None)
    then = news(network, *pks, now=NOW + later)
    assert [item for item in news(network, *pks) if item not in then] == []


@given(networks(), networks())
def test_an_unrelated_source_never_makes_stale(network, other):
    shift = max(network.sources) + 10
    strangers = [
        replace(
            source,
            pk=source.pk + shift,
            amended_by=frozenset(pk + shift for pk in source.amended_by),
            replaced_by=frozenset(pk + shift for pk in source.replaced_by),
        )
        for source in other.sources.values()
    ]
    both = Network([*network.sources.values(), *strangers])
    assert news(both, *network.sources) == news(network, *network.sources)


@given(networks())
def test_being_connected_reaches_as_far_as_it_goes_and_cycles_end(network):
    for pk in network.sources:
        reached = network.connected(pk)
        assert reached == {pk}.union(*(network.connected(other) for other in reached))
        assert reached <= network.sources.keys()


@given(networks())
def test_what_is_cited_directly_has_at_least_the_news_of_what_parts_cite(network):
    pks = list(network.sources)
    through = news(network, through=pks)
    directly = news(network, *pks)
    assert [item for item in through if item not in directly] == []
    extra = [item.event.why for item in directly if item not in through]
    assert set(extra) <= {Why.LOOK_AGAIN}


@given(networks())
def test_nothing_is_told_before_it_comes(network):
    assert [item for item in news(network, *network.sources) if item.event.at > NOW] == []


# --- chains --------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [1, 2, 5, 2000])
def test_news_at_the_end_of_a_chain_of_any_length_reaches_its_beginning(length):
    network = Network(chain(length, changed_at=NOW))
    (item,) = news(network, 1)
    assert (item.cited, item.event.source) == (1, length)


@pytest.mark.parametrize("length", [2, 5])
def test_amendments_connect_both_ways(length):
    first, *rest = chain(length)
    network = Network([replace(first, changed_at=NOW), *rest])
    assert [item.event.source for item in news(network, length)] == [1]


def test_replacements_connect_towards_the_newer_only():
    old = SourceFacts(1, checked_on=LONG_AGO, replaced_by=frozenset({2}), changed_at=NOW)
    new = SourceFacts(2, checked_on=LONG_AGO, in_force_until=date(2026, 6, 30))
    network = Network([old, new])
    assert [item.event.why for item in news(network, 1)] == [Why.LAPSED, Why.REPLACED]
    assert [item.event.source for item in news(network, 2)] == [2]


# --- dates ---------------------------------------------------------------------------------------


def stale_at(source, *others):
    """The first moment at which whoever cites `source` must look again."""
    (item,) = news(Network([source, *others]), source.pk, now=NOW + timedelta(days=4000))
    return item.event.at, item.event.why


def test_an_amendment_counts_from_the_day_it_is_in_force():
    old = SourceFacts(1, checked_on=LONG_AGO, amended_by=frozenset({2}))
    new = SourceFacts(2, checked_on=LONG_AGO, in_force_from=date(2027, 1, 1))
    midnight = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    assert stale_at(old, new) == (midnight, Why.AMENDED)
    network = Network([old, new])
    assert news(network, 1, now=midnight - timedelta(seconds=1)) == []
    assert len(news(network, 1, now=midnight)) == 1


def test_a_source_lapses_on_the_day_after_its_last():
    source = SourceFacts(1, checked_on=LONG_AGO, in_force_until=date(2026, 12, 31))
    assert stale_at(source) == (day_start(date(2027, 1, 1)), Why.LAPSED)


def test_the_date_to_look_again_concerns_only_who_cites_that_source():
    network = Network(chain(2, look_again_on=TODAY))
    assert [item.event.why for item in news(network, 2)] == [Why.LOOK_AGAIN]
    assert news(network, 1) == []
    assert news(network, through=[2]) == []


def test_days_are_those_of_vietnam():
    assert day_of(datetime(2026, 11, 22, 17, 0, tzinfo=UTC)) == TODAY
    assert day_of(datetime(2026, 11, 22, 16, 59, tzinfo=UTC)) == date(2026, 11, 22)


# --- what a check covers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("checked_on", "covered"),
    [(None, False), (TODAY - timedelta(days=1), False), (TODAY, True), (date(2027, 5, 1), True)],
)
def test_a_check_covers_what_came_by_the_end_of_its_day(checked_on, covered):
    event = Event(day_start(TODAY), Why.LAPSED, 1)
    assert was_seen(event, reviewed_at=None, checked_on=checked_on, now=NOW) is covered


@pytest.mark.parametrize(
    ("checked_on", "covered"),
    [
        (None, False),
        (date(2026, 11, 20), False),
        (date(2026, 11, 21), True),
        (TODAY, True),
        (date(2026, 11, 24), False),
    ],
)
def test_what_was_entered_is_covered_by_a_check_on_a_later_day_that_has_come(checked_on, covered):
    entered = Event(day_start(date(2026, 11, 20)), Why.REPLACED, 1, entered=True)
    assert was_seen(entered, reviewed_at=None, checked_on=checked_on, now=NOW) is covered


# --- how a source stands -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, State.CURRENT),
        ({"amended_by": frozenset({2})}, State.AMENDED),
        ({"amended_by": frozenset({3})}, State.CURRENT),
        ({"replaced_by": frozenset({2})}, State.REPLACED),
        ({"replaced_by": frozenset({3})}, State.CURRENT),
        ({"in_force_until": TODAY}, State.CURRENT),
        ({"in_force_until": TODAY - timedelta(days=1)}, State.LAPSED),
        ({"in_force_from": TODAY + timedelta(days=1)}, State.UPCOMING),
        ({"look_again_on": TODAY}, State.LOOK_AGAIN),
        ({"look_again_on": TODAY, "checked_on": TODAY}, State.CURRENT),
        ({"look_again_on": TODAY + timedelta(days=1)}, State.CURRENT),
    ],
)
def test_how_a_source_stands(facts, state):
    network = Network(
        [
            SourceFacts(1, **facts),
            SourceFacts(2, in_force_from=TODAY),
            SourceFacts(3, in_force_from=TODAY + timedelta(days=1)),
        ]
    )
    assert network.state(1, on=TODAY) == state
