"""Units and who works where (`units`), and what became of units from day to day (`changes`)."""

from learning.organisations.models.changes import (
    ChangePart,
    EarlierState,
    Succession,
    UnitChange,
)
from learning.organisations.models.units import (
    Membership,
    MembershipQuerySet,
    Responsibility,
    ResponsibilityQuerySet,
    Unit,
    UnitKind,
    UnitManager,
    UnitQuerySet,
)

__all__ = [
    "ChangePart",
    "EarlierState",
    "Membership",
    "MembershipQuerySet",
    "Responsibility",
    "ResponsibilityQuerySet",
    "Succession",
    "Unit",
    "UnitChange",
    "UnitKind",
    "UnitManager",
    "UnitQuerySet",
]
