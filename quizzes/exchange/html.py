"""Between HTML of other programs and the plain texts of the bank.

Line breaks are kept, everything else of the form is dropped, and it is told what was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from django.utils.translation import gettext as _
from lxml import etree

from quizzes.bank.content import clean_text
from quizzes.exchange.xml import legal

_BLOCK_NAMES = (
    "address article aside blockquote dd div dl dt fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul prompt "
    "rubricBlock stimulus simpleChoice"
)
_FORM_NAMES = "b strong i em u s strike del ins mark font code tt big small a h1 h2 h3"
_MEDIA_NAMES = "audio video iframe embed source track svg canvas object"
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset({"td", "th"})
_SILENT = frozenset({"script", "style", "template", "head", "title"})
_FORM = frozenset(_FORM_NAMES.split())
_SHIFTED = frozenset({"sub", "sup"})
_MEDIA = frozenset(_MEDIA_NAMES.split())
_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_BREAK = "\n"


@dataclass(frozen=True)
class Shown:
    """A picture that stood in a text."""

    source: str
    alt: str


@dataclass
class Plain:
    """A text without its form: what it says, its pictures, and what was dropped."""

    text: str
    pictures: list[Shown] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)

    def notes(self) -> list[str]:
        """What was dropped, as sentences."""
        sentences = {
            "form": _("Bold, colours and the like are not kept."),
            "shifted": _("Raised and lowered characters stand on the line now: look at them."),
            "table": _("A table became lines of text: look at it."),
            "list": _("A list became lines of text."),
            "media": _("A sound, a film or a drawing is left out."),
            "formula": _("A formula became plain text: look at it."),
        }
        return [sentence for name, sentence in sentences.items() if name in self.dropped]


def plain_of_html(html: str) -> Plain:
    """The plain text of a piece of HTML, as an editor's browser would show it."""
    html = legal(html)
    if "<" not in html and "&" not in html:
        return Plain(_lines([html]))
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(f"<html><body>{html}</body></html>", parser)
    except (etree.LxmlError, ValueError):
        root = None
    return plain_of(root) if root is not None else Plain(_lines([html]))


def plain_of(root: etree._Element) -> Plain:
    """The plain text of an element and all in it; names without their namespace count."""
    plain, pieces = Plain(""), list[str]()
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if event == "start":
            silent += name in _SILENT
            _mark(plain, name, element)
            if not silent:
                pieces += _before(name)
                pieces.append(_SPACES.sub(" ", element.text or ""))
            continue
        if not silent:
            pieces += _after(name)
        silent -= name in _SILENT
        if not silent and element is not root:
            pieces.append(_SPACES.sub(" ", element.tail or ""))
    plain.text = _lines(pieces)
    return plain


def _before(name: str) -> list[str]:
    return [_BREAK] if name == "br" else ["\0"] if name in _BLOCKS else []


def _after(name: str) -> list[str]:
    return ["\0"] if name in _BLOCKS else ["\1"] if name in _CELLS else []


def _mark(plain: Plain, name: str, element: etree._Element) -> None:
    """Remember what is dropped with an element of this name, and its picture."""
    if name == "img" or (name == "object" and "image" in element.get("type", "")):
        source = element.get("src") or element.get("data") or ""
        plain.pictures.append(Shown(source.strip(), clean_text(element.get("alt", ""))))
        return
    for known, what in (
        (_FORM, "form"),
        (_SHIFTED, "shifted"),
        ({"table"}, "table"),
        ({"ul", "ol"}, "list"),
        (_MEDIA, "media"),
        ({"math"}, "formula"),
    ):
        if name in known:
            plain.dropped.add(what)


def _lines(pieces: list[str]) -> str:
    """The pieces as lines: \\0 begins a new one unless one has just begun, \\1 ends a cell."""
    lines = [""]
    for piece in pieces:
        if piece == _BREAK:
            lines.append("")
        elif piece == "\0":
            if lines[-1].strip(" \1"):
                lines.append("")
        else:
            lines[-1] += piece
    texts = [_SPACES.sub(" ", line.strip(" \1").replace("\1", " | ")) for line in lines]
    return clean_text("\n".join(texts))


def html_of(text: str) -> str:
    """A plain text as HTML that shows it, its lines parted by <br/>."""
    return "<br/>".join(escape(line, quote=False) for line in legal(text).split("\n"))


def through_html(text: str) -> str:
    """What is left of a plain text that went through HTML: spaces in a row become one."""
    return plain_of_html(html_of(text)).text
