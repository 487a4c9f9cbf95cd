"""Down to the person: the list behind every figure, from the same conditions as the count."""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Coalesce, TruncDate

from learning.privacy.queries import restricted_people
from learning.progress.models import ModuleCompletion
from learning.statistics.among import Among
from learning.statistics.analysis.lists import narrow
from learning.statistics.filters import Filters, Status, status_condition
from learning.vietnamese import nfc, search_key

_FIELDS = (
    "pk",
    "user_id",
    "user__full_name",
    "user__staff_code",
    "user__email",
    "course_key",
    "place",
    "required",
    "due_on",
    "exempt_on",
    "completion__percent",
)
# Days, here, and not times: they are what is shown, and are read three times as quickly.
_DAYS = {
    "started_on": TruncDate("started_at"),
    "completed_on": TruncDate("completion__completed_at"),
}

# People read at once: what stands beside them is asked for all of these together.
PORTION = 2_000
# People found by a search who are asked for by their keys.
MANY = 2_000
# A list as short as this is gathered and sorted.
FEW = 20_000


@dataclass(slots=True)
class PersonRow:
    """One person in one course. Times are local; `percent` is of the completion."""

    full_name: str
    staff_code: str
    email: str
    position: str
    unit_name: str
    course_title: str
    status: Status
    overdue: bool
    required: bool
    days_late: int | None
    due_on: datetime.date | None
    started_on: datetime.date | None
    completed_on: datetime.date | None
    percent: Decimal | None
    modules: int
    certificate_number: str
    certificate_code: str


def listed(filters: Filters, *, few: bool = False) -> Any:
    """The enrolments the question means, sorted by given name.

    Who is overdue longest comes first where only they are asked for. Whose data is restricted is
    not named: `unnamed` counts them. `few`: to be gathered and sorted, where a database would
    rather go through all people of the city in the order of their names to meet them.
    """
    found = asked(filters).exclude(user__in=restricted_people())
    if search_key(filters.search):
        found = found.filter(_called(filters.search))
    return found.order_by(*_order(filters, few=few))


def _called(text: str) -> Q:
    """Whose name, address or staff code has the text in it."""
    conditions = {
        "name_search__contains": search_key(text),
        "email__contains": nfc(text).lower(),
        "staff_code__contains": nfc(text).upper(),
    }
    found = Q()
    for condition, value in conditions.items():
        found |= Q(**{condition: value})
    # They are looked for first, in one pass: a join would look at each enrolment's person, one by
    # one. Of very many the first are met soon either way.
    users = get_user_model().objects.filter(found).order_by().values_list("pk", flat=True)
    keys = list(users[: MANY + 1])
    if len(keys) <= MANY:
        return Q(user__in=keys)
    spelled = Q()
    for condition, value in conditions.items():
        spelled |= Q(**{f"user__{condition}": value})
    return spelled


def page_of_people(filters: Filters, keys: Sequence[int]) -> list[PersonRow]:
    """The people with these keys of `listed`, in this order.

    Apart from finding them: to sort the people of a city only their names have to be looked at.
    """
    found = _plain(asked(filters).filter(pk__in=keys).order_by())
    rows = dict(zip((one[0] for one in found), _told(list(found), filters), strict=True))
    return [rows[key] for key in keys if key in rows]


def person_rows(filters: Filters) -> Iterator[PersonRow]:
    """All of `listed`, read in portions: a file never holds everyone in memory."""
    found = _plain(listed(filters)).iterator(chunk_size=PORTION)
    # All will be read. Left alone, PostgreSQL plans for the first rows of what is read by and by,
    # and would look up a whole city's enrolments one at a time.
    with _planned_for_all():
        portion = list(islice(found, PORTION))
    while portion:
        yield from _told(portion, filters)
        portion = list(islice(found, PORTION))


def _plain(found: Any) -> Any:
    return found.annotate(**_DAYS).values_list(*_FIELDS, *_DAYS)


@contextmanager
def _planned_for_all() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET cursor_tuple_fraction = 1")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET cursor_tuple_fraction")


def _order(filters: Filters, *, few: bool) -> tuple[Any, ...]:
    # An expression, so that no index on names can serve it.
    name = Coalesce("user__name_sort", Value("")) if few else "user__name_sort"
    by_name = (name, "user_id", "pk")
    return ("due_on", *by_name) if filters.status == Status.OVERDUE else by_name


def unnamed(filters: Filters) -> int:
    """How many of those the question means are not named at their own wish; 0 of a search."""
    if filters.search:
        return 0
    count: int = asked(filters).filter(user__in=restricted_people()).count()
    return count


def asked(filters: Filters) -> Any:
    """The enrolments of the unit, course and status, and of what narrows them; not searched."""
    units = filters.scope.query(filters.unit, direct=filters.direct)
    found = filters.moment.enrolments(units)
    found = found.filter(course_key__in=filters.course_keys)
    if filters.status:
        condition = status_condition(filters.status, moment=filters.moment, for_list=True)
        found = found.filter(condition)
    return narrow(found, filters)


def _told(portion: Sequence[tuple[Any, ...]], filters: Filters) -> list[PersonRow]:
    """Rows of `_plain` as the screen and the files show them; three queries for all of them."""
    moment = filters.moment
    keys, users = [row[0] for row in portion], [row[1] for row in portion]
    members = moment.members().filter(Among(F("user_id"), users)).order_by("started_on", "pk")
    positions = dict(members.values_list("user_id", "position"))
    of_these = Among(F("enrolment_id"), keys)
    learned = ModuleCompletion.objects.filter(of_these, moment.done("completed_at"))
    of_each = learned.order_by().values_list("enrolment")
    modules = dict(of_each.annotate(count=Count("pk")))
    valid = moment.certificates().filter(of_these).order_by("pk")
    certificates = {
        key: (number, code)
        for key, number, code in valid.values_list("enrolment", "number_text", "code")
    }
    return [
        _person_row(
            row,
            filters,
            position=positions.get(row[1]) or "",
            modules=modules.get(row[0], 0),
            certificate=certificates.get(row[0], ("", "")),
        )
        for row in portion
    ]


def _person_row(
    row: tuple[Any, ...],
    filters: Filters,
    *,
    position: str,
    modules: int,
    certificate: tuple[str, str],
) -> PersonRow:
    full_name, staff_code, email, course_key, place, required, due_on = row[2:9]
    exempt_on, percent, started_on, completed_on = row[9:]
    today = filters.moment.day
    # What came later than the day asked for had not come yet.
    if started_on is not None and started_on > today:
        started_on = None
    if completed_on is not None and completed_on > today:
        completed_on = None
    exempt = completed_on is None and exempt_on is not None and exempt_on <= today
    if completed_on is not None:
        status = Status.COMPLETED
    elif exempt:
        status = Status.EXEMPT
    else:
        status = Status.IN_PROGRESS if started_on is not None else Status.NOT_STARTED
    overdue = completed_on is None and not exempt and due_on is not None and due_on < today
    return PersonRow(
        full_name=full_name,
        staff_code=staff_code or "",
        email=email or "",
        position=position,
        unit_name=filters.scope.full_name(place),
        course_title=filters.subject.titles[course_key] if filters.subject else "",
        status=status,
        overdue=overdue,
        required=required,
        days_late=(today - due_on).days if overdue else None,
        due_on=due_on,
        started_on=started_on,
        completed_on=completed_on,
        percent=percent if completed_on else None,
        modules=modules,
        certificate_number=certificate[0],
        certificate_code=certificate[1],
    )
