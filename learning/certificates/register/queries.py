"""Reading the register: its lines, found by what an officer asks."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from learning.certificates.models import Certificate, RegisterEntry
from learning.organisations.models import Unit
from learning.vietnamese import search_key

State = Certificate.State


@dataclass(frozen=True)
class Asked:
    """What is asked of the register; empty: everything."""

    year: int | None = None
    unit: Unit | None = None
    course_key: str = ""
    state: str = ""
    text: str = ""


def with_last_act(found: QuerySet[Certificate]) -> QuerySet[Any]:
    """`found` with act and sequence of each one's newest entry."""
    newest = RegisterEntry.objects.filter(certificate=OuterRef("pk")).order_by("-sequence")
    return found.annotate(
        last_act=Subquery(newest.values("act")[:1]),
        last_sequence=Subquery(newest.values("sequence")[:1]),
    )


def certificates(
    asked: Asked,
    *,
    of: QuerySet[Certificate] | None = None,
    on: datetime.date | None = None,
) -> QuerySet[Certificate]:
    """The certificates of the register (of those in `of`), in the order of their numbers."""
    found = (Certificate.objects.all() if of is None else of).order_by("issuer", "year", "number")
    if asked.year:
        found = found.filter(year=asked.year)
    if asked.unit is not None:
        units = Unit.objects.all().within(asked.unit).order_by()
        found = found.filter(unit_id_then__in=units.values("pk"))
    if asked.course_key:
        found = found.filter(course_key=asked.course_key)
    if asked.text:
        found = found.filter(name_search__contains=search_key(asked.text))
    return in_state(found, asked.state, on=on)


def in_state(
    found: QuerySet[Certificate], state: str, *, on: datetime.date | None = None
) -> QuerySet[Certificate]:
    """Those of `found` that are in this state on a day (today); an unknown state: all."""
    day = on or timezone.localdate()
    if state in (State.REVOKED, State.REISSUED):
        return found.filter(status=state)
    past = Q(expires_on__lt=day)
    if state == State.EXPIRED:
        return found.filter(past, status="valid")
    if state == State.VALID:
        return found.filter(~past | Q(expires_on__isnull=True), status="valid")
    return found


def years() -> list[int]:
    """The years in which certificates were issued, newest first."""
    return list(Certificate.objects.order_by("-year").values_list("year", flat=True).distinct())


def courses() -> list[tuple[str, str]]:
    """Key and title of every course that certificates name; the newest title where it changed."""
    told: dict[str, str] = {}
    rows = Certificate.objects.values_list("course_key", "course_title").order_by()
    for key, title, _last in rows.annotate(last=Max("issued_at")).order_by("last"):
        told[str(key)] = title
    return sorted(told.items(), key=lambda pair: pair[1])


def story(certificate: Certificate) -> QuerySet[RegisterEntry]:
    """Everything the register says of one certificate, oldest first."""
    return RegisterEntry.objects.filter(certificate=certificate).order_by("sequence")
