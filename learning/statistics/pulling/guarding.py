"""What a token that may read figures and no persons is not told: groups that are too small."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from learning.organisations.models import Unit
from learning.statistics.filters import Filters, Status, status_condition
from learning.statistics.scope import UnitNode
from learning.statistics.small import NOTHING_WITHHELD, Withheld, withhold

# Made of the scores of those who completed; everything else is of all who were assigned.
OF_SCORES = ("mean_score", "median_score")


@dataclass(frozen=True)
class Guard:
    """What is withheld: lines whole, and of others what is made of scores."""

    people: Withheld = NOTHING_WITHHELD
    scores: Withheld = NOTHING_WITHHELD

    def line(
        self, figures: Mapping[str, Any], unit: UnitNode | None, *, direct: bool
    ) -> dict[str, Any]:
        """The figures of one line, with None for what is withheld."""
        path = unit.path if unit else ""
        if self.people.has(path, direct=direct):
            return dict.fromkeys(figures) | {"withheld": True}
        hidden = OF_SCORES if self.scores.has(path, direct=direct) else ()
        told = {name: None if name in hidden else value for name, value in figures.items()}
        return told | {"withheld": bool(hidden)}


def guard(filters: Filters, *, top: UnitNode) -> Guard:
    """What is withheld of this question from who may ask about `top` and all below it.

    One query. Of several courses all that is withheld of one of them is: what is told of the
    others would give it away.
    """
    scope, moment = filters.scope, filters.moment
    found = moment.enrolments(scope.query(top)).filter(course_key__in=filters.course_keys)
    counted = (
        found.order_by()
        .values_list("place", "course_key")
        .annotate(
            people=Count("pk"),
            scored=Count(
                "pk",
                filter=status_condition(Status.COMPLETED, moment=moment)
                & Q(completion__percent__isnull=False),
            ),
        )
    )
    nobody = {node.path: 0 for node in scope.nodes if node.path.startswith(top.path)}
    people: dict[UUID, dict[str, int]] = defaultdict(lambda: dict(nobody))
    scored: dict[UUID, dict[str, int]] = defaultdict(lambda: dict(nobody))
    for place, course_key, count, with_score in counted:
        path = scope.by_pk[place].path
        people[course_key][path] += count
        scored[course_key][path] += with_score
    step = Unit.steplen
    hidden_people = hidden_scores = NOTHING_WITHHELD
    for course_key, sizes in people.items():
        mine = withhold(sizes, top=top.path, step=step)
        hidden_people |= mine
        hidden_scores |= withhold(scored[course_key], top=top.path, step=step, forced=mine)
    return Guard(people=hidden_people, scores=hidden_scores | hidden_people)
