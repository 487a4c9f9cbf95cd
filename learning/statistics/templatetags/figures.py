"""Numbers as Vietnamese readers write them: 1.240 and 85,5%."""

from decimal import Decimal
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.formats import get_format, number_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from learning.statistics.queries import Row
from learning.statistics.screen import Links

register = template.Library()


@register.filter
def whole(value: int) -> str:
    """A count, grouped by thousands."""
    return f"{value:,}".replace(",", get_format("THOUSAND_SEPARATOR"))


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
    return SafeString(_number(value, escape(address)))


@register.simple_tag
def unit_line(row: Row, links: Links) -> str:
    """The line of a unit in the table of the overview: hundreds of them at the city's."""
    counts, name = row.figures, escape(row.unit.name)
    if row.direct:
        head = escape(_("%(unit)s (directly)") % {"unit": row.unit.name})
    else:
        head = SafeString(f'<a href="{_overview_address()}?{escape(links.below)}">{name}</a>')
    # The addresses of a line are one with different ends: it is escaped once.
    everybody = escape(links.assigned)

    def cell(count: int, address: str) -> str:
        ending = escape(address.removeprefix(links.assigned))
        return f'<td class="r">{_number(count, everybody + ending)}</td>'

    return SafeString(
        f'<tr><th scope="row">{head}</th>'
        f"{cell(counts.assigned, links.assigned)}"
        f"{cell(counts.completed, links.completed)}"
        f"{cell(counts.in_progress, links.in_progress)}"
        f"{cell(counts.not_started, links.not_started)}"
        f"{cell(counts.overdue, links.overdue)}"
        f"{cell(counts.exempt, links.exempt)}"
        f'<td class="r"><b>{percent(counts.rate)}</b></td>'
        f'<td class="r">{score(counts.mean_score)}</td>'
        f"{cell(counts.certificates, links.certificates)}</tr>"
    )


def _number(value: int, address: str) -> str:
    """`address` is escaped already."""
    return f'<a href="{_people_address()}?{address}">{whole(value)}</a>' if value else "0"


@lru_cache
def _people_address() -> str:
    return reverse("statistics:people")


@lru_cache
def _overview_address() -> str:
    return reverse("statistics:overview")
