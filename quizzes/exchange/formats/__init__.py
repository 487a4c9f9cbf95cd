"""The formats, found by themselves: each module here that holds a `Format` adds it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache

from quizzes.exchange.base import Format


@cache
def all_formats() -> dict[str, Format]:
    """Every format by its name, in the order they are offered."""
    found: dict[str, Format] = {}
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        for _name, member in inspect.getmembers(importlib.import_module(module.name)):
            if inspect.isclass(member) and issubclass(member, Format) and "name" in vars(member):
                found[member.name] = member()
    return dict(sorted(found.items(), key=lambda item: (item[1].rank, item[0])))
