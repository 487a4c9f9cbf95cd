"""Two working days: weekends and holidays don't count, whatever the calendar."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.privacy.models import CalendarDay
from learning.privacy.queries import answer_due
from learning.privacy.workdays import DAY, add_working_days, is_working_day

day = st.dates(datetime.date(2024, 1, 1), datetime.date(2030, 12, 31))
calendar = st.dictionaries(day, st.booleans(), max_size=8)


def date(text):
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-23", "2026-11-25"),  # Monday
        ("2026-11-26", "2026-11-30"),  # Thursday
        ("2026-11-27", "2026-12-01"),  # Friday
        ("2026-11-28", "2026-12-01"),  # Saturday
        ("2026-04-28", "2026-05-04"),  # before 30/4 and 1/5
        ("2026-12-31", "2027-01-05"),
    ],
)
def test_known_days(asked, due):
    assert add_working_days(date(asked), 2, {}) == date(due)


@pytest.mark.django_db
def test_the_table_of_holidays_is_asked():
    assert answer_due(asked_on=date("2026-02-13")) == date("2026-02-24")  # Tết
    CalendarDay.objects.create(day=date("2026-11-25"), name="Ngày thử")
    CalendarDay.objects.create(day=date("2026-11-28"), works=True, name="Làm bù")
    assert answer_due(asked_on=date("2026-11-23")) == date("2026-11-26")
    assert answer_due(asked_on=date("2026-11-26")) == date("2026-11-28")


@given(day, st.integers(1, 12), calendar)
def test_exactly_so_many_working_days_lie_between(start, days, known):
    end = add_working_days(start, days, known)
    between = [start + DAY * n for n in range(1, (end - start).days + 1)]
    assert sum(is_working_day(d, known) for d in between) == days
    assert is_working_day(end, known)


@given(day, st.integers(1, 6), st.integers(1, 6), calendar)
def test_days_add_up(start, first, second, known):
    halfway = add_working_days(start, first, known)
    assert add_working_days(halfway, second, known) == add_working_days(
        start, first + second, known
    )


def test_no_day_is_no_question():
    with pytest.raises(ValueError, match="one working day"):
        add_working_days(date("2026-11-23"), 0, {})
