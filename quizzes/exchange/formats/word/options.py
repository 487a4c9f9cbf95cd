"""Options of a line: one, or several behind each other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizzes.exchange.formats.word import patterns
from quizzes.exchange.formats.word.parts import Option
from quizzes.exchange.formats.word.rich import Line

_INLINE = re.compile(r"(?:(?<=\s)|^)([*✓✔]?)([A-Ha-h])(\*?)([.):/])(?=\s|\S)")
_WIDE = re.compile(r"(?:\t|\s{2,})\Z")


def next_letter(options: Sequence[Option]) -> str:
    """The letter of the option that should follow, in capitals."""
    return chr(ord(options[-1].letter.upper()) + 1) if options else "A"


def options_of(line: Line, before: Sequence[Option], following: str) -> list[Option]:
    """The options of a line that begins with one; empty if it does not.

    `before` are the question's options so far, `following` the letter the next line begins with:
    then what looks like that option here is a part of a text.
    """
    found = patterns.OPTION.match(line.text)
    if found is None:
        return []
    cuts = [(found.start(), found)]
    letter, small = found[2], found[2].islower()
    place = found.end()
    for one in _INLINE.finditer(line.text):
        # The space before decides: «theo mục B. của» has but one.
        expected = chr(ord(letter) + 1)
        if one.start() < place or one[2] != expected or one[2].islower() != small:
            continue
        wide = _WIDE.search(line.text[: one.start()]) is not None
        if one[4] != found[4][0] or (not wide and following.upper() == expected.upper()):
            continue
        rest = patterns.OPTION.match(line.text, one.start())
        if rest is not None:
            cuts.append((one.start(), rest))
            letter = expected
    return _cut(line, cuts)


def _cut(line: Line, cuts: list[tuple[int, re.Match[str]]]) -> list[Option]:
    options = []
    ends = [start for start, _found in cuts[1:]] + [len(line.text)]
    for (start, found), end in zip(cuts, ends, strict=True):
        body = line.part(min(found.end(), end), end)
        starred = bool(found[1] or found[3])
        if body.text.rstrip().endswith("*") and body.text.strip() != "*":
            body = body.part(0, len(body.text.rstrip()) - 1)
            starred = True
        looks = tuple(
            look
            for look, char in zip(line.looks[start:], line.text[start : found.end()], strict=False)
            if not char.isspace()
        )
        options.append(Option(found[2], looks, starred, [body]))
    return options


def split_prompt(line: Line, following: str) -> tuple[Line, list[Option]]:
    """A question and its options in one paragraph: «Hỏi? A. a  B. b  C. c»."""
    for one in _INLINE.finditer(line.text):
        if one[2] not in "Aa" or following.upper() == "A":
            continue
        options = options_of(line.part(one.start()), [], following)
        if len(options) >= 3 or (len(options) == 2 and following.upper() in ("", "C")):
            return line.part(0, one.start()), options
    return line, []


def first_letter(line: Line | None) -> str:
    """The letter a line begins with as an option; empty if it does not."""
    found = patterns.OPTION.match(line.text) if line is not None else None
    return found[2] if found else ""
