"""What the acts and the disclosed things are called on the screens; each package adds its own."""

from collections.abc import Mapping
from typing import Any

_acts: dict[str, Any] = {}
_things: dict[str, Any] = {}


def register_acts(words: Mapping[str, Any]) -> None:
    """Name acts, slug → lazy text («unit-merged» → «Sáp nhập đơn vị»); from an app's `ready`."""
    _acts.update(words)


def register_things(words: Mapping[str, Any]) -> None:
    """Name what is disclosed, slug → lazy text; from an app's `ready`."""
    _things.update(words)


def act_name(slug: str) -> str:
    """The act as a person reads it; the slug itself where nobody named it."""
    return str(_acts.get(slug, slug))


def thing_name(slug: str) -> str:
    """The disclosed thing as a person reads it; the slug itself where nobody named it."""
    return str(_things.get(slug, slug))


def acts() -> list[tuple[str, str]]:
    """All named acts, slug and name, by name."""
    return sorted(((slug, str(name)) for slug, name in _acts.items()), key=lambda act: act[1])
