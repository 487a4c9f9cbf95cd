"""The tree of units one HR officer sees, read once for a request."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404

from learning.organisations.access import responsible_units
from learning.organisations.models import Unit, UnitKind, UnitQuerySet
from learning.organisations.queries import UnitOn, predecessors_of, tree_on


@dataclass(frozen=True)
class UnitNode:
    """A unit as the statistics need it."""

    pk: int
    path: str
    depth: int
    name: str
    label: str
    ended: bool
    kind: str = ""


@dataclass(frozen=True)
class Scope:
    """Units in the order of the tree, and the topmost of them.

    The citizens' branch is topmost only for who sees nothing else; beside agencies it stands apart:
    it can be chosen for itself, and never adds to their sum.
    """

    nodes: tuple[UnitNode, ...]
    tops: tuple[UnitNode, ...]
    # Of a past day: the paths are those of that day's tree, and stand in no table.
    is_past: bool = False
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

    def lines(self, parent: UnitNode | None) -> dict[int, int]:
        """In which line of a table of `children` each unit counts: that of the child it lies in.

        `parent` itself has a line of its own; units elsewhere have none.
        """
        shown = {child.path: child.pk for child in self.children(parent)}
        ends = sorted({len(path) for path in shown})
        found = {
            node.pk: shown[node.path[:end]]
            for node in self.nodes
            for end in ends
            if node.path[:end] in shown
        }
        return found if parent is None else {parent.pk: parent.pk, **found}

    def chain(self, node: UnitNode) -> tuple[UnitNode, ...]:
        """From the topmost unit in the scope down to `node`."""
        ends = range(Unit.steplen, len(node.path) + 1, Unit.steplen)
        return tuple(self.by_path[node.path[:e]] for e in ends if node.path[:e] in self.by_path)

    def full_name(self, pk: int) -> str:
        """The unit with those above it, from the smallest up, without the top of a wider scope."""
        if pk not in self._full_names:
            self._full_names[pk] = self._full_name(pk)
        return self._full_names[pk]

    @cached_property
    def _full_names(self) -> dict[int, str]:
        """A list of people asks for the same few thousands over and over."""
        return {}

    def _full_name(self, pk: int) -> str:
        chain = self.chain(self.by_pk[pk])
        shown = chain[1:] if len(chain) > 1 else chain
        return ", ".join(node.name for node in reversed(shown))

    def query(self, node: UnitNode | None, *, direct: bool = False) -> UnitQuerySet:
        """The units at and below `node` (None: the whole scope); `direct`: `node` alone."""
        tops = [node] if node else self.tops
        if self.is_past and not direct:
            paths = tuple(top.path for top in tops)
            inside = [one.pk for one in self.nodes if one.path.startswith(paths)]
            return Unit.objects.filter(pk__in=inside)
        if direct:
            return Unit.objects.filter(pk__in=[top.pk for top in tops])
        return Unit.objects.all().within(*(Unit(path=top.path) for top in tops))


def get_scope_on(user: Any, *, day: datetime.date) -> Scope:
    """What `user` may see, as the tree was on a past day; the same few queries whatever its size.

    She answers today for her units, and so also for those whose place they have taken. Raises
    `Http404` for who is responsible for nothing.
    """
    tops = responsible_units(user)
    if not tops:
        raise Http404
    tree = tree_on(day)
    below: dict[int | None, list[UnitOn]] = defaultdict(list)
    for unit in tree.values():
        below[unit.parent if unit.parent in tree else None].append(unit)
    mine = set(Unit.objects.all().within(*tops).order_by().values_list("pk", flat=True))
    wanted = (mine | predecessors_of(mine)) & tree.keys()
    nodes: list[UnitNode] = []
    heads: list[UnitNode] = []

    def walk(unit: UnitOn, above: str, place: int, inside: bool) -> None:
        counts = inside or unit.pk in wanted
        path = f"{above}{place:0{Unit.steplen}d}"
        if counts:
            depth = len(path) // Unit.steplen
            node = UnitNode(
                unit.pk, path, depth, unit.name, unit.label, ended=False, kind=unit.kind
            )
            nodes.append(node)
            if not inside:
                heads.append(node)
        for number, one in enumerate(below[unit.pk], start=1):
            walk(one, path, number, counts)

    for number, unit in enumerate(below[None], start=1):
        walk(unit, "", number, False)
    public = {head.pk for head in heads if tree[head.pk].kind == UnitKind.PUBLIC}
    apart = public if len(public) < len(heads) else set()
    return Scope(
        nodes=tuple(nodes),
        tops=tuple(head for head in heads if head.pk not in apart),
        apart=tuple(head for head in heads if head.pk in apart),
        is_past=True,
    )


def get_scope(user: Any, *, today: Any) -> Scope:
    """What `user` may see, in two queries. Raises `Http404` for who is responsible for nothing."""
    tops = responsible_units(user)
    if not tops:
        raise Http404
    inside = Unit.objects.all().within(*tops)
    nodes = tuple(
        UnitNode(pk, path, depth, name, short or name, bool(end and end < today), kind)
        for pk, path, depth, name, short, end, kind in inside.values_list(
            "pk", "path", "depth", "name", "short_name", "valid_to", "kind"
        )
    )
    found = {unit.pk: unit.kind == UnitKind.PUBLIC for unit in tops}
    apart = {pk for pk, public in found.items() if public and not all(found.values())}
    return Scope(
        nodes=nodes,
        tops=tuple(node for node in nodes if node.pk in found.keys() - apart),
        apart=tuple(node for node in nodes if node.pk in apart),
    )
