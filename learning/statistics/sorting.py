"""The order of the table of units: a column, upwards or downwards, kept in the address."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from learning.vietnamese import word_sort_key

if TYPE_CHECKING:
    from learning.statistics.filters import Filters
    from learning.statistics.queries import Row

ORDER, BACKWARDS, NAME = "sap-xep", "-", "ten"
# What stands in the address, the figure, and the heading of each column.
COLUMNS: dict[str, tuple[str, str | Promise]] = {
    NAME: ("", _("Unit")),
    "duoc-giao": ("assigned", _("Assigned")),
    "hoan-thanh": ("completed", _("Completed")),
    "dang-hoc": ("in_progress", _("In progress")),
    "chua-hoc": ("not_started", _("Not started")),
    "qua-han": ("overdue", _("Overdue")),
    "duoc-mien": ("exempt", _("Exempt")),
    "ty-le": ("rate", _("Rate")),
    "diem": ("mean_score", _("Mean score")),
    "giay-chung-nhan": ("certificates", _("Certificates")),
}


@dataclass(frozen=True)
class Heading:
    """A column's heading, which sorts by it; `sorted` is what aria-sort says, or empty."""

    label: str | Promise
    address: str
    sorted: str
    is_number: bool


def read_order(text: str) -> str:
    """The order asked for; empty is the report's own. Raises `Http404` for an unknown one."""
    if text and text.removeprefix(BACKWARDS) not in COLUMNS:
        raise Http404
    return text


def in_order(rows: tuple[Row, ...], order: str) -> tuple[Row, ...]:
    """The rows in this order, those without the figure last; unasked as the report has them."""
    if not order:
        return rows
    column, back = order.removeprefix(BACKWARDS), order.startswith(BACKWARDS)
    if column == NAME:
        return tuple(sorted(rows, key=lambda row: word_sort_key(row.unit.name), reverse=back))
    figure = COLUMNS[column][0]

    def place(row: Row) -> tuple[bool, Decimal | int]:
        value = getattr(row.figures, figure)
        return (value is None, 0 if value is None else -value if back else value)

    return tuple(sorted(rows, key=place))


def headings(filters: Filters) -> list[Heading]:
    """The columns with the addresses that sort by them: numbers begin with the largest, and a
    second click turns the order round."""
    found = []
    for column, (figure, label) in COLUMNS.items():
        up, down = column, f"{BACKWARDS}{column}"
        told = {up: "ascending", down: "descending"}.get(filters.order, "")
        first, second = (down, up) if figure else (up, down)
        order = second if filters.order == first else first
        found.append(Heading(label, filters.address(order=order), told, bool(figure)))
    return found
