"""Hours of a person and year: what counts, in which year, against which obligation."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learning.hours.models import CountingRule, Obligation
from learning.hours.queries import (
    balance_of_person,
    basis_of,
    completions_of,
    hours_of,
    members_in,
    spellings,
)
from learning.organisations.actions import place_member
from learning.organisations.models import Membership, UnitKind
from tests.learning.hours.factories import make_approved, make_completion, make_outside, moment
from tests.learning.organisations.factories import make_user

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)
KEYS = [uuid.UUID(int=number) for number in range(3)]


def total(user, year, today=TODAY):
    return balance_of_person(user, year, today=today).total


def test_a_year_ends_at_midnight_of_haiphong(city):
    make_completion(city.learner, moment(2025, 12, 31, 23, 59), "1.5")
    make_completion(city.learner, moment(2026, 1, 1, 0, 0), "2")
    make_completion(city.learner, moment(2026, 12, 31, 23, 59), "4")
    make_completion(city.learner, moment(2027, 1, 1, 0, 0), "8")
    found = [total(city.learner, year) for year in (2024, 2025, 2026, 2027)]
    assert found == [Decimal(n) for n in ("0", "1.5", "6", "8")]


def test_an_outside_course_counts_in_the_year_of_its_last_day(city):
    course = make_outside(city.learner, day=datetime.date(2024, 2, 29), hours="3.5")
    assert total(city.learner, 2024) == 0
    course.from_day = datetime.date(2023, 12, 28)
    course.save()
    make_approved(city.learner, city.officer, day=datetime.date(2024, 2, 29), hours="3.5")
    make_approved(city.learner, city.officer, day=datetime.date(2024, 12, 31), hours="0.1")
    make_approved(city.learner, city.officer, day=datetime.date(2025, 1, 1), hours="9")
    assert [total(city.learner, year) for year in (2023, 2024, 2025)] == [
        Decimal(0),
        Decimal("3.6"),
        Decimal(9),
    ]


def test_the_same_course_counts_once_a_year_unless_its_rule_says_otherwise(city):
    for month in (3, 5, 7):
        make_completion(city.learner, moment(2026, month, 1), "2", KEYS[0])
    make_completion(city.learner, moment(2025, 3, 1), "2", KEYS[0])
    make_completion(city.colleague, moment(2026, 1, 1), "2", KEYS[0])
    assert (total(city.learner, 2026), total(city.learner, 2025)) == (2, 2)
    assert [one.counts for one in completions_of(city.learner, 2026)] == [False, False, True]
    rule = CountingRule.objects.create(course_key=KEYS[0])
    assert (total(city.learner, 2026), total(city.learner, 2025)) == (6, 2)
    rule.every_completion = False
    rule.save()
    assert total(city.learner, 2026) == 2


def test_the_most_particular_obligation_holds(city):
    def due():
        return balance_of_person(city.learner, 2026, today=TODAY).due

    assert (due(), basis_of(city.learner, 2026, today=TODAY)) == (None, None)
    steps = [
        ({}, 10),
        ({"year": 2026}, 11),
        ({"unit_kind": UnitKind.CITY}, 12),
        ({"unit_kind": UnitKind.DEPARTMENT}, 13),
        ({"unit_kind": UnitKind.DIVISION}, 14),
        ({"position": "  chuyên   viên"}, 15),
        ({"position": "chuyên viên", "unit_kind": UnitKind.DEPARTMENT}, 16),
        ({"position": "chuyên viên", "unit_kind": UnitKind.DEPARTMENT, "year": 2026}, 17),
    ]
    for fields, hours in steps:
        made = Obligation.objects.create(hours=hours, **fields)
        assert (due(), basis_of(city.learner, 2026, today=TODAY)) == (Decimal(hours), made)
    Obligation.objects.create(hours=99, position="Trưởng phòng")
    Obligation.objects.create(hours=98, unit_kind=UnitKind.WARD)
    Obligation.objects.create(hours=97, year=2025)
    assert due() == 17
    assert balance_of_person(city.other, 2026, today=TODAY).due == 15
    assert balance_of_person(make_user(), 2026, today=TODAY).due is None


def test_a_position_is_known_with_any_capitals():
    assert "Phó Trưởng phòng" not in spellings("phó trưởng phòng")
    assert {"CHUYÊN VIÊN", "Chuyên viên", "chuyên viên"} <= set(spellings("Chuyên viên"))


def test_who_moved_takes_her_hours_along_and_stands_once(city):
    make_completion(city.learner, moment(2026, 2, 1), "3")
    place_member(
        user=city.learner, unit=city.two, position="Công chức", on=datetime.date(2026, 6, 1)
    )
    make_completion(city.learner, moment(2026, 9, 1), "4")

    def places(year, today):
        found = members_in(year, today=today).filter(user=city.learner)
        return [(row.unit, hours_of(row.total)) for row in found]

    assert places(2026, TODAY) == [(city.two, 7)]
    # Told in May she was still in her room; of a past year its last day decides.
    assert places(2026, datetime.date(2026, 5, 31)) == [(city.room, 7)]
    assert places(2025, TODAY) == []


def test_a_person_of_two_units_on_one_day_stands_in_the_one_she_came_to_last(city):
    Membership.objects.create(
        user=city.learner,
        unit=city.two,
        started_on=datetime.date(2026, 3, 1),
        ended_on=datetime.date(2027, 1, 31),
    )
    found = members_in(2026, today=TODAY).filter(user=city.learner)
    assert [row.unit for row in found] == [city.two]


HOURS = st.integers(1, 9999).map(lambda n: Decimal(n) / 10)
MOMENTS = st.datetimes(
    min_value=datetime.datetime(2023, 12, 30), max_value=datetime.datetime(2025, 1, 2)
)


@given(
    done=st.lists(st.tuples(st.sampled_from(KEYS), MOMENTS, HOURS), max_size=6),
    outside=st.lists(st.tuples(MOMENTS, HOURS), max_size=3),
    every=st.booleans(),
)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_sums_by_year_are_those_of_a_plain_sum(city, done, outside, every):
    user = make_user()
    if every:
        CountingRule.objects.update_or_create(course_key=KEYS[0], defaults={})
    else:
        CountingRule.objects.all().delete()
    sums, seen = defaultdict(Decimal), set()
    place_member(user=user, unit=city.one, position="", on=datetime.date(2023, 1, 1))
    for key, at, hours in sorted(done, key=lambda one: one[1]):
        make_completion(
            user, moment(at.year, at.month, at.day, at.hour, at.minute), f"{hours}", key
        )
        if (every and key == KEYS[0]) or (key, at.year) not in seen:
            sums[at.year] += hours
        seen.add((key, at.year))
    for at, hours in outside:
        make_approved(user, city.officer, day=at.date(), hours=f"{hours}")
        sums[at.year] += hours
    for year in (2023, 2024, 2025):
        assert total(user, year) == sums[year]
