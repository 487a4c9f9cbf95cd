"""The rounds of an assignment as dates. Nothing here asks the database."""

import calendar
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from learning.enrolments.models import Assignment, Repeats

# A round without a due date of its own is given this long.
DAYS_OF_A_ROUND = 30


@dataclass(frozen=True)
class Window:
    """A round: its number from 1, the day it opens (None: at once) and the day it is due."""

    number: int
    opens_on: datetime.date | None
    due_on: datetime.date | None


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or the last day of a month that is shorter.

    Always counted from the first date, so that the 31st comes back after February.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def windows(assignment: Assignment) -> Iterator[Window]:
    """The rounds whose dates are known beforehand, in order: one, or one a year without end.

    Of rounds that follow a completion only the first is known; see `window_after`.
    """
    yield Window(1, assignment.opens_on, assignment.due_on)
    if assignment.repeats != Repeats.YEARLY:
        return
    assert assignment.opens_on is not None
    assert assignment.due_on is not None
    number = 2
    while True:
        opens = add_months(assignment.opens_on, 12 * (number - 1))
        if assignment.repeat_until is not None and opens > assignment.repeat_until:
            return
        yield Window(number, opens, add_months(assignment.due_on, 12 * (number - 1)))
        number += 1


def preview(assignment: Assignment, *, most: int = 4) -> list[Window]:
    """The first `most` rounds, to be looked at before saving."""
    return list(islice(windows(assignment), most))


def window_on(assignment: Assignment, day: datetime.date) -> Window | None:
    """The last round that has opened by this day; None before the first has."""
    found = None
    for window in windows(assignment):
        if window.opens_on is not None and window.opens_on > day:
            break
        found = window
    return found


def window_after(
    assignment: Assignment, *, number: int, completed_on: datetime.date
) -> Window | None:
    """The round after round `number` was completed on that day; None where none follows."""
    if assignment.repeats != Repeats.AFTER or assignment.repeat_months is None:
        return None
    opens = add_months(completed_on, assignment.repeat_months)
    if assignment.repeat_until is not None and opens > assignment.repeat_until:
        return None
    days = assignment.due_days or DAYS_OF_A_ROUND
    return Window(number + 1, opens, opens + datetime.timedelta(days=days))


def due_date(
    assignment: Assignment,
    window: Window,
    *,
    begins: datetime.date,
    came: datetime.date | None = None,
) -> datetime.date | None:
    """The due date, in this round that begins on `begins`, of a person who `came` on that day.

    None: she was there when it was assigned. Who came later has the days that the assignment
    grants, if it grants any; a due date that had passed when she came is never held against her.
    """
    late = came is not None and (
        came > begins or (window.due_on is not None and window.due_on < came)
    )
    granted = None
    if assignment.due_days and (late or window.due_on is None):
        since = max(came, begins) if came else begins
        granted = since + datetime.timedelta(days=assignment.due_days)
    if window.due_on is None or (late and came is not None and window.due_on < came):
        return granted
    return max(window.due_on, granted) if granted else window.due_on
