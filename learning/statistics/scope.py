"""The tree of units one HR officer sees, read once for a request."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404

from learning.organisations.access import responsible_units
from learning.organisations.models import Unit, UnitKind, UnitQuerySet


@dataclass(frozen=True)
class UnitNode:
    """A unit as the statistics need it."""

    pk: int
    path: str
    depth: int
    name: str
    label: str
    ended: bool


@dataclass(frozen=True)
class Scope:
    """Units in the order of the tree, and the topmost of them.

    The citizens' branch is topmost only for who sees nothing else; beside agencies it stands apart:
    it can be chosen for itself, and never adds to their sum.
    """

    nodes: tuple[UnitNode, ...]
    tops: tuple[UnitNode, ...]
    apart: tuple[UnitNode, ...] = ()

    @cached_property
    def by_pk(self) -> dict[int, UnitNode]:
        """The units by their primary key."""
        return {node.pk: node for node in self.nodes}

    @cached_property
    def by_path(self) -> dict[str, UnitNode]:
        """The units by their path in the tree."""
        return {node.path: node for node in self.nodes}

    def get(self, pk: int) -> UnitNode:
        """The unit, if it lies in the scope. Raises `Http404` otherwise."""
        if pk not in self.by_pk:
            raise Http404
        return self.by_pk[pk]

    def children(self, parent: UnitNode | None) -> tuple[UnitNode, ...]:
        """The units right below `parent`; of None, the topmost ones."""
        if parent is None:
            return self.tops
        return tuple(
            n for n in self.nodes if n.depth == parent.depth + 1 and n.path.startswith(parent.path)
        )

    def chain(self, node: UnitNode) -> tuple[UnitNode, ...]:
        """From the topmost unit in the scope down to `node`."""
        ends = range(Unit.steplen, len(node.path) + 1, Unit.steplen)
        return tuple(self.by_path[node.path[:e]] for e in ends if node.path[:e] in self.by_path)

    def full_name(self, pk: int) -> str:
        """The unit with those above it, from the smallest up, without the top of a wider scope."""
        chain = self.chain(self.by_pk[pk])
        shown = chain[1:] if len(chain) > 1 else chain
        return ", ".join(node.name for node in reversed(shown))

    def query(self, node: UnitNode | None, *, direct: bool = False) -> UnitQuerySet:
        """The units at and below `node` (None: the whole scope); `direct`: `node` alone."""
        tops = [node] if node else self.tops
        if direct:
            return Unit.objects.filter(pk__in=[top.pk for top in tops])
        return Unit.objects.all().within(*(Unit(path=top.path) for top in tops))


def get_scope(user: Any, *, today: Any) -> Scope:
    """What `user` may see, in two queries. Raises `Http404` for who is responsible for nothing."""
    tops = responsible_units(user)
    if not tops:
        raise Http404
    nodes = tuple(
        UnitNode(
            pk=unit.pk,
            path=unit.path,
            depth=unit.depth,
            name=unit.name,
            label=unit.label,
            ended=unit.valid_to is not None and unit.valid_to < today,
        )
        for unit in Unit.objects.all().within(*tops)
    )
    found = {unit.pk: unit.kind == UnitKind.PUBLIC for unit in tops}
    apart = {pk for pk, public in found.items() if public and not all(found.values())}
    return Scope(
        nodes=nodes,
        tops=tuple(node for node in nodes if node.pk in found.keys() - apart),
        apart=tuple(node for node in nodes if node.pk in apart),
    )
