"""What a kind hands to its templates: before handing in without the key, after it with.

Everything is frozen and hashable, so that a rendered question can be kept for all who see the same.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ShownPicture:
    """A picture on the screen; its sides in pixels, as text for the page."""

    url: str
    width: str
    height: str
    alt: str


@dataclass(frozen=True)
class Shape:
    """What is drawn over a picture, in its pixels, as text for the page; a circle has a radius."""

    x: str
    y: str
    width: str = ""
    height: str = ""
    radius: str = ""
    label: str = ""
    label_x: str = ""
    label_y: str = ""
    # The label begins or ends at its place: it stays on the picture.
    anchor: str = "start"


@dataclass(frozen=True)
class AskedOption:
    """An option on the screen; `key` is what the form sends for it."""

    key: str
    letter: str
    text: str
    checked: bool
    picture: ShownPicture | None = None


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
    # Where the answer is a place: the picture, the lines of its fields, the place chosen.
    picture: ShownPicture | None = None
    lines: tuple[Shape, ...] = ()
    letter_size: str = ""
    point: Shape | None = None
    # Where the answer is a text: what stands in the empty field, and how long it should be.
    placeholder: str = ""
    length: str = ""

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
    picture: ShownPicture | None = None


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
class Criterion:
    """What a person marks a text by: how many points at most, and what earns them."""

    key: str
    text: str
    points: int
    why: str


@dataclass(frozen=True)
class Reviewed:
    """What the review shows below the question."""

    options: tuple[ReviewedOption, ...] = ()
    parts: tuple[ReviewedPart, ...] = ()
    picture: ShownPicture | None = None
    regions: tuple[Shape, ...] = ()
    letter_size: str = ""
    point: Shape | None = None
    # A text, its length, and what it is marked by.
    text: str = ""
    words: str = ""
    rubric: tuple[Criterion, ...] = ()
