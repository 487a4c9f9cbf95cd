"""Reads: what a person has not looked at yet, what waits to be written, whom no mail reaches."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import BigIntegerField, Count, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower

from learning.notices.models import DeadAddress, Notice
from learning.notices.times import next_allowed
from quizzes.prepared import prepared

# More than this is told as «9+», so that the header knows few values and counts few rows.
MOST_SHOWN = 9


def unread_shown(person_id: int) -> str:
    """The number for the header: «» for none, «1» to «9», «9+»; one prepared query."""
    count = len(_unread.rows(person_id))
    return f"{MOST_SHOWN}+" if count > MOST_SHOWN else str(count or "")


@prepared(BigIntegerField())
def _unread(person_id: int) -> QuerySet[Notice, Any]:
    unread = Notice.objects.filter(person_id=person_id, seen_at__isnull=True)
    return unread.order_by().values_list("pk")[: MOST_SHOWN + 1]


def unread_count(person: Any) -> int:
    """Notices in her list that are new to her; one look into a partial index."""
    return Notice.objects.filter(person_id=person.pk, seen_at__isnull=True).count()


@dataclass(frozen=True)
class Waiting:
    """Notices that are not in a letter yet: how many, and when the first of them is due."""

    count: int
    first_at: datetime.datetime | None


def waiting() -> Waiting:
    """What is still to become letters; one query."""
    found = Notice.objects.filter(letter__isnull=True, by_mail=True)
    told = found.aggregate(count=Count("pk"), first=Min("not_before"))
    first = told["first"]
    return Waiting(told["count"], next_allowed(first) if first else None)


def dead_addresses() -> QuerySet[DeadAddress]:
    """Addresses that reach nobody, the latest first; `person_name` is whose it is now, if known."""
    people = get_user_model()._default_manager.alias(bare=Lower("email"))
    whose = people.filter(bare=OuterRef("address")).order_by("pk").values("full_name")[:1]
    return DeadAddress.objects.annotate(person_name=Subquery(whose)).order_by("-noted_at", "-pk")
