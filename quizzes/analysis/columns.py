"""The columns of the table of questions: screen, CSV and XLSX take them from here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quizzes.analysis.report import ItemReport
from quizzes.bank.content import in_language
from quizzes.bank.kinds import get_kind

Value = str | int | float | Fraction | None
NOTHING = "–"


class Form(Enum):
    """How a value is written."""

    TEXT = "text"
    WHOLE = "whole"
    PERCENT = "percent"
    NUMBER = "number"
    SECONDS = "seconds"


@dataclass(frozen=True)
class Column:
    """A column: its name in addresses, heading, explanation, and value of a row."""

    name: str
    heading: str | Promise
    value: Callable[[ItemReport], Value]
    form: Form
    help_text: str | Promise = ""
    # Whether it says little when it rests on few attempts.
    is_figure: bool = True

    def show(self, item: ItemReport) -> str:
        """The value as it stands on the screen."""
        return shown(self.value(item), self.form)


def shown(value: Value, form: Form) -> str:
    """A value as it stands on the screen, in the language of the page; a dash for none."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, str):
        return value
    if form is Form.PERCENT:
        return f"{number_format(float(value) * 100, 1)}%"
    if form is Form.NUMBER:
        return number_format(float(value), 2)
    if form is Form.SECONDS:
        minutes, seconds = divmod(round(float(value)), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return number_format(int(value), force_grouping=True)


def title_of(item: ItemReport) -> str:
    """The question's text in the language of the page, cut short."""
    content = in_language(item.content, get_language())
    prompt = get_kind(content["kind"]).prompt(content["prompt"])
    return Truncator(" ".join(prompt.split())).chars(110)


COLUMNS = (
    Column("question", _("Question"), title_of, Form.TEXT, is_figure=False),
    Column("version", _("Version"), lambda item: item.number, Form.WHOLE, is_figure=False),
    Column(
        "kind",
        _("Kind"),
        lambda item: str(get_kind(item.content["kind"]).label),
        Form.TEXT,
        is_figure=False,
    ),
    Column(
        "count", _("Attempts"), lambda item: item.figures.count, Form.WHOLE, is_figure=False,
        help_text=_("finished attempts that asked this version"),
    ),
    Column(
        "facility", _("Facility"), lambda item: item.figures.facility, Form.PERCENT,
        help_text=_("mean share of the points; the higher, the easier"),
    ),
    Column(
        "deviation", _("Standard deviation"), lambda item: item.figures.deviation, Form.PERCENT,
        help_text=_("how far the shares of the points lie apart"),
    ),
    Column(
        "discrimination", _("Discrimination"), lambda item: item.figures.discrimination,
        Form.NUMBER,
        help_text=_("mean share of the best 27% less that of the weakest 27%; good from 0.3"),
    ),
    Column(
        "correlation", _("Item–rest correlation"), lambda item: item.figures.correlation,
        Form.NUMBER,
        help_text=_("with the other questions' points (point-biserial); good from 0.2"),
    ),
    Column(
        "efficiency", _("Efficiency"), lambda item: item.figures.efficiency, Form.PERCENT,
        help_text=_("share of the greatest possible covariance with the other questions"),
    ),
    Column("blank", _("Left out"), lambda item: item.blank_share, Form.PERCENT),
    Column(
        "seconds", _("Median time"), lambda item: item.seconds, Form.SECONDS,
        help_text=_("minutes and seconds since the answer saved before, or since the start"),
    ),
    Column(
        "flags", _("Remarks"), lambda item: " ".join(flag.text for flag in item.flags), Form.TEXT,
        is_figure=False,
    ),
)  # fmt: skip


class Cell(NamedTuple):
    """A cell of the table on the screen; `faint` where it rests on too few attempts."""

    text: str
    column: Column
    faint: bool


# What the page lays out itself; the rest are plain cells.
_LAID_OUT = ("question", "kind", "version", "flags")
FIGURES = tuple(column for column in COLUMNS if column.name not in _LAID_OUT)


def heading_columns() -> list[Column]:
    """The columns of the table on the screen: the question, its remarks, its figures."""
    by_name = {column.name: column for column in COLUMNS}
    return [by_name["question"], by_name["flags"], *FIGURES]


def cells(item: ItemReport) -> list[Cell]:
    """The figures of a question as cells."""
    return [
        Cell(column.show(item), column, column.is_figure and not item.is_enough)
        for column in FIGURES
    ]


def sort_items(items: Sequence[ItemReport], by: str) -> list[ItemReport]:
    """The questions in the order of a column («-» before its name: downwards), else remarks first.

    What has no value stands last both ways.
    """
    column = next((one for one in COLUMNS if one.name == by.lstrip("-")), None)
    if column is None or column.name == "flags":
        return sorted(items, key=lambda item: (_gravest(item), item.figures.facility))
    with_value = [item for item in items if column.value(item) is not None]
    without = [item for item in items if column.value(item) is None]
    return [
        *sorted(with_value, key=lambda item: column.value(item), reverse=by.startswith("-")),  # type: ignore[arg-type,return-value]
        *without,
    ]


def _gravest(item: ItemReport) -> int:
    return min((flag.rank for flag in item.flags), default=100)
