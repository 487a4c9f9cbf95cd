"""What is asked: a plan says it wholly, as plain values that can wait in the database."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from learning.organisations.models import UnitChange

Kind = UnitChange.Kind
GOES_ON = -1  # the remainder of a split: the unit itself goes on


@dataclass(frozen=True)
class Target:
    """A unit that takes in: one that exists (`unit`), or one to be opened with these fields."""

    unit: int | None = None
    code: str = ""
    name: str = ""
    short_name: str = ""
    kind: str = ""
    parent: int | None = None

    @property
    def is_new(self) -> bool:
        """To be opened by the change?"""
        return self.unit is None


@dataclass(frozen=True)
class Share:
    """What a target of a split gets: whole sub-units, and people by their user's key."""

    target: Target
    units: tuple[int, ...] = ()
    people: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A change of units, before it is checked.

    `units` are those changed. Rename: `name`, `short_name`, `unit_kind`. Move: `parent` (None: to
    the top). Open and merge: `into`; merge with `dissolve` closes the sub-units too, without it
    they hang below `into` afterwards. Split: `shares`, and `remainder` is the share that gets all
    that no share names, or `GOES_ON`. `carry_roles`: who was responsible for a closed unit is so
    for its successor.
    """

    kind: str
    day: datetime.date
    units: tuple[int, ...] = ()
    decision: str = ""
    reason: str = ""
    name: str = ""
    short_name: str = ""
    unit_kind: str = ""
    parent: int | None = None
    into: Target | None = None
    dissolve: bool = False
    shares: tuple[Share, ...] = ()
    remainder: int = GOES_ON
    carry_roles: bool = False

    @property
    def targets(self) -> tuple[Target, ...]:
        """Units that take in, existing or new."""
        return (self.into,) if self.into else tuple(share.target for share in self.shares)

    @property
    def closes_source(self) -> bool:
        """Do the changed units end with it?"""
        if self.kind == Kind.SPLIT:
            return self.remainder != GOES_ON
        return self.kind in (Kind.MERGE, Kind.CLOSE)

    @property
    def digest(self) -> str:
        """The same for the same plan."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """As the database keeps it."""
        return {**asdict(self), "kind": str(self.kind), "day": self.day.isoformat()}


def plan_from_json(told: dict[str, Any]) -> Plan:
    """What `Plan.as_json` made."""
    known = {field.name for field in fields(Plan)}
    kept = {name: value for name, value in told.items() if name in known}
    kept["day"] = datetime.date.fromisoformat(kept["day"])
    kept["units"] = tuple(kept["units"])
    kept["into"] = Target(**kept["into"]) if kept["into"] else None
    kept["shares"] = tuple(
        Share(Target(**share["target"]), tuple(share["units"]), tuple(share["people"]))
        for share in kept["shares"]
    )
    return Plan(**kept)
