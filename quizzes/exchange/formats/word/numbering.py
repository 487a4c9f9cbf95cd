"""Labels that Word writes by itself before paragraphs: «Câu 1.», «A.», «b)»."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from quizzes.exchange.xml import child, children

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMANS = [(10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")]
MOST = 10_000


def value_of(element: etree._Element | None, *names: str) -> str:
    """The «val» of the element that these names lead to."""
    found = child(element, *names)
    return (found.get(f"{W}val") or "") if found is not None else ""


def whole(text: str, default: int) -> int:
    """A whole number of the file, within reason."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else default


@dataclass
class _Level:
    start: int
    form: str
    text: str
    element: etree._Element


@dataclass
class Numbering:
    """Counts the paragraphs of each list, in the order they are asked for."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[int, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def label(self, list_id: str, depth: int) -> tuple[str, etree._Element | None]:
        """The label of the next paragraph of this list at this depth, and its level's element."""
        name = self.abstract.get(list_id, "")
        level = self.levels.get(name, {}).get(depth)
        if level is None:
            return "", None
        counts = self._counts.setdefault(name, {})
        if list_id not in self._begun:
            self._begun.add(list_id)
            for one, start in self.overrides.get(list_id, {}).items():
                counts[one] = start - 1
        counts[depth] = min(counts.get(depth, level.start - 1) + 1, MOST)
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        if level.form in ("bullet", "none"):
            return "", level.element
        text = level.text
        for one, its in self.levels[name].items():
            count = counts.get(one, its.start)
            text = text.replace(f"%{one + 1}", _written(count, its.form))
        return text.strip(), level.element


def read_numbering(root: etree._Element | None) -> Numbering:
    """The lists that the document's numbering part defines."""
    numbering = Numbering()
    for one in children(root, "abstractNum"):
        name = one.get(f"{W}abstractNumId") or ""
        numbering.levels[name] = dict(_levels(one))
    for one in children(root, "num"):
        name = one.get(f"{W}numId") or ""
        numbering.abstract[name] = value_of(one, "abstractNumId")
        numbering.overrides[name] = {
            whole(override.get(f"{W}ilvl") or "", 0): whole(value_of(override, "startOverride"), 1)
            for override in children(one, "lvlOverride")
            if child(override, "startOverride") is not None
        }
    return numbering


def _levels(abstract: etree._Element) -> Iterator[tuple[int, _Level]]:
    for level in children(abstract, "lvl"):
        yield (
            whole(level.get(f"{W}ilvl") or "", 0),
            _Level(
                whole(value_of(level, "start"), 1),
                value_of(level, "numFmt") or "decimal",
                value_of(level, "lvlText"),
                level,
            ),
        )


def _written(count: int, form: str) -> str:
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("a") + (max(count, 1) - 1) % 26)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("upperRoman", "lowerRoman"):
        return _roman(count).upper() if form == "upperRoman" else _roman(count)
    return str(count)


def _roman(count: int) -> str:
    text = ""
    count = min(count, 99)
    for value, letters in _ROMANS:
        while count >= value:
            text, count = text + letters, count - value
    return text
