"""Hours as readers of the page's language write them."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def hours(value: Decimal | None) -> str:
    """To one place where there is a fraction; a dash where there is nothing."""
    if value is None:
        return "–"
    whole = value == value.to_integral_value()
    return str(number_format(value, decimal_pos=0 if whole else 1, force_grouping=True))
