"""Plans and decisions for the tests of changing units."""

import datetime
from typing import Any

from learning.organisations.changing.actions import decide_change
from learning.organisations.changing.checking import check
from learning.organisations.changing.plans import Plan, Target
from learning.organisations.changing.preview import make_preview
from learning.organisations.models import Unit, UnitChange, UnitKind

DAY = datetime.date(2026, 3, 2)
DECISION = "Quyết định số 00/QĐ-VIDU"


def plan(kind: str, *units: Unit, day: datetime.date = DAY, **fields: Any) -> Plan:
    """A plan with a decision."""
    fields.setdefault("decision", DECISION)
    return Plan(kind=kind, day=day, units=tuple(unit.pk for unit in units), **fields)


def new(code: str, name: str, parent: Unit | None = None, kind: str = UnitKind.WARD) -> Target:
    """A unit to be opened."""
    return Target(code=code, name=name, kind=kind, parent=parent.pk if parent else None)


def done(asked: Plan, by: Any = None) -> UnitChange:
    """The plan, seen and decided."""
    check(asked)
    return decide_change(plan=asked, seen=make_preview(asked).seen, by=by)
