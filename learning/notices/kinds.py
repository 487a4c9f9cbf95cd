"""The kinds of messages, as the packages above register them, and their texts.

A text is plain: paragraphs with names in braces, «{course}». Only the names its kind offers may
stand there; attributes, indexes and formats are refused, so that a text can read nothing else.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Offered to every kind; filled in when the letter is written.
COMMON = ("name",)
_kinds: dict[str, Kind] = {}


@dataclass(frozen=True, slots=True)
class Kind:
    """`name`, `subject` and `body` are lazy texts; `fields` the facts that they may use."""

    slug: str
    name: Any
    subject: Any
    body: Any
    fields: tuple[str, ...] = ()
    required: bool = False

    @property
    def allowed(self) -> tuple[str, ...]:
        """Every name that may stand in braces."""
        return (*COMMON, *self.fields)


def register_kind(kind: Kind) -> None:
    """Make a kind known; from an app's `ready`. Registered again, it replaces itself."""
    _kinds[kind.slug] = kind


def get_kind(slug: str) -> Kind:
    """The registered kind. Raises `KeyError` for one that nobody registered."""
    return _kinds[slug]


def all_kinds() -> list[Kind]:
    """All registered kinds by their slug."""
    return [_kinds[slug] for slug in sorted(_kinds)]


def check_text(text: str, *, allowed: tuple[str, ...]) -> None:
    """Raise `ValidationError`, in plain words, unless only allowed names stand in braces."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise ValidationError(
            _("A brace is left open or closed twice. Write field names as {name}.")
        ) from error
    for _before, name, form, conversion in parts:
        if name is None:
            continue
        if name not in allowed or form or conversion:
            raise ValidationError(
                _("«{%(name)s}» is not known here. Allowed: %(allowed)s."),
                params={
                    "name": name,
                    "allowed": ", ".join("{" + each + "}" for each in allowed),
                },
            )


def fill(text: str, facts: Mapping[str, Any]) -> str:
    """The text with its names replaced; a fact that is missing leaves an empty place."""
    return "".join(
        before + (str(facts.get(name, "")) if name else "")
        for before, name, _form, _conversion in string.Formatter().parse(text)
    )
