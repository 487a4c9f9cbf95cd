"""The list and the totals as CSV and XLSX, in the columns' own way."""

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.statistics.columns import Cell, Column, Kind
from learning.statistics.exports import BOM, MOST_ROWS, safe_text
from learning.statistics.hours.queries import HoursReport, Shown, Totals, UnitHours

_TEXT, _NUMBER, _DECIMAL = Kind.TEXT, Kind.NUMBER, Kind.DECIMAL


def _own(heading: Any, name: str, width: int) -> Column:
    return Column(heading, lambda row: getattr(row, name), _TEXT, width)


def _hours(heading: Any, value: Callable[[Any], Cell]) -> Column:
    return Column(heading, value, _DECIMAL, 13)


PEOPLE: tuple[Column, ...] = (
    _own(gettext_lazy("Full name"), "full_name", 28),
    _own(gettext_lazy("Staff code"), "staff_code", 16),
    _own(gettext_lazy("Position"), "position", 20),
    _own(gettext_lazy("Unit"), "unit_name", 44),
    _hours(gettext_lazy("Online courses (hours)"), lambda row: row.balance.online),
    _hours(gettext_lazy("Outside courses (hours)"), lambda row: row.balance.outside),
    _hours(gettext_lazy("Total hours"), lambda row: row.balance.total),
    _hours(gettext_lazy("Obligation (hours)"), lambda row: row.balance.due),
    _hours(
        gettext_lazy("Missing (hours)"),
        lambda row: None if row.balance.due is None else row.balance.missing,
    ),
)


def _figure(heading: Any, name: str, kind: Kind = _NUMBER) -> Column:
    return Column(heading, lambda line: getattr(line.totals, name), kind, 14)


UNITS: tuple[Column, ...] = (
    Column(gettext_lazy("Unit"), lambda line: unit_name(line), _TEXT, 44),
    _figure(gettext_lazy("Number of people"), "people"),
    _figure(gettext_lazy("With an obligation"), "obliged"),
    _figure(gettext_lazy("Obligation reached"), "reached"),
    _figure(gettext_lazy("Short of the obligation"), "short"),
    _figure(gettext_lazy("Reached (%)"), "rate", _DECIMAL),
    _figure(gettext_lazy("Total hours"), "hours", _DECIMAL),
    _figure(gettext_lazy("Hours a person"), "mean", _DECIMAL),
)
# Columns whose last line can be added up; the others are computed from the totals.
_ADDED = frozenset({1, 2, 3, 4, 6})


def unit_name(line: UnitHours) -> str:
    """A line's name; people at the unit itself, beside its sub-units, are told apart."""
    if line.direct:
        return str(_("%(unit)s (directly)")) % {"unit": line.unit.name}
    return line.unit.name


@dataclass(frozen=True)
class _Whole:
    """The last line: no unit's, all of them together."""

    totals: Totals


class _Echo:
    """A file that hands each line straight back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(report: HoursReport) -> Iterator[str]:
    """The list, line by line, as the web server sends it."""
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow([safe_text(str(column.heading)) for column in PEOPLE])
    for row in report.everyone():
        yield writer.writerow([_csv_cell(column, row) for column in PEOPLE])


def _csv_cell(column: Column, row: Any) -> str:
    value = column.value(row)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return safe_text(str(value))


def write_xlsx(report: HoursReport) -> IO[bytes]:
    """The workbook, in a temporary file open at its start: people, totals by unit, notes.

    Totals are formulas over the lines above them, with the values they come to.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
    kinds = {
        Kind.TEXT: book.add_format({}),
        Kind.NUMBER: book.add_format({"num_format": "#,##0"}),
        Kind.DECIMAL: book.add_format({"num_format": "#,##0.0"}),
    }
    sheet = book.add_worksheet(_("People"))
    _write(sheet, PEOPLE, report.everyone(), bold, kinds)
    sheet = book.add_worksheet(_("By unit"))
    last = _write(sheet, UNITS, report.lines, bold, kinds)
    _write_total(sheet, report, last, bold)
    sheet = book.add_worksheet(_("Notes"))
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 60)
    for place, (name, text) in enumerate(notes(report)):
        sheet.write_string(place, 0, name, bold)
        sheet.write_string(place, 1, text)
    book.close()
    file.seek(0)
    return file


def _write(
    sheet: Any, columns: tuple[Column, ...], rows: Iterable[Any], bold: Any, kinds: Any
) -> int:
    """A table with its heading; the place of its last line."""
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, str(column.heading), bold)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    last = 0
    for last, row in enumerate(rows, start=1):
        if last > MOST_ROWS:
            break
        for place, column in enumerate(columns):
            value = column.value(row)
            if value is None or value == "":
                continue
            if column.kind is Kind.TEXT:
                sheet.write_string(last, place, str(value))
            else:
                sheet.write_number(last, place, float(value), kinds[column.kind])  # type: ignore[arg-type]
    sheet.autofilter(0, 0, last, len(columns) - 1)
    return last


def _write_total(sheet: Any, report: HoursReport, last: int, bold: Any) -> None:
    whole = _Whole(report.total)
    sheet.write_string(last + 1, 0, _("Total"), bold)
    for place, column in enumerate(UNITS[1:], start=1):
        value = column.value(whole)
        if value is None:
            continue
        number = float(value)  # type: ignore[arg-type]
        if place in _ADDED and last:
            letter = "ABCDEFGH"[place]
            sheet.write_formula(
                last + 1, place, f"=SUM({letter}2:{letter}{last + 1})", bold, number
            )
        else:
            sheet.write_number(last + 1, place, number, bold)


def notes(report: HoursReport) -> list[tuple[str, str]]:
    """What the file says about itself: the question that was asked."""
    asked = report.asked
    return [
        (_("Year"), str(asked.year)),
        (_("Unit"), asked.unit.name if asked.unit else _("All my units")),
        (_("Shown"), str(Shown(asked.shown).label) if asked.shown else _("All")),
        (_("Search"), asked.search),
        (_("People and units of"), f"{asked.day:%d/%m/%Y}"),
    ]
