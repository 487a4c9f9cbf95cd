"""The files: the same rows as the screen, as CSV and as XLSX.

CSV is for every program in every locale: UTF-8 with BOM and commas, dates as yyyy-mm-dd and a
decimal point, which Excel reads as dates and numbers under Vietnamese and English settings alike.
XLSX has typed cells and shows dates and numbers as Vietnamese readers write them.
"""

import csv
import datetime
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from learning.statistics.columns import (
    PEOPLE_COLUMNS,
    Cell,
    Column,
    Kind,
    notes,
    unit_columns,
)
from learning.statistics.people import PersonRow, person_rows
from learning.statistics.queries import Report, Row

BOM = "\ufeff"
# Lines of CSV sent at once: a web server is slow with each by itself.
BLOCK = 500
# A sheet's last row in Excel; the heading takes one.
MOST_ROWS = 1_048_575
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_text(text: str) -> str:
    """`text` so that a spreadsheet shows it and never computes it."""
    # Nearly every text begins with a letter, and a file has millions of them.
    if text[:1].isalnum():
        return text
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def csv_blocks(report: Report, people: Iterable[PersonRow] | None = None) -> Iterator[str]:
    """The list of people, some hundred lines at a time, as the web server sends it.

    `people` are those of the report, where somebody counts them on their way.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BOM)
    writer.writerow([safe_text(str(column.heading)) for column in PEOPLE_COLUMNS])
    rows = iter(person_rows(report.filters) if people is None else people)
    while block := list(islice(rows, BLOCK)):
        writer.writerows(map(_csv_line, block))
        yield _taken(buffer)
    if buffer.tell():
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _csv_line(row: PersonRow) -> list[str]:
    return [_csv_cell(column.value(row), column.kind) for column in PEOPLE_COLUMNS]


def _csv_cell(value: Cell, kind: Kind) -> str:
    if value is None:
        return ""
    if kind is Kind.TEXT:
        return safe_text(str(value))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def write_xlsx(report: Report, people: Iterable[PersonRow] | None = None) -> IO[bytes]:
    """The workbook, in a temporary file open at its start: people, units, notes.

    Rows go to disk as they are written. Where Excel's sheet ends, people go on in a further one,
    which the notes say.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  the response closes it
    try:
        _write_book(file, report, person_rows(report.filters) if people is None else people)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _write_book(file: IO[bytes], report: Report, people: Iterable[PersonRow]) -> None:
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    moment = report.filters.moment
    if moment.is_past:
        book.set_properties({"created": datetime.datetime.combine(moment.day, datetime.time.min)})
    formats = _Formats(book)
    sheets = _people_sheets(book, formats, iter(people))
    whole = Row(
        unit=report.rows[0].unit if report.rows else report.filters.scope.tops[0],
        figures=report.total,
    )
    _sheet(book, formats, _("By unit"), unit_columns(report), report.rows, total=whole)
    about = book.add_worksheet(_("Notes"))
    about.set_column(0, 0, 28)
    about.set_column(1, 1, 60)
    told = notes(report)
    if sheets > 1:
        told.append((_("Sheets of people"), sheets))
    for line, (name, value) in enumerate(told):
        about.write_string(line, 0, name, formats.heading)
        _write(about, formats, line, 1, value, None)
    book.close()


_A4 = 9


class _Formats:
    def __init__(self, book: Any) -> None:
        self.heading = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        self.bold = book.add_format({"bold": True, "top": 1})
        self.total = {
            Kind.NUMBER: book.add_format({"bold": True, "top": 1, "num_format": "#,##0"}),
            Kind.DECIMAL: book.add_format({"bold": True, "top": 1, "num_format": "0.0"}),
        }
        self.by_kind = {
            Kind.TEXT: book.add_format({}),
            Kind.NUMBER: book.add_format({"num_format": "#,##0"}),
            Kind.DECIMAL: book.add_format({"num_format": "0.0"}),
            Kind.DATE: book.add_format({"num_format": "dd/mm/yyyy", "align": "left"}),
        }


def _sheet(
    book: Any,
    formats: _Formats,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    total: Row | None = None,
) -> None:
    sheet = book.add_worksheet(name)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, str(column.heading), formats.heading)
    sheet.freeze_panes(1, 1)
    # On paper: A4 across, as many sheets down as it takes, the headings on each.
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C&P/&N")
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            value = column.value(row)
            _write(sheet, formats, last, place, value, column.kind)
    # The filter covers the rows and not the line of totals, so that sorting leaves it in place.
    sheet.autofilter(0, 0, last, len(columns) - 1)
    if total is not None:
        sheet.write_string(last + 1, 0, _("Total"), formats.bold)
        for place, column in enumerate(columns[1:], start=1):
            _write_total(sheet, formats, columns, last, place, column.value(total))


def _write_total(
    sheet: Any,
    formats: _Formats,
    columns: Sequence[Column],
    last: int,
    place: int,
    value: Cell,
) -> None:
    """The total of one column, below the `last` row: a formula that gives what the report has."""
    column, line = columns[place], last + 1
    formula = ""
    if column.adds and last:
        formula = f"=SUM({xl_range(1, place, last, place)})"
    elif column.share:
        part, whole = (
            xl_rowcol_to_cell(line, next(n for n, c in enumerate(columns) if c.name == name))
            for name in column.share
        )
        formula = f'=IF({whole}=0,"",ROUND({part}/{whole}*100,1))'
    if not formula:
        # Means and medians are those of all people: no formula over the units gives them.
        _write(sheet, formats, line, place, value, column.kind)
        return
    shown = "" if value is None else float(value)  # type: ignore[arg-type]
    sheet.write_formula(line, place, formula, formats.total[column.kind], shown)


def _write(
    sheet: Any, formats: _Formats, line: int, place: int, value: Cell, kind: Kind | None
) -> None:
    """One typed cell. Text is written as text, so it can never be a formula."""
    if value is None or value == "":
        return
    if kind is None:
        kind = Kind.TEXT
        if isinstance(value, int | Decimal):
            kind = Kind.NUMBER
        elif not isinstance(value, str):
            kind = Kind.DATE
    form = formats.by_kind[kind]
    if kind is Kind.DATE:
        sheet.write_datetime(line, place, value, form)
    elif kind is Kind.TEXT:
        sheet.write_string(line, place, str(value), form)
    else:
        sheet.write_number(line, place, float(value), form)  # type: ignore[arg-type]


def _people_sheets(book: Any, formats: _Formats, rows: Iterator[PersonRow]) -> int:
    """People on as many sheets as it takes, at least one; how many it took."""
    waiting = next(rows, None)
    number = 0
    while waiting is not None or not number:
        number += 1
        name = _("People") if number == 1 else f"{_('People')} {number}"
        ahead = [] if waiting is None else [waiting]
        _sheet(book, formats, name, PEOPLE_COLUMNS, islice(chain(ahead, rows), MOST_ROWS))
        waiting = next(rows, None)
    return number
