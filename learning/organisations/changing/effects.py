"""What a plan would do, as lists of rows: the preview counts them, applying writes them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from learning.organisations.changing.plans import GOES_ON, Kind, Plan, Target
from learning.organisations.models import Membership, Responsibility, Unit


@dataclass
class Effects:
    """Rows a plan touches. `people` are all memberships to be cut at the day, past ones too."""

    opened: list[Target] = field(default_factory=list)
    closed: list[Unit] = field(default_factory=list)
    renamed: list[Unit] = field(default_factory=list)
    hung: list[tuple[Unit, Target | None]] = field(default_factory=list)
    people: list[tuple[Membership, Target]] = field(default_factory=list)
    roles: list[tuple[Responsibility, Target | None]] = field(default_factory=list)
    successions: list[tuple[Unit, Target]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each; `people` are persons who work somewhere else from the day on."""
        return {
            "people": sum(row.ended_on is None for row, _target in self.people),
            "opened": len(self.opened),
            "closed": len(self.closed),
            "renamed": len(self.renamed),
            "moved": len(self.hung),
            "roles": len(self.roles),
        }


def units_of(plan: Plan) -> list[Unit]:
    """The units the plan changes, in the order of the tree."""
    return list(Unit.objects.filter(pk__in=plan.units))


def open_below(unit: Unit, day: datetime.date) -> list[Unit]:
    """The units below, without `unit`, that exist on the day."""
    return list(Unit.objects.all().within(unit).current(on=day).exclude(pk=unit.pk))


def children(unit: Unit, day: datetime.date) -> list[Unit]:
    """The units right below that exist on the day."""
    return [one for one in open_below(unit, day) if one.depth == unit.depth + 1]


def working_in(units: list[Unit], day: datetime.date) -> QuerySet[Membership]:
    """Memberships right in these units that reach beyond the day."""
    return (
        Membership.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), unit__in=units)
        .select_related("unit")
        .order_by("pk")
    )


def compute(plan: Plan) -> Effects:
    """What a checked plan would do; the number of queries grows with its units, not with people."""
    effects = Effects(opened=[target for target in plan.targets if target.is_new])
    units = units_of(plan)
    if plan.kind == Kind.RENAME:
        effects.renamed = units
    elif plan.kind == Kind.MOVE:
        above = Target(unit=plan.parent) if plan.parent else None
        effects.hung = [(unit, above) for unit in units]
    elif plan.kind == Kind.CLOSE:
        effects.closed = [one for unit in units for one in (unit, *open_below(unit, plan.day))]
    elif plan.kind == Kind.MERGE:
        for unit in units:
            _merge(plan, unit, effects)
    elif plan.kind == Kind.SPLIT:
        for unit in units:
            _split(plan, unit, effects)
    _roles(plan, effects)
    return effects


def _merge(plan: Plan, unit: Unit, effects: Effects) -> None:
    assert plan.into is not None
    into = plan.into
    gone = [unit]
    if plan.dissolve:
        gone += [one for one in open_below(unit, plan.day) if one.pk != into.unit]
    else:
        effects.hung += [(one, into) for one in children(unit, plan.day)]
    effects.closed += gone
    effects.successions += [(one, into) for one in gone]
    effects.people += [(row, into) for row in working_in(gone, plan.day)]


def _split(plan: Plan, unit: Unit, effects: Effects) -> None:
    goes_with = {pk: share.target for share in plan.shares for pk in share.units}
    listed = {pk: share.target for share in plan.shares for pk in share.people}
    rest = None if plan.remainder == GOES_ON else plan.shares[plan.remainder].target
    below = open_below(unit, plan.day)
    for one in below:
        if one.depth == unit.depth + 1:
            target = goes_with.get(one.pk, rest)
            if target is not None:
                effects.hung.append((one, target))
    for row in working_in([unit, *below], plan.day):
        target = listed.get(row.user_id) or (rest if row.unit_id == unit.pk else None)
        if target is not None:
            effects.people.append((row, target))
    if rest is not None:
        effects.closed.append(unit)
        effects.successions += [(unit, share.target) for share in plan.shares]


def _roles(plan: Plan, effects: Effects) -> None:
    """Roles in units that close end with them, and pass to the successor where the plan says."""
    if not effects.closed:
        return
    rest: dict[int, Target] = {}
    if plan.carry_roles:
        if plan.kind == Kind.MERGE and plan.into:
            rest = {unit.pk: plan.into for unit in units_of(plan)}
        elif plan.kind == Kind.SPLIT and plan.remainder != GOES_ON:
            rest = dict.fromkeys(plan.units, plan.shares[plan.remainder].target)
    held = Responsibility.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=plan.day), unit__in=effects.closed
    )
    effects.roles = [
        (role, rest.get(role.unit_id))
        for role in held.select_related("user", "unit").order_by("unit__path", "pk")
    ]
