"""Moodle's gaps inside a text: «{1:SHORTANSWER:=văn bằng#vì thế~%50%bằng}»."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizzes.exchange.html import html_of, plain_of_html

# One way to read each character, so that no text takes long: escaped, or any other.
GAP = re.compile(r"\{(\d{0,4}):([A-Z_]{2,20}):((?:\\.|[^\\}])*)\}", re.DOTALL)
_ALTERNATIVE = re.compile(r"(?:\\.|[^\\~])+", re.DOTALL)
# The «#» of an entity begins no feedback.
_PARTS = re.compile(
    r"\s*(?:(=)|%(-?\d{1,3}(?:\.\d{1,7})?)%)?((?:\\.|&\#\w{1,10};|[^\\#])*)(?:#(.*))?\Z", re.DOTALL
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPECIAL = re.compile(r"[\\}#~/\"*]")

WRITTEN = frozenset({"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"})
NUMERIC = frozenset({"NUMERICAL", "NM"})


@dataclass(frozen=True)
class Alternative:
    """An answer of a gap: its share in percent, its text and what is said to it."""

    percent: float
    text: str
    why: str
    # «*» takes any words; a star that is meant is escaped.
    wild: bool = False


@dataclass(frozen=True)
class Gap:
    """A gap of a Moodle text."""

    weight: str
    type: str
    alternatives: tuple[Alternative, ...]

    @property
    def right(self) -> list[Alternative]:
        """The answers that earn everything."""
        return [one for one in self.alternatives if one.percent >= 100 and not one.wild]


def parse_gap(found: re.Match[str]) -> Gap:
    """The gap that `GAP` found."""
    return Gap(found[1] or "1", found[2], tuple(_alternatives(found[3])))


def _alternatives(body: str) -> Iterator[Alternative]:
    for part in _ALTERNATIVE.findall(body):
        found = _PARTS.match(part)
        if found is None or not (found[3].strip() or found[1]):
            continue
        percent = 100.0 if found[1] else float(found[2] or 0)
        wild = found[3].strip() == "*"
        yield Alternative(percent, _plain(found[3]), _plain(found[4] or ""), wild)


def _plain(text: str) -> str:
    return plain_of_html(_ESCAPED.sub(r"\1", text)).text


def write_gap(answers: Sequence[tuple[str, str]]) -> str:
    """A gap of these accepted answers, each with what is said to it, as HTML."""
    parts = [f"={_escape(text)}" + (f"#{_escape(why)}" if why else "") for text, why in answers]
    return "{1:SHORTANSWER:" + "~".join(parts) + "}"


def _escape(text: str) -> str:
    # Entities first: «&#123;» would end an answer at its «#», and «<br/>» needs its slash kept.
    pieces = html_of(text).split("<br/>")
    return "<br>".join(_SPECIAL.sub(r"\\\g<0>", piece) for piece in pieces)
