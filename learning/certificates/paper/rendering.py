"""Drawing a certificate with Typst: one page, A4 landscape, the same bytes for the same facts.

Everything that people typed reaches the template as JSON and is printed as text, never as markup.
"""

import io
import json
import logging
from datetime import date, datetime
from pathlib import Path

import segno
import typst
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from learning.certificates.models import Certificate
from learning.typesetting import typeset
from learning.vietnamese import format_decimal

_TEMPLATE = Path(__file__).resolve().parent / "certificate.typ"
# Signs that come in with text pasted from office programs: the fonts have the plain ones.
_SAME_SIGN = {0x2011: "-", 0xFEFF: None, 0x00AD: None}
logger = logging.getLogger(__name__)


def render_pdf(certificate: Certificate) -> bytes:
    """The certificate's paper as PDF. Raises `typst.TypstError` when it can't be drawn.

    A letter that the fonts don't have (a foreign name, a sign pasted from elsewhere) is forbidden
    in the archive's format. Such a paper is made as plain PDF instead: better without the mark of
    the archive than never.
    """
    try:
        return _compile(certificate, archive=True)
    except typst.TypstError as error:
        logger.warning("Certificate %s can't be made to PDF/A: %s", certificate.pk, error)
        return _compile(certificate, archive=False)


def _compile(certificate: Certificate, *, archive: bool) -> bytes:
    facts = json.dumps(paper_facts(certificate), ensure_ascii=False).translate(_SAME_SIGN)
    return typeset(
        _TEMPLATE,
        inputs={"facts": facts, "qr": qr_svg(certificate)},
        format="pdf",
        # Tags a screen reader can follow: «made to» both, no validator has run here.
        pdf_standards=["a-2a", "ua-1"] if archive else ["1.7"],
        timestamp=certificate.issued_at.replace(microsecond=0),
    )


def paper_facts(certificate: Certificate) -> dict[str, object]:
    """What the paper says, each as the text that is printed. Its language is Vietnamese always."""
    issued_on = timezone.localdate(certificate.issued_at)
    return {
        "issuer_parent": certificate.issuer_parent,
        "issuer_name": certificate.issuer_name,
        "number": certificate.number_text,
        "register_number": certificate.register_number,
        "code": certificate.code,
        "full_name": certificate.full_name,
        "work": ", ".join(part for part in (certificate.position, certificate.unit_name) if part),
        "course": certificate.course_title,
        "period": period_line(certificate),
        "duration": duration(certificate),
        "result": result(certificate),
        "goal": certificate.goal_name,
        "place_and_date": place_and_date(certificate.place, issued_on),
        "signer_lines": [str(line) for line in certificate.signer_lines],
        "signer_name": certificate.signer_name,
        "is_trial": certificate.is_trial,
        "address": verification_address(certificate),
    }


def period_line(certificate: Certificate) -> str:
    """«Từ ngày 09/11/2026 đến ngày 16/11/2026»."""
    started, completed = (
        f"{day:%d/%m/%Y}" for day in (certificate.started_on, certificate.completed_on)
    )
    return f"Từ ngày {started} đến ngày {completed}"


def duration(certificate: Certificate) -> str:
    """«1,5 giờ»."""
    return f"{format_decimal(certificate.hours)} giờ"


def result(certificate: Certificate) -> str:
    """«Đạt (92,5%)»; no per cent where nothing was scored."""
    if certificate.percent is None:
        return "Đạt"
    return f"Đạt ({format_decimal(certificate.percent)}%)"


def place_and_date(place: str, day: date | datetime) -> str:
    """«Hải Phòng, ngày 05 tháng 3 năm 2026»: by decree a zero stands before days below 10 and
    before the months 1 and 2 only."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{place}, ngày {day.day:02d} tháng {month} năm {day.year}"


def verification_address(certificate: Certificate) -> str:
    """The full address that the QR code holds."""
    return settings.SITE_URL + reverse("certificates:verify_code", args=[certificate.code])


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
    return segno.make(verification_address(certificate), error="m", micro=False)
