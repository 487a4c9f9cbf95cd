"""Marks in the comments of a GIFT file, and the escapes of its texts."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MARK = re.compile(r"\[([a-z]+):((?:\\.|[^\]\\])*)\]", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\~=#{}:]")
TRUE, FALSE = "Đúng", "Sai"


def escape(text: str) -> str:
    """`text` so that nothing in it is taken for syntax; line ends become «\\n»."""
    return _SPECIAL.sub(r"\\\g<0>", text).replace("\n", "\\n")


def unescape(text: str) -> str:
    """The reverse of `escape`; a backslash before anything else is itself."""
    return re.sub(r"\\([\\~=#{}:n])", lambda found: "\n" if found[1] == "n" else found[1], text)


def find_bare(text: str, wanted: str, begin: int = 0) -> int:
    """Where `wanted` stands first without a backslash before it, from `begin`; -1 for nowhere."""
    place = begin
    while place < len(text):
        if text[place] == "\\":
            place += 2
            continue
        if text.startswith(wanted, place):
            return place
        place += 1
    return -1


def mark(name: str, value: str) -> str:
    """A mark for a comment."""
    escaped = re.sub(r"[\\\]]", r"\\\g<0>", value).replace("\n", "\\n")
    return f"[{name}:{escaped}]"


def read_marks(comments: Iterable[str]) -> list[tuple[str, str]]:
    """The names and values of all marks in these comments."""
    return [
        (
            found[1].lower(),
            re.sub(r"\\(.)", lambda one: "\n" if one[1] == "n" else one[1], found[2]).strip(),
        )
        for comment in comments
        for found in _MARK.finditer(comment)
    ]
