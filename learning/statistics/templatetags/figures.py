"""Numbers as Vietnamese readers write them: 1.240 and 85,5%."""

from decimal import Decimal
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html

register = template.Library()


@register.filter
def whole(value: int) -> str:
    """A count, grouped by thousands."""
    return number_format(value, decimal_pos=0, force_grouping=True)


@register.filter
def percent(value: Decimal | None) -> str:
    """A share to one place with its sign; a dash where there is none."""
    return "–" if value is None else f"{number_format(value, decimal_pos=1)}%"


@register.filter
def score(value: Decimal | None) -> str:
    """A score in percent to one place; a dash where there is none."""
    return percent(value)


@register.filter
def change(value: Decimal) -> str:
    """A difference (a count or a share) with its sign, a real minus for what became less."""
    places = 1 if isinstance(value, Decimal) else 0
    size = number_format(abs(value), decimal_pos=places, force_grouping=True)
    return f"+{size}" if value > 0 else f"−{size}" if value < 0 else "±0"


@register.simple_tag
def number(value: int, address: str) -> str:
    """A count that opens its list; nobody's list is not opened.

    A tag and not a template: a table of units has thousands of them.
    """
    if not value:
        return "0"
    return format_html('<a href="{}?{}">{}</a>', _people_address(), address, whole(value))


@lru_cache
def _people_address() -> str:
    return reverse("statistics:people")
