"""Refusals: why a plan cannot be, said where it belongs (a form's field or the whole)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import validate_slug
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.organisations.changing.effects import children, open_below, units_of, working_in
from learning.organisations.changing.plans import GOES_ON, Kind, Plan, Target
from learning.organisations.models import ChangePart, Membership, Unit, UnitChange, UnitKind
from learning.vietnamese import nfc

WHOLE = NON_FIELD_ERRORS
MERGED_AT_LEAST = 2


def check(plan: Plan, *, now: bool = True, waiting: UnitChange | None = None) -> None:
    """Raise `ValidationError`, by field, for a plan that cannot be.

    `now`: the plan is to take effect at once; one that waits may still have people to be placed
    elsewhere before its day. `waiting`: the change that the plan is of, whose codes are its own.
    """
    found: dict[str, list[Any]] = {}

    def refuse(field: str, text: str) -> None:
        found.setdefault(field, []).append(text)

    if not plan.decision.strip() and not plan.reason.strip():
        refuse("decision", _("Give the decision's number, or the reason."))
    units = units_of(plan)
    if plan.kind != Kind.OPEN and (not units or len(units) != len(set(plan.units))):
        refuse("units", _("Choose the units that change."))
    elif len(plan.units) != len(set(plan.units)):
        refuse("units", _("A unit is named twice."))
    for unit in units:
        _exists(plan, unit, refuse)
    if not found:
        _order(plan, refuse)
        _targets(plan, units, waiting, refuse)
        {
            Kind.OPEN: _open,
            Kind.RENAME: _rename,
            Kind.MOVE: _move,
            Kind.MERGE: _merge,
            Kind.SPLIT: _split,
            Kind.CLOSE: _close if now else _later,
        }[Kind(plan.kind)](plan, units, refuse)
    if found:
        raise ValidationError(found)


def told(error: ValidationError) -> str:
    """All that an error says, in one line."""
    return " ".join(error.messages)


def _day(day: Any) -> str:
    return date_format(day, "d/m/Y")


def _exists(plan: Plan, unit: Unit, refuse: Any) -> None:
    ends = plan.closes_source
    if unit.valid_to is not None and unit.valid_to < plan.day:
        refuse(
            "day",
            _("«%(unit)s» was closed already: its last day was %(day)s.")
            % {"unit": unit.name, "day": _day(unit.valid_to)},
        )
    elif plan.day < unit.valid_from or (ends and plan.day == unit.valid_from):
        text = (
            _("«%(unit)s» cannot close before it opens: it opens on %(day)s.")
            if ends
            else _("«%(unit)s» opens only on %(day)s.")
        )
        refuse("day", text % {"unit": unit.name, "day": _day(unit.valid_from)})


def _order(plan: Plan, refuse: Any) -> None:
    """What happened to a unit later rests on what it was before."""
    concerned = {*plan.units, *(target.unit for target in plan.targets if target.unit)}
    concerned |= {pk for share in plan.shares for pk in share.units}
    later = (
        ChangePart.objects.filter(
            unit__in=concerned, change__applied_at__isnull=False, change__day__gt=plan.day
        )
        .exclude(change__kind=Kind.OPEN)
        .select_related("change", "unit")
        .order_by("-change__day")
        .first()
    )
    if later is not None:
        refuse(
            "day",
            _("«%(unit)s» has a change of %(day)s: a new one cannot be dated before it.")
            % {"unit": later.unit.name, "day": _day(later.change.day)},
        )


def _targets(plan: Plan, units: list[Unit], waiting: UnitChange | None, refuse: Any) -> None:
    for target in plan.targets:
        if target.is_new:
            _new(plan, units, target, refuse)
            _promised(target.code, waiting, refuse)
    codes = Counter(target.code for target in plan.targets if target.is_new)
    for code, count in codes.items():
        if count > 1:
            refuse("code", _("The code «%(code)s» is given twice.") % {"code": code})
    existing = Unit.objects.in_bulk([target.unit for target in plan.targets if target.unit])
    for target in plan.targets:
        if target.unit is not None:
            unit = existing.get(target.unit)
            if unit is None:
                refuse("into", _("Choose the unit that takes over."))
            else:
                _takes_over(plan, units, unit, refuse)


def _new(plan: Plan, units: list[Unit], target: Target, refuse: Any) -> None:
    if not nfc(target.name):
        refuse("name", _("Give the new unit's name."))
    if target.kind not in UnitKind.values:
        refuse("unit_kind", _("Choose the new unit's kind."))
    try:
        validate_slug(target.code)
    except ValidationError:
        refuse("code", _("A code has letters without marks, digits, hyphens and underscores."))
    else:
        _code(target.code, refuse)
    if target.parent is not None:
        above = _above(plan, target.parent, refuse)
        if above and plan.closes_source and _within_any(above, units):
            refuse(
                "parent",
                _("«%(unit)s» closes on that day: the new unit cannot belong to it.")
                % {"unit": above.name},
            )


def _code(code: str, refuse: Any) -> None:
    taken = Unit.objects.filter(code=code).first()
    if taken is not None:
        refuse(
            "code",
            _("The code «%(code)s» is «%(unit)s»'s already.") % {"code": code, "unit": taken.name},
        )


def _promised(code: str, waiting: UnitChange | None, refuse: Any) -> None:
    others = UnitChange.objects.waiting()
    for change in others.exclude(pk=waiting.pk) if waiting else others:
        told = change.plan
        targets = [told.get("into"), *(share["target"] for share in told.get("shares", ()))]
        if any(target and target["code"] == code for target in targets):
            refuse(
                "code",
                _("The code «%(code)s» is promised to a change that waits for %(day)s.")
                % {"code": code, "day": _day(change.day)},
            )


def _above(plan: Plan, pk: int, refuse: Any) -> Unit | None:
    """The unit to hang below, if it exists on the day."""
    above = Unit.objects.filter(pk=pk).first()
    if above is None:
        refuse("parent", _("Choose the unit above."))
    elif not _is_open(above, plan):
        refuse(
            "parent",
            _("«%(unit)s» does not exist on %(day)s.")
            % {"unit": above.name, "day": _day(plan.day)},
        )
    return above


def _is_open(unit: Unit, plan: Plan) -> bool:
    return unit.valid_from <= plan.day and (unit.valid_to is None or unit.valid_to >= plan.day)


def _within_any(unit: Unit, units: list[Unit]) -> bool:
    return any(unit.path.startswith(one.path) for one in units)


def _takes_over(plan: Plan, units: list[Unit], unit: Unit, refuse: Any) -> None:
    if not _is_open(unit, plan):
        refuse(
            "into",
            _("«%(unit)s» does not exist on %(day)s.") % {"unit": unit.name, "day": _day(plan.day)},
        )
    for source in units:
        if unit.pk == source.pk:
            refuse(
                "into",
                _("«%(unit)s» cannot take over from itself. Choose another unit.")
                % {"unit": unit.name},
            )
        elif unit.path.startswith(source.path):
            refuse(
                "into",
                _("«%(below)s» lies below «%(unit)s»: a unit cannot become part of its own part.")
                % {"below": unit.name, "unit": source.name},
            )


def _open(plan: Plan, units: list[Unit], refuse: Any) -> None:
    if plan.into is None or not plan.into.is_new:
        refuse("name", _("Give the new unit's name."))


def _rename(plan: Plan, units: list[Unit], refuse: Any) -> None:
    name, short, kind = nfc(plan.name), nfc(plan.short_name), plan.unit_kind
    if not name:
        refuse("name", _("Give the new name."))
    if kind not in UnitKind.values:
        refuse("unit_kind", _("Choose the kind."))
    if len(units) == 1 and (name, short, kind) == (
        units[0].name,
        units[0].short_name,
        units[0].kind,
    ):
        refuse("name", _("That is its name already: nothing would change."))


def _move(plan: Plan, units: list[Unit], refuse: Any) -> None:
    above = _above(plan, plan.parent, refuse) if plan.parent is not None else None
    for unit in units:
        present = unit.get_parent()
        if (present.pk if present else None) == plan.parent:
            refuse("parent", _("«%(unit)s» belongs there already.") % {"unit": unit.name})
        if above is not None and above.path.startswith(unit.path):
            refuse(
                "parent",
                _("«%(above)s» is «%(unit)s» itself or lies below it: the tree would be a circle.")
                % {"above": above.name, "unit": unit.name},
            )


def _merge(plan: Plan, units: list[Unit], refuse: Any) -> None:
    if plan.into is None:
        refuse("into", _("Choose the unit that takes over."))
        return
    if plan.into.is_new and len(units) < MERGED_AT_LEAST:
        refuse("units", _("One unit alone gets a new name by renaming it. Choose two or more."))
    for unit in units:
        if any(unit.pk != one.pk and unit.path.startswith(one.path) for one in units):
            refuse("units", _("«%(unit)s» lies below another of them.") % {"unit": unit.name})


def _split(plan: Plan, units: list[Unit], refuse: Any) -> None:
    if len(units) != 1:
        refuse("units", _("Choose the one unit that is split."))
        return
    goes_on = plan.remainder == GOES_ON
    if len(plan.shares) < (1 if goes_on else MERGED_AT_LEAST):
        refuse("shares", _("Name the units that come out of it: two, or one where it goes on."))
    if not goes_on and not 0 <= plan.remainder < len(plan.shares):
        refuse("remainder", _("Choose who gets the remainder."))
    existing = Counter(target.unit for target in plan.targets if target.unit)
    if any(count > 1 for count in existing.values()):
        refuse("shares", _("A unit is named twice."))
    below = {one.pk: one for one in children(units[0], plan.day)}
    named = Counter(pk for share in plan.shares for pk in share.units)
    if set(named) - set(below):
        refuse("shares", _("Only units right below «%(unit)s» can go.") % {"unit": units[0].name})
    elif any(count > 1 for count in named.values()):
        refuse("shares", _("A sub-unit can go to one unit only."))
    _listed(plan, units[0], refuse)


def _listed(plan: Plan, unit: Unit, refuse: Any) -> None:
    people = Counter(pk for share in plan.shares for pk in share.people)
    if any(count > 1 for count in people.values()):
        refuse("shares", _("A person can go to one unit only."))
    inside = working_in([unit, *open_below(unit, plan.day)], plan.day)
    strangers = set(people) - set(inside.values_list("user_id", flat=True))
    if strangers:
        refuse(
            "shares",
            ngettext(
                "%(count)s person on the list does not work in «%(unit)s».",
                "%(count)s people on the lists do not work in «%(unit)s».",
                len(strangers),
            )
            % {"count": len(strangers), "unit": unit.name},
        )


def _close(plan: Plan, units: list[Unit], refuse: Any) -> None:
    below = [one for unit in units for one in (unit, *open_below(unit, plan.day))]
    left = Membership.objects.filter(pk__in=working_in(below, plan.day).values("pk")).count()
    if left:
        refuse(
            WHOLE,
            ngettext(
                "%(count)s person still works there. Place her elsewhere, or merge the unit.",
                "%(count)s people still work there. Place them elsewhere, or merge the unit.",
                left,
            )
            % {"count": left},
        )


def _later(plan: Plan, units: list[Unit], refuse: Any) -> None:
    """Nothing yet: people have until the day to be placed elsewhere."""
