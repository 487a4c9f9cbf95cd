"""Where a model or module stands in the house: read from the import contract, not repeated here."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def floors() -> list[list[str]]:
    """The floors of the contract in pyproject.toml, top first; each a list of packages."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    return [[name.strip(" ()") for name in re.split(r"[|:]", layer)] for layer in layers]


def room_of(module: str) -> str | None:
    """The package of the contract that `module` belongs to, or None for a foreign one."""
    for floor in floors():
        for room in floor:
            if module == room or module.startswith(f"{room}."):
                return room
    return None


def level_of(room: str) -> int:
    """0 is the top floor."""
    return next(level for level, floor in enumerate(floors()) if room in floor)


def packages() -> list[str]:
    """Every package that exists in the project, dotted."""
    found = ["portal"]
    for house in ("learning", "quizzes"):
        found += [f"{house}.{path.parent.name}" for path in (ROOT / house).glob("*/__init__.py")]
    return sorted(found)
