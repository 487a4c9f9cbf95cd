"""The site's own drawings as files of their own, in the colours of its light theme."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

_HERE = Path(__file__).resolve().parent
_ROLE = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", re.IGNORECASE)
_USE = re.compile(r"var\(--([\w-]+)\)")
# What the stylesheet says of the ring on a page, for a drawing that has no stylesheet.
_STYLE = (
    "<style>.ring__tick,.ring__hair{fill:none;stroke:var(--rule-strong);stroke-width:1}"
    ".ring__n{font-family:'Be Vietnam Pro';font-weight:700;text-anchor:middle;"
    "dominant-baseline:central}</style>"
)


@cache
def colours() -> dict[str, str]:
    """The hex value of every role of colour in the light theme, which the tokens' file names
    first."""
    tokens = (settings.ROOT / "static" / "css" / "tokens.css").read_text("utf-8")
    found: dict[str, str] = {}
    for role, value in _ROLE.findall(tokens):
        found.setdefault(role, value)
    return found


@cache
def motif_svg() -> str:
    """The ring of the 17 goals round the flamboyant flower, a square SVG document."""
    drawn = render_to_string("components/hero_art.html").strip()
    opened = drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return _coloured(opened.replace(">", f">{_STYLE}", 1))


@cache
def harbour_svg() -> str:
    """Hải Phòng's harbour as a strip, 840 wide and 150 high, the sea from 104 downwards."""
    return _coloured((_HERE / "harbour.svg").read_text("utf-8"))


def _coloured(svg: str) -> str:
    return _USE.sub(lambda use: colours()[use.group(1)], svg)
