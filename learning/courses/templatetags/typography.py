"""Vietnamese headings: compounds stay on one line, as a careful typesetter would keep them."""

import re

from django import template
from django.template.defaultfilters import stringfilter

register = template.Library()

_COMPOUNDS = (
    "an toàn",
    "bảo hộ",
    "bảo vệ",
    "bền vững",
    "Cát Hải",
    "chỉ dẫn",
    "chuyên đề",
    "công bằng",
    "công nghệ",
    "công nghiệp",
    "đào tạo",
    "địa lý",
    "đô thị",
    "đổi mới",
    "Hải Phòng",
    "hợp tác",
    "khí hậu",
    "kiến thức",
    "mục tiêu",
    "năng lượng",
    "nhãn hiệu",
    "pháp luật",
    "phát triển",
    "sáng chế",
    "sáng kiến",
    "sáng tạo",
    "sở hữu",
    "Thanh Hà",
    "thế giới",
    "thể chế",
    "tiêu dùng",
    "trí tuệ",
    "tương lai chung",
    "tương lai",
    "văn hóa",
    "xây dựng",
)
_PATTERN = re.compile(rf"\b(?:{'|'.join(_COMPOUNDS)})\b", re.IGNORECASE)
_NO_BREAK = "\N{NO-BREAK SPACE}"


@register.filter
@stringfilter
def keep_together(heading: str) -> str:
    """The heading with the known two-syllable compounds joined by no-break spaces."""
    return _PATTERN.sub(lambda found: found.group().replace(" ", _NO_BREAK), heading)


@register.filter
@stringfilter
def theme(lead: str) -> str:
    """The theme alone of a campaign's lead «subject: theme.»; all of it where there is no colon."""
    words = (lead.partition(": ")[2] or lead).strip()
    return words.removesuffix(".")
