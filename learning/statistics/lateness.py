"""The overdue of a city, the longest overdue first, without sorting them all for a page."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping

from learning.privacy.queries import restricted_people
from learning.statistics.filters import Filters
from learning.statistics.people import asked, listed
from learning.statistics.queries import asked_units
from learning.statistics.summary.reading import read_dues

# People due on one day who are sorted by name for a page.
SORTED = 2_000


class OverdueList:
    """The keys of `listed`, cut where the due date changes.

    How many were due on a day is kept, so a page is found in the days it lies in. There people come
    by name, or where they are too many to be sorted, in the order of their enrolment.
    """

    def __init__(self, filters: Filters, days: Mapping[datetime.date, int]) -> None:
        self._filters, self._days = filters, dict(sorted(days.items()))

    def __len__(self) -> int:
        return sum(self._days.values())

    def __getitem__(self, page: slice) -> list[int]:
        """The keys from `start` to before `stop`; one query a day that the page lies in."""
        start, stop = page.start or 0, len(self) if page.stop is None else page.stop
        found: list[int] = []
        for day, count in self._days.items():
            if start < count and stop > 0:
                of_day = listed(self._filters, few=True).filter(due_on=day)
                if count > SORTED:
                    of_day = of_day.order_by("pk")
                found += of_day.values_list("pk", flat=True)[max(0, start) : min(stop, count)]
            start, stop = start - count, stop - count
        return found


def overdue_list(filters: Filters) -> OverdueList:
    """Of a question about today's overdue that nothing narrows."""
    units = asked_units(filters)
    days = Counter(read_dues(units=units, course_keys=filters.course_keys, today=filters.today))
    hidden = asked(filters).filter(user__in=restricted_people()).order_by()
    days.subtract(Counter(hidden.values_list("due_on", flat=True)))
    return OverdueList(filters, +days)
