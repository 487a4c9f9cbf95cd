"""A certificate that nobody holds, to look at a design with. It is never saved."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from learning.certificates.models import Certificate
from learning.certificates.paper.design import Design

# No code that can be given out: its check sign is wrong.
_CODE = "MAU0-0000-0000-00"
_SHORT = "Nguyễn Mẫu An"
_LONG = "Công Tằng Tôn Nữ Nguyễn Phương Quỳnh Khuyến Mẫu"
_TITLES = {
    "vi": "Kiến thức cơ bản về sở hữu trí tuệ",
    "en": "Basics of intellectual property",
}
_LONG_TITLES = {
    "vi": "Sở hữu trí tuệ và các mục tiêu phát triển bền vững: từ ý tưởng, nhãn hiệu, chỉ dẫn"
    " địa lý đến sản phẩm của địa phương",
    "en": "Intellectual property and the sustainable development goals: from ideas, marks and"
    " geographical indications to local products",
}
_POSITIONS = {"vi": "Chuyên viên", "en": "Specialist"}
_LONG_UNIT = (
    "Trung tâm Thông tin, Thống kê khoa học và công nghệ trực thuộc Sở Khoa học và Công nghệ"
)


def sample_certificate(design: Design, *, long: bool = False, **changed: Any) -> Certificate:
    """The sample in the design's language; `long` has the longest words that are likely.

    `changed` are fields of `Certificate` that shall be otherwise.
    """
    language = changed.get("language", design.language)
    words = design.words(language)
    issuer = settings.CERTIFICATE_ISSUER["code"]
    fields: dict[str, Any] = {
        "code": _CODE,
        "issuer": issuer,
        "year": 2026,
        "number": 123,
        "number_text": f"0123/2026/GCN-{issuer}",
        "register_number": "0123",
        "full_name": _LONG if long else _SHORT,
        "birth_date": date(1990, 5, 9),
        "position": _POSITIONS[language],
        "unit_name": _LONG_UNIT if long else "UBND phường Lê Chân",
        "course_title": (_LONG_TITLES if long else _TITLES)[language],
        "goal_name": "Mục tiêu bồi dưỡng năm 2026" if long else "",
        "hours": Decimal("1.5"),
        "started_on": date(2026, 2, 27),
        "completed_on": date(2026, 3, 5),
        "percent": Decimal("92.50"),
        "issued_at": datetime(2026, 3, 10, 3, tzinfo=UTC),
        "issuer_parent": words.issuer_parent,
        "issuer_name": words.issuer_name,
        "place": words.place,
        "signer_lines": list(words.signer_lines),
        "signer_name": words.signer_name,
        "is_trial": settings.DEMO,
        "language": language,
    }
    return Certificate(**(fields | changed))
