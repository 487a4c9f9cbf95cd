"""A line of a Word paper: its characters, how each looks, and where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from quizzes.exchange.base import Picture

_SPACES = re.compile(r"[ \t]+")


class Look(NamedTuple):
    """How a character looks, as far as teachers mark answers by it."""

    bold: bool = False
    underline: bool = False
    colour: str = ""
    highlight: str = ""


PLAIN = Look()


@dataclass(frozen=True)
class Line:
    """A line with the number of its paragraph, counted from 1."""

    number: int
    text: str
    looks: tuple[Look, ...]
    pictures: tuple[Picture, ...] = ()
    # The name of a heading's style, where it has one.
    heading: bool = False

    def part(self, start: int, end: int | None = None) -> Line:
        """The characters from `start` to before `end`; the pictures go with the end."""
        last = end is None or end >= len(self.text)
        return Line(
            self.number,
            self.text[start:end],
            self.looks[start:end],
            self.pictures if last else (),
            self.heading,
        )

    def words(self) -> str:
        """The text with its spaces made single."""
        return _SPACES.sub(" ", self.text).strip()

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.text.strip() and not self.pictures


@dataclass
class Table:
    """A table: the lines of each cell, by rows."""

    rows: list[list[list[Line]]] = field(default_factory=list)

    def texts(self) -> list[list[str]]:
        """What stands in each cell, its lines joined by spaces."""
        return [
            [" ".join(line.words() for line in cell if line.text.strip()) for cell in row]
            for row in self.rows
        ]

    def lines(self) -> list[Line]:
        """All lines, row by row."""
        return [line for row in self.rows for cell in row for line in cell]


Block = Line | Table
