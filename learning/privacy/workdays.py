"""Working days: Monday to Friday without public holidays, as the office calendar has them.

The rules of the state repeat the fixed days (Labour Code 2019, article 112); Tết, the Hùng Kings'
day and exchanged days are announced each year, so an administrator adds them (`CalendarDay`).
"""

import datetime
from collections.abc import Mapping

DAY = datetime.timedelta(days=1)
SATURDAY = 5
# Two working days to answer a person about her data (decree 356/2025/NĐ-CP).
ANSWER_DAYS = 2
# (month, day) of the holidays that every year has: New Year, 30/4, 1/5, National Day.
FIXED = ((1, 1), (4, 30), (5, 1), (9, 2))


def is_working_day(day: datetime.date, calendar: Mapping[datetime.date, bool]) -> bool:
    """Whether offices work on `day`; `calendar` tells the days that differ (True: they work)."""
    if day in calendar:
        return calendar[day]
    return day.weekday() < SATURDAY and (day.month, day.day) not in FIXED


def add_working_days(
    day: datetime.date, days: int, calendar: Mapping[datetime.date, bool]
) -> datetime.date:
    """The working day that lies `days` (1 or more) after `day`, which itself does not count."""
    if days < 1:
        raise ValueError("at least one working day")
    while days:
        day += DAY
        days -= is_working_day(day, calendar)
    return day
