"""Dates of rounds: arithmetic that people plan by."""

import datetime
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from learning.enrolments.assigning.rounds import (
    Window,
    add_months,
    due_date,
    preview,
    window_after,
    window_on,
)
from learning.enrolments.models import Assignment, Repeats

DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2060, 12, 31))


def yearly(opens_on, due_on, until=None):
    return Assignment(
        course_key=uuid4(),
        repeats=Repeats.YEARLY,
        opens_on=opens_on,
        due_on=due_on,
        repeat_until=until,
    )


@given(DAYS, st.integers(0, 240))
def test_months_are_added_and_short_ones_end_earlier(day, months):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert later.day == day.day or (later + datetime.timedelta(days=1)).day == 1


def test_the_29th_of_february_comes_back():
    day = datetime.date(2028, 2, 29)
    assert add_months(day, 12) == datetime.date(2029, 2, 28)
    assert add_months(day, 48) == datetime.date(2032, 2, 29)


@given(DAYS, st.integers(0, 360), st.integers(0, 4000))
def test_the_window_of_a_day_is_the_last_that_has_opened(opens, length, ahead):
    assignment = yearly(opens, opens + datetime.timedelta(days=length))
    day = opens + datetime.timedelta(days=ahead)
    window = window_on(assignment, day)
    assert window is not None
    assert window.opens_on <= day < add_months(opens, 12 * window.number)
    assert window_on(assignment, opens - datetime.timedelta(days=1)) is None


def test_rounds_are_shown_beforehand_and_end():
    assignment = yearly(
        datetime.date(2027, 4, 1), datetime.date(2027, 4, 30), until=datetime.date(2028, 12, 31)
    )
    assert preview(assignment) == [
        Window(1, datetime.date(2027, 4, 1), datetime.date(2027, 4, 30)),
        Window(2, datetime.date(2028, 4, 1), datetime.date(2028, 4, 30)),
    ]


def test_a_round_follows_a_completion():
    assignment = Assignment(
        course_key=uuid4(), repeats=Repeats.AFTER, repeat_months=24, due_days=45
    )
    following = window_after(assignment, number=1, completed_on=datetime.date(2026, 11, 30))
    assert following == Window(2, datetime.date(2028, 11, 30), datetime.date(2029, 1, 14))
    assignment.repeat_until = datetime.date(2028, 1, 1)
    assert window_after(assignment, number=1, completed_on=datetime.date(2026, 11, 30)) is None


@given(DAYS, st.one_of(st.none(), st.integers(-400, 400)), st.one_of(st.none(), st.integers(1, 90)))
def test_nobody_comes_late_to_what_she_could_not_know(begins, due_in, due_days):
    due_on = None if due_in is None else begins + datetime.timedelta(days=due_in)
    assignment = Assignment(course_key=uuid4(), due_on=due_on, due_days=due_days)
    window = Window(1, None, due_on)
    for wait in (0, 1, 30):
        came = begins + datetime.timedelta(days=wait)
        found = due_date(assignment, window, begins=begins, came=came)
        assert found is None or found >= came
        if due_days and wait:
            assert found >= came + datetime.timedelta(days=due_days)
    if due_on is not None:
        assert due_date(assignment, window, begins=begins) == due_on
