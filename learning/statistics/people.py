"""Down to the person: the list behind every figure, from the same conditions as the count."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from learning.privacy.queries import restricted_people
from learning.progress.models import ModuleCompletion
from learning.statistics.analysis.lists import narrow
from learning.statistics.filters import Filters, Status, status_condition
from learning.statistics.moments import Moment
from learning.vietnamese import nfc, search_key

_FIELDS = (
    "pk",
    "user__full_name",
    "user__staff_code",
    "user__email",
    "course_key",
    "place",
    "required",
    "due_on",
    "started_at",
    "exempt_on",
    "completion__completed_at",
    "completion__percent",
    "position",
    "modules",
    "certificate_number",
    "certificate_code",
)


# People found by a search who are asked for by their keys.
MANY = 2_000
# A list as short as this is gathered and sorted.
FEW = 20_000


@dataclass(frozen=True)
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


def people(filters: Filters) -> QuerySet[Any]:
    """The same as rows for `person_row`."""
    return _as_rows(listed(filters), filters)


def _as_rows(found: Any, filters: Filters) -> QuerySet[Any]:
    moment = filters.moment
    valid = moment.certificates().filter(enrolment=OuterRef("pk")).order_by("-pk")
    modules = (
        ModuleCompletion.objects.filter(moment.done("completed_at"), enrolment=OuterRef("pk"))
        .order_by()
        .values("enrolment")
        .annotate(count=Count("pk"))
        .values("count")
    )
    place = moment.members().filter(user=OuterRef("user_id")).order_by("-started_on", "-pk")
    rows: QuerySet[Any] = found.annotate(
        position=Subquery(place.values("position")[:1]),
        modules=Coalesce(Subquery(modules), 0),
        certificate_number=Subquery(valid.values("number_text")[:1]),
        certificate_code=Subquery(valid.values("code")[:1]),
    ).values(*_FIELDS)
    return rows


def page_of_people(filters: Filters, keys: Sequence[int]) -> list[PersonRow]:
    """The people with these keys of `listed`, in this order.

    Apart from finding them: to sort the people of a city only their names have to be looked at.
    """
    found = asked(filters).filter(pk__in=keys).order_by()
    rows = {row["pk"]: row for row in _as_rows(found, filters)}
    return [person_row(rows[key], filters) for key in keys if key in rows]


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


def person_row(found: dict[str, Any], filters: Filters) -> PersonRow:
    """One row of `people` as the screen and the files show it."""
    moment = filters.moment
    completed_at = _by(found["completion__completed_at"], moment)
    started_at = _by(found["started_at"], moment)
    due_on, exempt_on = found["due_on"], found["exempt_on"]
    exempt = completed_at is None and exempt_on is not None and exempt_on <= moment.day
    if completed_at is not None:
        status = Status.COMPLETED
    elif exempt:
        status = Status.EXEMPT
    else:
        status = Status.IN_PROGRESS if started_at is not None else Status.NOT_STARTED
    overdue = completed_at is None and not exempt and due_on is not None and due_on < filters.today
    return PersonRow(
        full_name=found["user__full_name"],
        staff_code=found["user__staff_code"] or "",
        email=found["user__email"] or "",
        position=found["position"] or "",
        unit_name=filters.scope.full_name(found["place"]),
        course_title=filters.subject.titles[found["course_key"]] if filters.subject else "",
        status=status,
        overdue=overdue,
        required=found["required"],
        days_late=(filters.today - due_on).days if overdue and due_on else None,
        due_on=due_on,
        started_on=_local_date(started_at),
        completed_on=_local_date(completed_at),
        percent=found["completion__percent"] if completed_at else None,
        modules=found["modules"],
        certificate_number=found["certificate_number"] or "",
        certificate_code=found["certificate_code"] or "",
    )


def _by(at: datetime.datetime | None, moment: Moment) -> datetime.datetime | None:
    """The time, if it had come by then."""
    return at if at is not None and (not moment.is_past or at < moment.end) else None


def person_rows(filters: Filters) -> Iterator[PersonRow]:
    """All rows of `people`, read in portions: a file never holds everyone in memory."""
    for found in people(filters).iterator(chunk_size=2000):
        yield person_row(found, filters)


def _local_date(moment: datetime.datetime | None) -> datetime.date | None:
    return timezone.localtime(moment).date() if moment else None
