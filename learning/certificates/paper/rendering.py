"""Drawing a certificate with Typst: one page, A4 landscape, the same bytes for the same facts.

Everything that people typed reaches the template as JSON and is printed as text, never as markup.
"""

import io
import json
import logging
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst

from learning.certificates.models import Certificate
from learning.certificates.paper.design import PALETTES, Design
from learning.certificates.paper.facts import (
    duration,
    paper_facts,
    period_line,
    place_and_date,
    result,
    verification_address,
)
from learning.certificates.paper.ornament import ornament
from learning.certificates.paper.versions import design_of
from learning.typesetting import typeset

__all__ = [
    "draw_paper",
    "draw_preview",
    "duration",
    "paper_facts",
    "period_line",
    "place_and_date",
    "qr_path",
    "qr_svg",
    "render_pdf",
    "result",
    "verification_address",
]

_TEMPLATE = Path(__file__).resolve().parent / "certificate.typ"
# Signs that come in with text pasted from office programs: the fonts have the plain ones. The
# last ones would turn the direction of what follows them, on paper and in whatever reads it.
_SAME_SIGN = {0x2011: "-", 0xFEFF: None, 0x00AD: None, 0x200B: None} | dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
_BOX = "\u25a1"
_PICTURE_WORDS = {
    "vi": {"logo": "Biểu trưng", "logo2": "Biểu trưng", "signature": "Chữ ký của người ký"},
    "en": {"logo": "Logo", "logo2": "Logo", "signature": "The signer's signature"},
}
logger = logging.getLogger(__name__)


def render_pdf(certificate: Certificate) -> bytes:
    """The certificate's paper as PDF. Raises `typst.TypstError` when it can't be drawn.

    Should the archive's format refuse it nevertheless, it is made as plain PDF: better without the
    mark of the archive than never.
    """
    return draw_paper(certificate, design_of(certificate))


def draw_paper(certificate: Certificate, design: Design) -> bytes:
    """The PDF of `certificate` in this design, as `render_pdf`."""
    inputs = _inputs(certificate, design)
    try:
        return _compile(certificate, inputs, archive=True)
    except typst.TypstError as error:
        logger.warning("Certificate %s can't be made to PDF/A: %s", certificate.pk, error)
        return _compile(certificate, inputs, archive=False)


def draw_preview(certificate: Certificate, design: Design, *, ppi: int = 96) -> bytes:
    """The paper of a sample that is not in the register, as a PNG picture."""
    return typeset(_TEMPLATE, inputs=_inputs(certificate, design), format="png", ppi=ppi)


def _compile(certificate: Certificate, inputs: dict[str, str], *, archive: bool) -> bytes:
    return typeset(
        _TEMPLATE,
        inputs=inputs,
        format="pdf",
        # Tags a screen reader can follow: «made to» both, no validator has run here.
        pdf_standards=["a-2a", "ua-1"] if archive else ["1.7"],
        timestamp=certificate.issued_at.replace(microsecond=0),
    )


def _inputs(certificate: Certificate, design: Design) -> dict[str, str]:
    """What the Typst template is given: facts, colours, the ornament, the QR code, pictures."""
    colours = PALETTES.get(design.palette, PALETTES["grey"])
    facts = paper_facts(certificate, design=design)
    look: dict[str, Any] = {"ink": colours.ink, "soft": colours.soft, "accent": colours.accent}
    look |= {f"{name}_alt": words for name, words in _PICTURE_WORDS[str(facts["language"])].items()}
    return {
        "facts": json.dumps(_printable(facts), ensure_ascii=False),
        "design": json.dumps(look, ensure_ascii=False),
        "ornament": _ornament(design.palette),
        "qr": qr_svg(certificate),
        **design.pictures,
    }


def _printable(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with what no font of the house has as an empty box, one for each sign: the format
    of archives wants a shape for every sign. The document's title, which nobody prints, keeps it.
    """
    told: dict[str, Any] = _each_text(facts, _with_boxes)
    return told | {"document_title": _plain(facts["document_title"])}


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _each_text(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(item, change) for item in value]
    return change(value) if isinstance(value, str) else value


def _with_boxes(text: str) -> str:
    have = _covered()
    return "".join(
        sign if ord(sign) in have else _BOX
        for sign in _plain(text)
        # What only shapes the sign before it is not a sign of its own.
        if ord(sign) in have or unicodedata.category(sign) not in ("Mn", "Cf", "Cc")
    )


@cache
def _covered() -> frozenset[int]:
    """What the fonts in `fonts` have, by Unicode number; a test compares it with them."""
    ranges = json.loads((_TEMPLATE.parent / "fonts" / "covered.json").read_text())
    return frozenset(number for first, last in ranges for number in range(first, last + 1))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_SAME_SIGN)


@cache
def _ornament(palette: str) -> str:
    """Of a palette that there is not, nothing: an empty sheet, as a printer of frames wants it."""
    if palette not in PALETTES:
        return '<svg xmlns="http://www.w3.org/2000/svg" width="297mm" height="210mm"></svg>'
    colours = PALETTES[palette]
    return ornament(
        ink=colours.ink,
        accent=colours.accent,
        line=colours.line,
        tint=colours.tint,
        petal=colours.petal,
    )


def qr_svg(certificate: Certificate) -> str:
    """The QR code as a whole SVG document, dark on nothing, without a border."""
    drawn = io.BytesIO()
    _qr(certificate).save(drawn, kind="svg", border=0, xmldecl=False, dark="#10263f")
    return drawn.getvalue().decode()


def qr_path(certificate: Certificate) -> dict[str, object]:
    """The QR code for a page's own SVG: the side of its `box` with a border of two
    modules, and the `path` that fills it."""
    rows = [bytes(row) for row in _qr(certificate).matrix]
    path = "".join(
        f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return {"box": len(rows) + 4, "path": path}


def _qr(certificate: Certificate) -> segno.QRCode:
    # One mask for all: weighing the eight against each other costs more than the rest of the code.
    return segno.make(verification_address(certificate), error="m", micro=False, mask=2)
