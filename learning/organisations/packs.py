"""Units from a file: the city as it is, with what it was and who took over.

    defaults: {parent: haiphong, from: 2025-07-01}
    units:
    - {code: p-an-bien, name: Phường An Biên, kind: ward}
    - {code: q-le-chan, name: Quận Lê Chân, kind: district, to: 2025-06-30, successors: [p-an-bien]}

Optional: `short_name`, `parent` (a code; null: at the top), `from`, `to` (last day), `successors`,
`earlier` (`until` a day: `name`, `kind`, `short_name`). `source` and `gso` are for the reader.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.core.validators import slug_re
from django.db import transaction
from django.utils.translation import gettext as _

from learning.organisations.models import EarlierState, Succession, Unit, UnitKind
from learning.vietnamese import search_key

_KNOWN = {
    "code", "name", "short_name", "kind", "parent", "from", "to",
    "successors", "earlier", "source", "gso",
}  # fmt: skip


class UnitPackError(Exception):
    """The file cannot be loaded; `problems` says why, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class PackedUnit:
    """One entry, complete."""

    code: str
    name: str
    short_name: str
    kind: str
    parent: str | None
    valid_from: datetime.date
    valid_to: datetime.date | None
    successors: tuple[str, ...]
    earlier: tuple[dict[str, Any], ...]


@dataclass
class Loaded:
    """What loading did: codes made, codes that were there; of these, those that say otherwise."""

    created: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)


def read_units(path: Path) -> list[PackedUnit]:
    """The file's units, parents before their children. Raises `UnitPackError` with all problems."""
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UnitPackError([_("The file cannot be read: %(why)s") % {"why": error}]) from error
    if not isinstance(told, dict) or not isinstance(told.get("units"), list):
        raise UnitPackError([_("The file has no list «units».")])
    defaults = told.get("defaults") or {}
    problems: list[str] = []
    units = [
        unit
        for number, entry in enumerate(told["units"], start=1)
        if (unit := _read(number, entry, defaults, problems)) is not None
    ]
    problems += _relations(units)
    if problems:
        raise UnitPackError(problems)
    return list(_parents_first(units))


def _read(
    number: int, entry: Any, defaults: dict[str, Any], problems: list[str]
) -> PackedUnit | None:
    if not isinstance(entry, dict):
        problems.append(_("Entry %(number)s is no unit.") % {"number": number})
        return None
    told = {**defaults, **entry}
    code = str(told.get("code", ""))
    found = [_("unknown: %(key)s") % {"key": key} for key in sorted(set(told) - _KNOWN)]
    if not slug_re.match(code):
        found.append(_("a code has letters without marks, digits and hyphens"))
    if not str(told.get("name") or "").strip():
        found.append(_("no name"))
    if told.get("kind") not in UnitKind.values:
        found.append(_("unknown kind: %(kind)s") % {"kind": told.get("kind")})
    earlier = told.get("earlier") or []
    days = [told.get("from"), *(state.get("until") for state in earlier)]
    if told.get("to") is not None:
        days.append(told["to"])
    if not all(type(day) is datetime.date for day in days):
        found.append(_("a day is written as 2025-07-01"))
    elif told.get("to") is not None and told["to"] < told["from"]:
        found.append(_("it ends before it begins"))
    elif any(state["until"] <= told["from"] for state in earlier):
        found.append(_("an earlier state ends before the unit begins"))
    if any(state.get("kind", told.get("kind")) not in UnitKind.values for state in earlier):
        found.append(_("an earlier state has an unknown kind"))
    if found:
        name = code or str(number)
        problems.append(
            _("Unit «%(unit)s»: %(problems)s.") % {"unit": name, "problems": "; ".join(found)}
        )
        return None
    return PackedUnit(
        code=code,
        name=str(told["name"]),
        short_name=str(told.get("short_name") or ""),
        kind=told["kind"],
        parent=None if told.get("parent") in (None, code) else str(told["parent"]),
        valid_from=told["from"],
        valid_to=told.get("to"),
        successors=tuple(told.get("successors") or ()),
        earlier=tuple(sorted(earlier, key=lambda state: state["until"])),
    )


