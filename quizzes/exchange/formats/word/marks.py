"""Which options a paper marks as right by how they look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from quizzes.exchange.formats.word.parts import Option
from quizzes.exchange.formats.word.rich import Look

# A word in bold is an emphasis, an option in bold is a mark.
_MOST = 0.8


def marked(options: Sequence[Option]) -> dict[str, frozenset[str]]:
    """For each way of marking that tells options apart, the letters of those marked."""
    found: dict[str, frozenset[str]] = {}
    starred = {option.letter for option in options if option.starred}
    if starred:
        found["star"] = frozenset(starred)
    for name in ("bold", "underline"):
        for where, shares in (("letter", _letters(options)), ("text", _texts(options))):
            letters = {
                option.letter
                for option, looks in zip(options, shares, strict=True)
                if looks and _share(bool(getattr(look, name)) for look in looks) >= _MOST
            }
            if 0 < len(letters) < len(options):
                found[f"{name} {where}"] = frozenset(letters)
    for name in ("colour", "highlight"):
        for where, shares in (("letter", _letters(options)), ("text", _texts(options))):
            letters = _coloured(options, shares, name)
            if letters:
                found[f"{name} {where}"] = frozenset(letters)
    return found


def _letters(options: Sequence[Option]) -> list[list[Look]]:
    return [list(option.label_looks) for option in options]


def _texts(options: Sequence[Option]) -> list[list[Look]]:
    return [
        [
            look
            for line in option.lines
            for look, char in zip(line.looks, line.text, strict=True)
            if not char.isspace()
        ]
        for option in options
    ]


def _share(flags: Iterable[bool]) -> float:
    given = list(flags)
    return sum(given) / len(given) if given else 0.0


def _coloured(options: Sequence[Option], shares: list[list[Look]], name: str) -> set[str]:
    """The options whose colour is not that of most, or not none where there are as many."""
    colours = []
    for looks in shares:
        counts = Counter(str(getattr(look, name)) for look in looks)
        colour, count = counts.most_common(1)[0] if counts else ("", 0)
        colours.append(colour if looks and count / len(looks) >= _MOST else "")
    counts = Counter(colours)
    most = max(counts.values())
    usual = "" if counts[""] == most else next(c for c, n in counts.most_common() if n == most)
    letters = {
        option.letter for option, colour in zip(options, colours, strict=True) if colour != usual
    }
    return letters if len(letters) < len(options) else set()
