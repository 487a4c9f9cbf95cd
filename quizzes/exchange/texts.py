"""Bytes to text, and marked-up text to plain text. Pure functions."""

from __future__ import annotations

import codecs
import re
import unicodedata
from decimal import Decimal
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from quizzes.exchange.base import FileError

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})
_BARE = frozenset({"p", "div", "br", "span"})
# Letters that cp1258 writes for Vietnamese and cp1252 does not.
_VIETNAMESE = re.compile(r"[ăđơưĂĐƠƯ\u0300\u0301\u0303\u0309\u0323]")


def decode(data: bytes) -> tuple[str, str]:
    """The text in `data` with lines ended by «\\n», and a note if its encoding was inferred.

    UTF-8 and UTF-16, with or without a mark; else windows-1258, the old Vietnamese one, if the
    result holds Vietnamese letters. `FileError` for anything else: nothing is guessed silently.
    """
    text, note = _decoded(data)
    if "\x00" in text:
        raise FileError(_("This is no text file."))
    return text.replace("\r\n", "\n").replace("\r", "\n"), note


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _strictly(data, encoding), ""
    zeros = data[:2000].count(0)
    if zeros and zeros * 5 >= len(data[:2000]):
        encoding = "utf-16-le" if data[1:2000:2].count(0) > zeros // 2 else "utf-16-be"
        return _strictly(data, encoding), _inferred("UTF-16")
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    text = unicodedata.normalize("NFC", _strictly(data, "cp1258"))
    if not _VIETNAMESE.search(unicodedata.normalize("NFD", text)):
        raise FileError(_("The encoding of the text is unknown. Save the file as UTF-8."))
    return text, _inferred("windows-1258")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileError(
            _("The encoding of the text is unknown. Save the file as UTF-8.")
        ) from error


def _inferred(name: str) -> str:
    return _("Read as %(encoding)s: see whether the accents are right.") % {"encoding": name}


def printable(text: str) -> str:
    """`text` without control characters other than line ends and tabs."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def decimal_text(value: Decimal) -> str:
    """The number with a decimal comma, and so that the bank reads it in one way only."""
    text = f"{value:f}".replace(".", ",")
    # «1,234» could be 1234; «1,2340» cannot.
    return f"{text}0" if re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", text) else text


class _Plain(HTMLParser):
    """Collects the text, and whether there was more than paragraphs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.lost = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.lost |= tag not in _BARE
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"\s+", " ", data))


def plain_text(markup: str) -> tuple[str, bool]:
    """The words of a piece of HTML, and whether bold, lists, pictures and the like got lost."""
    parser = _Plain()
    parser.feed(markup)
    parser.close()
    text = re.sub(r"[ \t]*\n\s*", "\n", "".join(parser.parts)).strip()
    return text, parser.lost
