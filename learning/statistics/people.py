"""Down to the person: the list behind every figure, from the same conditions as the count."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from learning.certificates.models import Certificate
from learning.enrolments.models import Enrolment
from learning.organisations.models import Membership
from learning.progress.models import ModuleCompletion
from learning.statistics.filters import Filters, Status, status_condition
from learning.vietnamese import nfc, search_key

_FIELDS = (
    "user__full_name",
    "user__staff_code",
    "user__email",
    "unit_id",
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


@dataclass(frozen=True)
class PersonRow:
    """One person in one course. Times are local; `percent` is of the completion."""

    full_name: str
    staff_code: str
    email: str
    position: str
    unit_name: str
    status: Status
    overdue: bool
    required: bool
    due_on: datetime.date | None
    started_on: datetime.date | None
    completed_on: datetime.date | None
    percent: Decimal | None
    modules: int
    certificate_number: str
    certificate_code: str


def people(filters: Filters) -> QuerySet[Any]:
    """The enrolments the question means, sorted by given name; rows for `person_row`."""
    units = filters.scope.query(filters.unit, direct=filters.direct)
    found = Enrolment.objects.none()
    if filters.course_key:
        found = Enrolment.objects.counted().for_units(units).filter(course_key=filters.course_key)
    if filters.status:
        found = found.filter(status_condition(filters.status, today=filters.today))
    key = search_key(filters.search)
    if key:
        found = found.filter(
            Q(user__name_search__contains=key)
            | Q(user__email__contains=nfc(filters.search).lower())
            | Q(user__staff_code__contains=nfc(filters.search).upper())
        )
    valid = Certificate.objects.filter(enrolment=OuterRef("pk"), status="valid").order_by("-pk")
    modules = (
        ModuleCompletion.objects.filter(enrolment=OuterRef("pk"))
        .order_by()
        .values("enrolment")
        .annotate(count=Count("pk"))
        .values("count")
    )
    place = Membership.objects.open().filter(user=OuterRef("user_id"))
    return (
        found.order_by("user__name_sort", "user_id")
        .annotate(
            position=Subquery(place.values("position")[:1]),
            modules=Coalesce(Subquery(modules), 0),
            certificate_number=Subquery(valid.values("number_text")[:1]),
            certificate_code=Subquery(valid.values("code")[:1]),
        )
        .values(*_FIELDS)
    )


def person_row(found: dict[str, Any], filters: Filters) -> PersonRow:
    """One row of `people` as the screen and the files show it."""
    completed_at = found["completion__completed_at"]
    started_at = found["started_at"]
    due_on = found["due_on"]
    exempt = completed_at is None and found["exempt_on"] is not None
    if completed_at is not None:
        status = Status.COMPLETED
    elif exempt:
        status = Status.EXEMPT
    else:
        status = Status.IN_PROGRESS if started_at is not None else Status.NOT_STARTED
    return PersonRow(
        full_name=found["user__full_name"],
        staff_code=found["user__staff_code"] or "",
        email=found["user__email"] or "",
        position=found["position"] or "",
        unit_name=filters.scope.full_name(found["unit_id"]),
        status=status,
        overdue=(
            completed_at is None and not exempt and due_on is not None and due_on < filters.today
        ),
        required=found["required"],
        due_on=due_on,
        started_on=_local_date(started_at),
        completed_on=_local_date(completed_at),
        percent=found["completion__percent"],
        modules=found["modules"],
        certificate_number=found["certificate_number"] or "",
        certificate_code=found["certificate_code"] or "",
    )


def person_rows(filters: Filters) -> Iterator[PersonRow]:
    """All rows of `people`, read in portions: a file never holds everyone in memory."""
    for found in people(filters).iterator(chunk_size=2000):
        yield person_row(found, filters)


def _local_date(moment: datetime.datetime | None) -> datetime.date | None:
    return timezone.localtime(moment).date() if moment else None
