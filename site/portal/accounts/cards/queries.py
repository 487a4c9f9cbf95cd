"""Who waits for a card: people who have never logged in, by unit."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from learning.organisations.models import Membership, Responsibility, Unit, UnitQuerySet
from portal.accounts.models import User


def may_have_cards() -> QuerySet[User]:
    """People who never logged in and answer for nobody and nothing.

    Who prints a card could use it herself: a card for an editor, an HR officer or an administrator
    would hand their powers to the officer of any unit they work in.
    """
    held = Responsibility.objects.filter(user=OuterRef("pk")).on(timezone.localdate())
    return User.objects.filter(
        ~Exists(held),
        is_active=True,
        last_login__isnull=True,
        is_staff=False,
        is_superuser=False,
        groups__isnull=True,
    )


@dataclass(frozen=True)
class WaitingUnit:
    """A unit with how many of its people, and of those below it, never logged in."""

    pk: int
    name: str
    depth: int
    people: int
    waiting: int


def waiting_units(units: UnitQuerySet) -> list[WaitingUnit]:
    """The given units in which anybody waits, in the tree's order; three queries at any size."""
    rows = list(units.values_list("pk", "path", "name"))
    places = Membership.objects.open().for_units(units).filter(user__is_active=True)
    people = _by_unit(places)
    waiting = _by_unit(places.filter(user__in=may_have_cards()))
    paths = {path for _pk, path, _name in rows}
    all_people, all_waiting = Counter[str](), Counter[str]()
    for pk, path, _name in rows:
        for end in range(Unit.steplen, len(path) + 1, Unit.steplen):
            if path[:end] in paths:
                all_people[path[:end]] += people.get(pk, 0)
                all_waiting[path[:end]] += waiting.get(pk, 0)
    top = min((len(path) for path in paths), default=0) // Unit.steplen
    return [
        WaitingUnit(pk, name, len(path) // Unit.steplen - top, all_people[path], all_waiting[path])
        for pk, path, name in rows
        if all_waiting[path]
    ]


def _by_unit(places: QuerySet[Membership]) -> dict[int, int]:
    counted = places.order_by().values_list("unit").annotate(number=Count("pk"))
    return dict(counted)


def waiting_people(unit: Unit) -> list[tuple[User, str]]:
    """Who works in `unit` or below and never logged in, with her unit's name; by unit and name."""
    places: Any = (
        Membership.objects.open()
        .for_units(Unit.objects.all().within(unit))
        .filter(user__in=may_have_cards())
        .select_related("user", "unit")
        .order_by("unit__path", "user__name_sort", "user_id")
    )
    return [(place.user, place.unit.name) for place in places]
