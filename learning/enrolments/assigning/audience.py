"""Whom an assignment means, asked of the database and asked of one place in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from learning.enrolments.models import Assignment, Audience
from learning.organisations.models import Membership, Unit
from learning.vietnamese import search_key


@dataclass(frozen=True)
class Place:
    """Where a person works: her unit, its path, and her position."""

    unit_id: int
    path: str
    position: str


class Meaning:
    """An assignment made ready to be asked about many people."""

    def __init__(self, assignment: Assignment, kind_paths: dict[str, list[str]]) -> None:
        self.assignment = assignment
        self.path = assignment.unit.path
        self._listed = (
            frozenset(assignment.people.values_list("pk", flat=True))
            if assignment.audience == Audience.LIST
            else frozenset()
        )
        self._positions = [search_key(text) for text in assignment.positions if search_key(text)]
        # Tops of the units of the kinds meant: their divisions belong to them.
        self._tops = tuple(
            path
            for kind in assignment.kinds
            for path in kind_paths.get(kind, ())
            if path.startswith(self.path)
        )

    def means(self, user_id: int, place: Place) -> bool:
        """Whether the assignment means this person at this place."""
        if not place.path.startswith(self.path):
            return False
        match self.assignment.audience:
            case Audience.LIST:
                return user_id in self._listed
            case Audience.POSITIONS:
                return any(text in search_key(place.position) for text in self._positions)
            case Audience.KINDS:
                return place.path.startswith(self._tops) if self._tops else False
        return True


def paths_of_kinds(kinds: Iterable[str]) -> dict[str, list[str]]:
    """Of each kind of unit that is asked for, the paths of its units; one query or none."""
    wanted = set(kinds)
    found: dict[str, list[str]] = {}
    if wanted:
        for kind, path in Unit.objects.filter(kind__in=wanted).values_list("kind", "path"):
            found.setdefault(kind, []).append(path)
    return found


def meanings(assignments: Iterable[Assignment]) -> list[Meaning]:
    """Assignments made ready; a query for their kinds of units and one for each list."""
    chosen = list(assignments)
    paths = paths_of_kinds(kind for one in chosen for kind in one.kinds)
    return [Meaning(one, paths) for one in chosen]


def members_meant(assignment: Assignment) -> QuerySet[Membership, Any]:
    """The open memberships of the people an assignment means, in a few queries."""
    below = Unit.objects.all().within(assignment.unit)
    found = Membership.objects.open().for_units(below)
    if assignment.audience == Audience.LIST:
        return found.filter(user__in=assignment.people.order_by().values("pk"))
    if assignment.audience == Audience.POSITIONS:
        keys = [search_key(text) for text in assignment.positions if search_key(text)]
        known = found.order_by().values_list("position", flat=True).distinct()
        meant = [text for text in known if any(key in search_key(text) for key in keys)]
        return found.filter(position__in=meant)
    if assignment.audience == Audience.KINDS:
        tops = below.filter(kind__in=assignment.kinds)
        if not tops:
            return found.none()
        return Membership.objects.open().for_units(Unit.objects.all().within(*tops))
    return found
