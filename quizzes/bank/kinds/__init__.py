"""The kinds of question: one module each, found by themselves, all reached through `get_kind`.

A kind says everything about itself: how it is called, asked, read from a form, graded and shown in
the review. Its functions are pure and know no database. A module in this folder that defines a
`Kind` with a `name` is one; nothing else has to be told about it.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from pkgutil import iter_modules

from django.utils.functional import Promise

from quizzes.bank.kinds.base import BadAnswerError, Kind, Sent
from quizzes.bank.kinds.settings import Setting


def _find_kinds() -> dict[str, Kind]:
    """The kinds of the modules beside this one, in the order editors choose from."""
    found: list[Kind] = []
    for module in iter_modules(__path__, f"{__name__}."):
        loaded = import_module(module.name)
        found += [
            cls()
            for _name, cls in inspect.getmembers(loaded, inspect.isclass)
            if issubclass(cls, Kind)
            and cls.__module__ == module.name
            and not inspect.isabstract(cls)
        ]
    return {kind.name: kind for kind in sorted(found, key=lambda one: (one.rank, one.name))}


_KINDS = _find_kinds()


def get_kind(name: str) -> Kind:
    """The kind called `name`; `KeyError` for an unknown one."""
    return _KINDS[name]


def kind_names() -> list[str]:
    """The names of all kinds."""
    return list(_KINDS)


def all_kinds() -> list[Kind]:
    """The kinds themselves, in the order editors choose from."""
    return list(_KINDS.values())


def kind_choices() -> list[tuple[str, str | Promise]]:
    """Names and labels, for the field of a model: a new kind needs no migration."""
    return [(kind.name, kind.label) for kind in _KINDS.values()]


__all__ = [
    "BadAnswerError",
    "Kind",
    "Sent",
    "Setting",
    "all_kinds",
    "get_kind",
    "kind_choices",
    "kind_names",
]