def _relations(units: list[PackedUnit]) -> list[str]:
    problems: list[str] = []
    by_code: dict[str, PackedUnit] = {}
    for unit in units:
        if unit.code in by_code:
            problems.append(_("The code «%(code)s» is given twice.") % {"code": unit.code})
        by_code[unit.code] = unit
    named = {unit.parent for unit in units if unit.parent}
    named |= {code for unit in units for code in unit.successors}
    there = set(Unit.objects.filter(code__in=named - set(by_code)).values_list("code", flat=True))
    problems += [
        _("There is no unit «%(code)s».") % {"code": code}
        for code in sorted(named - set(by_code) - there)
    ]
    for unit in units:
        if unit.successors and unit.valid_to is None:
            problems.append(_("«%(unit)s» has successors but no last day.") % {"unit": unit.code})
        above, seen = unit.parent, {unit.code}
        while above in by_code and above not in seen:
            seen.add(above)
            above = by_code[above].parent
        if above == unit.code:
            problems.append(_("«%(unit)s» lies below itself.") % {"unit": unit.code})
    return problems


def _parents_first(units: list[PackedUnit]) -> Iterator[PackedUnit]:
    below: dict[str | None, list[PackedUnit]] = defaultdict(list)
    codes = {unit.code for unit in units}
    for unit in units:
        below[unit.parent if unit.parent in codes else None].append(unit)
    ahead = list(below[None])
    for unit in ahead:
        yield unit
        ahead += below[unit.code]


@transaction.atomic
def load_units(units: Iterable[PackedUnit]) -> Loaded:
    """Add the units that are missing; what is there is left as it is, whatever the file says.

    A city that lives on changes its units by decisions: loading the file again undoes none. The
    number of queries grows with the depth of the tree, not with the number of units.
    """
    asked = list(units)
    done = Loaded()
    stored = {unit.code: unit for unit in Unit.objects.all()}
    levels: list[list[PackedUnit]] = []
    depth: dict[str, int] = {}
    for unit in asked:
        if unit.code in stored:
            done.present.append(unit.code)
            now = stored[unit.code]
            if (now.name, now.kind) != (unit.name, unit.kind):
                done.differing.append(unit.code)
            continue
        level = depth[unit.code] = depth.get(unit.parent or "", -1) + 1
        levels += [[] for _missing in range(level + 1 - len(levels))]
        levels[level].append(unit)
    for entries in levels:
        stored |= _add(entries, stored)
        done.created += [unit.code for unit in entries]
    new = [unit for unit in asked if unit.code in set(done.created)]
    _history(new, stored)
    return done


def _add(entries: list[PackedUnit], stored: dict[str, Unit]) -> dict[str, Unit]:
    """The entries of one level in one statement: treebeard alone would need several for each."""
    by_parent: dict[str | None, list[PackedUnit]] = defaultdict(list)
    for entry in entries:
        by_parent[entry.parent].append(entry)
    made: list[Unit] = []
    grown: list[Unit] = []
    for code, children in by_parent.items():
        above = stored[code] if code else None
        taken = (
            [unit.path for unit in stored.values() if unit.depth == above.depth + 1
             and unit.path.startswith(above.path)]
            if above
            else [unit.path for unit in stored.values() if unit.depth == 1]
        )  # fmt: skip
        path = max(taken, default="")
        for entry in children:
            path = (
                Unit(path=path)._inc_path()
                if path
                else Unit._get_path(above.path if above else "", above.depth + 1 if above else 1, 1)
            )
            unit = Unit(
                code=entry.code,
                name=entry.name,
                short_name=entry.short_name,
                kind=entry.kind,
                valid_from=entry.valid_from,
                valid_to=entry.valid_to,
                path=path,
                depth=above.depth + 1 if above else 1,
                numchild=0,
            )
            unit.derive()
            made.append(unit)
        if above:
            above.numchild += len(children)
            grown.append(above)
    Unit.objects.bulk_create(made, batch_size=500)
    Unit.objects.bulk_update(grown, ["numchild"], batch_size=500)
    return {unit.code: unit for unit in made}


def _history(new: list[PackedUnit], stored: dict[str, Unit]) -> None:
    states: list[EarlierState] = []
    successions: list[Succession] = []
    for entry in new:
        unit, since = stored[entry.code], entry.valid_from
        for told in entry.earlier:
            name, short = told.get("name", entry.name), told.get("short_name", "")
            states.append(
                EarlierState(
                    unit=unit,
                    since=since,
                    until=told["until"],
                    name=name,
                    short_name=short,
                    kind=told.get("kind", entry.kind),
                    parent=stored[entry.parent] if entry.parent else None,
                    name_search=search_key(f"{name} {short}")[:300],
                )
            )
            since = told["until"]
        if entry.valid_to is not None:
            day = entry.valid_to + datetime.timedelta(days=1)
            successions += [
                Succession(predecessor=unit, successor=stored[code], day=day)
                for code in entry.successors
            ]
    EarlierState.objects.bulk_create(states, batch_size=500)
    Succession.objects.bulk_create(successions, batch_size=500, ignore_conflicts=True)
