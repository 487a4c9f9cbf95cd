"""The units a question means: as a condition in the database, and in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from learning.organisations.models import Unit
from learning.statistics.scope import Scope, UnitNode


@dataclass(frozen=True)
class UnitsAsked:
    """A set of units: `keys` to be asked for membership, `query` to narrow what is read."""

    keys: frozenset[int]
    query: Any

    def __contains__(self, unit: int) -> bool:
        return unit in self.keys

    def condition(self) -> Q:
        """Rows of these units."""
        return Q(unit_id__in=self.query.order_by().values("pk"))


def units_asked(scope: Scope, unit: UnitNode | None) -> UnitsAsked:
    """The unit and all below it; of None, the whole scope."""
    paths = tuple(top.path for top in ([unit] if unit else scope.tops))
    keys = frozenset(node.pk for node in scope.nodes if node.path.startswith(paths))
    return UnitsAsked(keys, scope.query(unit))


def all_units() -> UnitsAsked:
    """Every unit there is."""
    return UnitsAsked(frozenset(Unit.objects.order_by().values_list("pk", flat=True)), Unit.objects)
