"""What a kind hands to its templates: before handing in without the key, after it with.

Everything is frozen and hashable, so that a rendered question can be kept for all who see the same.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AskedOption:
    """An option on the screen; `key` is what the form sends for it."""

    key: str
    letter: str
    text: str
    checked: bool


@dataclass(frozen=True)
class AskedPart:
    """A part that is answered by itself: a statement, a row, a gap.

    Its field in the form is «answer:NAME», or «answer» where it has no name.
    """

    name: str
    label: str
    text: str
    value: str
    options: tuple[AskedOption, ...] = ()
    unit: str = ""

    @property
    def field(self) -> str:
        """What follows «answer» in the field's name."""
        return f":{self.name}" if self.name else ""


@dataclass(frozen=True)
class Asked:
    """What stands below the question: options to choose from, or parts, or both."""

    options: tuple[AskedOption, ...] = ()
    parts: tuple[AskedPart, ...] = ()

    @property
    def is_wordy(self) -> bool:
        """Whether an option is too long for a closed list on a telephone."""
        return any(len(option.text) > 28 for option in self.options)


@dataclass(frozen=True)
class ReviewedOption:
    """An option in the review: chosen or not, right or not, and why."""

    text: str
    chosen: bool
    right: bool
    why: str


@dataclass(frozen=True)
class ReviewedPart:
    """A part in the review: what was answered (empty: nothing), what is right, and why."""

    text: str
    given: str
    right: bool
    key: str
    why: str
    label: str = ""


@dataclass(frozen=True)
class Reviewed:
    """What the review shows below the question."""

    options: tuple[ReviewedOption, ...] = ()
    parts: tuple[ReviewedPart, ...] = ()
