"""Writing what a plan says. Called inside a transaction, on a plan that was checked in it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from learning.audit.actions import record
from learning.organisations.changing.effects import Effects
from learning.organisations.changing.plans import Kind, Plan, Target
from learning.organisations.models import (
    ChangePart,
    EarlierState,
    Membership,
    Responsibility,
    Succession,
    Unit,
    UnitChange,
)
from learning.organisations.signals import members_moved, units_changed

Side = ChangePart.Side
BATCH = 2000  # below the number of parameters a statement may have on SQLite


def hold(plan: Plan) -> None:
    """Changes of units take turns, and nobody is placed in or taken out of the units meanwhile."""
    if not connection.features.has_select_for_update:
        return  # SQLite: the transaction holds the whole file
    list(Unit.objects.filter(depth=1).order_by("pk").select_for_update().values_list("pk"))
    concerned = Unit.objects.all().within(*Unit.objects.filter(pk__in=plan.units))
    list(concerned.order_by("pk").select_for_update().values_list("pk"))
    users = get_user_model()._default_manager.filter(
        pk__in=Membership.objects.open().for_units(concerned).values("user")
    )
    list(users.order_by("pk").select_for_update().values_list("pk"))


def carry_out(*, change: UnitChange, plan: Plan, effects: Effects) -> None:
    """Make it true: units, people, roles, successors; tell the floors above and the log."""
    day = plan.day
    units = {target: _unit(target, day) for target in plan.targets}
    for unit in effects.renamed:
        remember(unit, day)
        unit.name, unit.short_name, unit.kind = plan.name, plan.short_name, plan.unit_kind
        unit.save()
    for unit, target in effects.hung:
        remember(unit, day)
        above = units.get(target) if target in units else _existing(target)
        hang(unit.pk, above.pk if above else None)
    # A unit that closes keeps its place in the tree: its path is the audit log's and its past's.
    last = day - datetime.timedelta(days=1)
    Unit.objects.filter(pk__in=[unit.pk for unit in effects.closed]).update(valid_to=last)
    moves = _people(effects, units, day)
    _roles(effects, units, day)
    successors = _successions(effects, units, day)
    _parts(change, plan, effects, units)
    change.applied_at, change.counts, change.problem = timezone.now(), effects.counts, ""
    change.save(update_fields=["applied_at", "counts", "problem"])
    _log(change, plan, units)
    units_changed.send(sender=UnitChange, change=change, successors=successors)
    if moves:
        members_moved.send(sender=Membership, moves=moves)


def _unit(target: Target, day: datetime.date) -> Unit:
    if target.unit is not None:
        return Unit.objects.get(pk=target.unit)
    new = Unit(
        code=target.code,
        name=target.name,
        short_name=target.short_name,
        kind=target.kind,
        valid_from=day,
    )
    if target.parent is None:
        return Unit.add_root(instance=new)
    return Unit.objects.get(pk=target.parent).add_child(instance=new)


def _existing(target: Target | None) -> Unit | None:
    return Unit.objects.get(pk=target.unit) if target and target.unit else None


def remember(unit: Unit, day: datetime.date) -> None:
    """Keep what the unit is until before this day. Told twice for a day, the first is kept."""
    before = EarlierState.objects.filter(unit=unit).order_by("-until").first()
    since = before.until if before else unit.valid_from
    if since >= day:
        return
    parent = Unit.objects.get(pk=unit.pk).get_parent()
    EarlierState.objects.create(
        unit=unit,
        since=since,
        until=day,
        name=unit.name,
        short_name=unit.short_name,
        kind=unit.kind,
        parent=parent,
    )


def hang(unit_pk: int, above_pk: int | None) -> None:
    """Move the unit with all below it under another (None: to the top). Reads both afresh."""
    unit = Unit.objects.get(pk=unit_pk)
    present = unit.get_parent()
    if (present.pk if present else None) == above_pk:
        return
    if above_pk is None:
        unit.move(Unit.get_last_root_node(), pos="last-sibling")
    else:
        unit.move(Unit.objects.get(pk=above_pk), pos="last-child")


def _people(
    effects: Effects, units: dict[Target, Unit], day: datetime.date
) -> list[tuple[int, int | None]]:
    """Cut the memberships at the day; what lies after it continues in the other unit."""
    rows = [(row, units[target]) for row, target in effects.people]
    for start in range(0, len(rows), BATCH):
        part = [row.pk for row, _unit in rows[start : start + BATCH]]
        chosen = Membership.objects.filter(pk__in=part)
        # Whoever came after a day that is past was never in the unit: her row there is empty.
        chosen.filter(started_on__gt=day).update(ended_on=F("started_on"))
        chosen.filter(started_on__lte=day).update(ended_on=day)
    Membership.objects.bulk_create(
        [
            Membership(
                user_id=row.user_id,
                unit=unit,
                position=row.position,
                started_on=max(day, row.started_on),
                ended_on=row.ended_on,
            )
            for row, unit in rows
        ],
        batch_size=BATCH,
    )
    return [(row.user_id, unit.pk) for row, unit in rows if row.ended_on is None]


def _roles(effects: Effects, units: dict[Target, Unit], day: datetime.date) -> None:
    """Roles in closed units end the day before; carried on, they begin in the successor."""
    ending = Responsibility.objects.filter(pk__in=[role.pk for role, _target in effects.roles])
    last = day - datetime.timedelta(days=1)
    for role, target in effects.roles:
        if target is not None:
            _carry(role, units[target], day)
    ending.filter(starts_on__gt=last).delete()
    ending.update(ends_on=last)


def _carry(role: Responsibility, unit: Unit, day: datetime.date) -> None:
    starts_on = max(day, role.starts_on) if role.starts_on else day
    held, created = Responsibility.objects.get_or_create(
        user_id=role.user_id,
        unit=unit,
        role=role.role,
        defaults={
            "starts_on": starts_on,
            "ends_on": role.ends_on,
            "deputy_for_id": role.deputy_for_id,
        },
    )
    if created:
        return
    # She has it already for some days: now from the first of both to the last of both.
    ends_on = max(held.ends_on, role.ends_on) if held.ends_on and role.ends_on else None
    held.starts_on = min(held.starts_on, starts_on) if held.starts_on else None
    held.ends_on = ends_on
    held.save(update_fields=["starts_on", "ends_on"])


def _successions(
    effects: Effects, units: dict[Target, Unit], day: datetime.date
) -> dict[int, list[int]]:
    successors: dict[int, list[int]] = defaultdict(list)
    for old, target in effects.successions:
        successors[old.pk].append(units[target].pk)
    Succession.objects.bulk_create(
        [
            Succession(predecessor_id=old, successor_id=new, day=day)
            for old, news in successors.items()
            for new in news
        ],
        ignore_conflicts=True,
    )
    return dict(successors)


def note_parts(change: UnitChange, plan: Plan) -> None:
    """The units a waiting change is about, so that their pages can tell of it."""
    pairs = [(pk, Side.FROM) for pk in plan.units]
    pairs += [(target.unit, Side.INTO) for target in plan.targets if target.unit]
    _write_parts(change, pairs)


def _parts(change: UnitChange, plan: Plan, effects: Effects, units: dict[Target, Unit]) -> None:
    pairs = [(pk, Side.FROM) for pk in plan.units]
    pairs += [(unit.pk, Side.INTO) for unit in units.values()]
    followed = {unit.pk for unit, _target in effects.hung} | {unit.pk for unit in effects.closed}
    pairs += [(pk, Side.BELOW) for pk in sorted(followed - set(plan.units))]
    _write_parts(change, pairs)


def _write_parts(change: UnitChange, pairs: list[tuple[int, Side]]) -> None:
    ChangePart.objects.bulk_create(
        [ChangePart(change=change, unit_id=pk, side=side) for pk, side in pairs],
        ignore_conflicts=True,
    )


def _log(change: UnitChange, plan: Plan, units: dict[Target, Unit]) -> None:
    before = list(Unit.objects.filter(pk__in=plan.units))
    about = before[0] if before else next(iter(units.values()))
    details: dict[str, Any] = {
        "change": change.pk,
        "day": plan.day,
        "decision": plan.decision,
        "reason": plan.reason,
        "units": [unit.name for unit in before],
        "into": [unit.name for unit in units.values()],
        "counts": change.counts,
    }
    if plan.kind == Kind.RENAME:
        details["into"] = [plan.name]
    if plan.kind == Kind.MOVE:
        details["into"] = list(
            Unit.objects.filter(Q(pk=plan.parent)).values_list("name", flat=True)
        )
    record(act=f"unit-{plan.kind}", by=change.made_by, about=about, unit=about, **details)
