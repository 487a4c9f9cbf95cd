"""Poster, banners and QR code as bytes, set from a campaign's words. Knows no database."""

import io
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import segno
import typst

from learning.courses.kit.art import colours, harbour_svg, motif_svg
from learning.courses.templatetags.typography import keep_together
from learning.typesetting import typeset

_HERE = Path(__file__).resolve().parent
# What the fonts lack and what must not be in PDF/UA: the fonts have plain signs for these.
_SAME_SIGN = {0x2011: "-", 0xFEFF: None, 0x00AD: None}


@dataclass(frozen=True)
class Words:
    """All that is said on poster and banners, each as the text that is set; `lang` is the code of
    its language, `address` the course's in full, `changed` when the campaign was."""

    lang: str
    eyebrow: str
    title: str
    lead: str
    course: str
    points: tuple[str, ...]
    scan: str
    offer: str
    address: str
    owner: str
    art: str
    qr: str
    changed: datetime


def poster_pdf(words: Words) -> bytes:
    """The poster, one page A4 portrait, tagged (PDF/UA-1).

    Words with a sign that the fonts don't have are forbidden there; then it is plain PDF.
    """
    made_at = words.changed.astimezone(UTC).replace(microsecond=0)
    try:
        return _set("poster", words, format="pdf", pdf_standards=["ua-1"], timestamp=made_at)
    except typst.TypstError:
        return _set("poster", words, format="pdf", pdf_standards=["1.7"], timestamp=made_at)


def poster_png(words: Words) -> bytes:
    """The poster as a picture, 827 × 1169 pixels: for a chat, and as its own preview."""
    return _set("poster", words, format="png", ppi=100)


def post_png(words: Words) -> bytes:
    """The banner for a post, 1200 × 630 pixels."""
    return _set("banner", words, shape="post", format="png", ppi=72)


def portal_png(words: Words) -> bytes:
    """The banner for the head of a portal, 1920 × 480 pixels."""
    return _set("banner", words, shape="wide", format="png", ppi=72)


def qr_svg(words: Words) -> bytes:
    """The QR code of the course's address with its quiet border, as SVG."""
    return _qr_bytes(words.address, kind="svg", border=4, scale=8, light=colours()["qr-paper"])


def qr_png(words: Words) -> bytes:
    """The same as PNG, 16 pixels a module: large enough for a slide."""
    return _qr_bytes(words.address, kind="png", border=4, scale=16)


# By the name of the file in its address.
MAKERS: dict[str, tuple[str, Callable[[Words], bytes]]] = {
    "ap-phich.pdf": ("application/pdf", poster_pdf),
    "ap-phich.png": ("image/png", poster_png),
    "anh-bai-dang.png": ("image/png", post_png),
    "anh-cong-thong-tin.png": ("image/png", portal_png),
    "ma-qr.svg": ("image/svg+xml", qr_svg),
    "ma-qr.png": ("image/png", qr_png),
}


def qr_code(address: str) -> segno.QRCode:
    """The code itself; a quarter of it may be lost on a creased poster and it still reads."""
    return segno.make(address, error="q", micro=False)


def _qr_bytes(address: str, *, kind: str, border: int, **options: object) -> bytes:
    drawn = io.BytesIO()
    qr_code(address).save(drawn, kind=kind, border=border, dark=colours()["qr-ink"], **options)
    return drawn.getvalue()


def _set(template: str, words: Words, *, shape: str = "", **options: object) -> bytes:
    facts = asdict(words) | {
        "title": keep_together(words.title),
        "lead": keep_together(words.lead),
        "changed": words.changed.isoformat(),
        "colours": colours(),
    }
    inputs = {
        "facts": json.dumps(facts, ensure_ascii=False).translate(_SAME_SIGN),
        "art": motif_svg(),
        "harbour": harbour_svg(),
        "qr": _qr_bytes(words.address, kind="svg", border=0, xmldecl=False).decode(),
        "shape": shape,
    }
    return typeset(_HERE / f"{template}.typ", inputs=inputs, **options)
