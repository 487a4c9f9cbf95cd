"""What a paper says, each piece as the text that is printed, in the paper's own language.

These words stand here and not in the catalogue: a paper that is drawn again must say the same.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from learning.certificates.models import Certificate
from learning.certificates.paper.design import Design, Wording
from learning.certificates.paper.versions import design_of
from learning.vietnamese import format_decimal

_WORDS = {
    "vi": {
        "nation": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "motto": "Độc lập - Tự do - Hạnh phúc",
        "title": "GIẤY CHỨNG NHẬN",
        "number": "Số: {}",
        "register": "Số vào sổ: {}",
        "replaces": "Cấp lại, thay giấy số {}",
        "expires": "Có giá trị đến hết ngày {}",
        "code_label": "Mã tra cứu",
        "qr_alt": "Mã QR, dẫn đến trang tra cứu giấy này: {}",
        "document": "Giấy chứng nhận {}: {}",
        "born": "Sinh ngày {}",
        "period": "Từ ngày {} đến ngày {}",
        "result": "Kết quả: {}",
        "trial": "Bản dùng thử, không có giá trị. Chữ ký số trên bản này, nếu có, chỉ để thử.",
        "no_substitute": "Không thay thế chứng chỉ bồi dưỡng theo quy định.",
    },
    "en": {
        "nation": "SOCIALIST REPUBLIC OF VIET NAM",
        "motto": "Independence - Freedom - Happiness",
        "title": "CERTIFICATE",
        "number": "No. {}",
        "register": "Register no. {}",
        "replaces": "Issued again in place of no. {}",
        "expires": "Valid until {}",
        "code_label": "Verification code",
        "qr_alt": "QR code that leads to the page where this paper can be verified: {}",
        "document": "Certificate {}: {}",
        "born": "Born on {}",
        "period": "From {} to {}",
        "result": "Result: {}",
        "trial": "Trial copy, without value. A digital signature on it, if any, is a test.",
        "no_substitute": "Does not replace a training certificate required by regulation.",
    },
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def paper_facts(certificate: Certificate, *, design: Design | None = None) -> dict[str, Any]:
    """What the paper says; `design` is the one of the certificate's template version."""
    design = design or design_of(certificate)
    language = paper_language(certificate)
    said, wording = _WORDS[language], design.words(language)
    address = verification_address(certificate)
    facts: dict[str, Any] = {
        "language": language,
        "document_title": said["document"].format(certificate.number_text, certificate.full_name),
        "issuer_parent": certificate.issuer_parent,
        "issuer_name": certificate.issuer_name,
        "number": certificate.number_text,
        "register_number": certificate.register_number,
        "code": certificate.code,
        "full_name": certificate.full_name,
        "birth": _birth(certificate) if "birth_date" in design.shown else "",
        "work": ", ".join(part for part in _work(certificate, design) if part),
        "course": certificate.course_title,
        "period": period_line(certificate),
        "duration": duration(certificate),
        "result": result(certificate, percent="percent" in design.shown),
        "goal": certificate.goal_name if "goal" in design.shown else "",
        "place_and_date": place_and_date(
            certificate.place, timezone.localdate(certificate.issued_at), language
        ),
        "signer_lines": [str(line) for line in certificate.signer_lines],
        "signer_name": certificate.signer_name,
        "is_trial": certificate.is_trial,
        "address": address,
    }
    facts["details"] = " · ".join(_details(certificate, design, wording, facts))
    old = certificate.replaces
    facts["words"] = {
        **{key: said[key] for key in ("nation", "motto", "title", "code_label", "trial")},
        "no_substitute": said["no_substitute"],
        "number": said["number"].format(certificate.number_text),
        "register": said["register"].format(certificate.register_number),
        "replaces": said["replaces"].format(old.number_text) if old else "",
        "qr_alt": said["qr_alt"].format(address),
        "attests": wording.attests,
        "completed": wording.completed,
        "note": wording.note,
    }
    return facts


def paper_language(certificate: Certificate) -> str:
    """The language it is printed in: that of the certificate, or Vietnamese."""
    return certificate.language if certificate.language in _WORDS else "vi"


def period_line(certificate: Certificate) -> str:
    """«Từ ngày 09/11/2026 đến ngày 16/11/2026»."""
    language = paper_language(certificate)
    days = (certificate.started_on, certificate.completed_on)
    return _WORDS[language]["period"].format(*(_day(day, language) for day in days))


def duration(certificate: Certificate) -> str:
    """«1,5 giờ»."""
    if paper_language(certificate) == "en":
        return f"{_number(certificate.hours, 'en')} hours"
    return f"{_number(certificate.hours, 'vi')} giờ"


def result(certificate: Certificate, *, percent: bool = True) -> str:
    """«Đạt (92,5%)»; no per cent where nothing was scored or the template leaves it out."""
    language = paper_language(certificate)
    # The register's words bear the score in brackets; here the template decides about it.
    word = (certificate.result or "Đạt").partition(" (")[0]
    if language == "en" and word == "Đạt":
        word = "Passed"
    if certificate.percent is None or not percent:
        return word
    return f"{word} ({_number(certificate.percent, language)}%)"


def place_and_date(place: str, day: date | datetime, language: str = "vi") -> str:
    """«Hải Phòng, ngày 05 tháng 3 năm 2026»: by decree a zero stands before days below 10 and
    before the months 1 and 2 only. English: «Hải Phòng, 5 March 2026»."""
    if language == "en":
        return f"{place}, {_day(day, 'en')}"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{place}, ngày {day.day:02d} tháng {month} năm {day.year}"


def verification_address(certificate: Certificate) -> str:
    """The full address that the QR code holds."""
    return settings.SITE_URL + reverse("certificates:verify_code", args=[certificate.code])


def _details(
    certificate: Certificate, design: Design, wording: Wording, facts: dict[str, Any]
) -> list[str]:
    language = str(facts["language"])
    said = {
        "period": str(facts["period"]),
        "hours": wording.hours.replace("{hours}", _number(certificate.hours, language)),
        "result": _WORDS[language]["result"].format(facts["result"]),
    }
    told = [text for name, text in said.items() if name in design.shown and text]
    if certificate.expires_on is not None:
        told.append(_WORDS[language]["expires"].format(_day(certificate.expires_on, language)))
    return told


def _work(certificate: Certificate, design: Design) -> list[str]:
    position = certificate.position if "position" in design.shown else ""
    return [position, certificate.unit_name if "unit" in design.shown else ""]


def _birth(certificate: Certificate) -> str:
    if certificate.birth_date is None:
        return ""
    language = paper_language(certificate)
    return _WORDS[language]["born"].format(_day(certificate.birth_date, language))


def _day(day: date | datetime, language: str) -> str:
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day:%d/%m/%Y}"


def _number(value: Decimal, language: str) -> str:
    if language == "en":
        # To one place, as in Vietnamese: both papers tell the same.
        return f"{value:,.1f}".rstrip("0").rstrip(".")
    return format_decimal(value)
