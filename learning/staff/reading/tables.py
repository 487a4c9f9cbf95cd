"""Cells out of XLSX and CSV files: rows as they stand, one at a time, whatever the file's size.

Refused with a sentence, before anything is unpacked into memory: files too large, archives that
swell, workbooks with macros, old or locked workbooks, what is no table at all.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO

import openpyxl
from django.utils.translation import gettext as _

from quizzes.exchange.base import FileError
from quizzes.exchange.formats.xlsx import check_archive
from quizzes.exchange.texts import decode

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 60
_MOST_CELL = 2_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
# Everything after so many empty rows is a formatted void.
_MOST_EMPTY = 500


@dataclass(frozen=True)
class Row:
    """A row of a file: its number as a spreadsheet shows it (from 1), and its cells from A on."""

    number: int
    cells: tuple[Any, ...]

    def __getitem__(self, column: int) -> Any:
        """The cell in this column (from 0), None where the row is shorter."""
        return self.cells[column] if column < len(self.cells) else None

    @property
    def filled(self) -> list[int]:
        """The columns in which something stands."""
        return [
            column
            for column, value in enumerate(self.cells)
            if value is not None and str(value).strip()
        ]


class Formula(str):
    """What a cell computes, with its «=»; its result is not in the file's text."""

    __slots__ = ()


def check_file(name: str, stream: BinaryIO, size: int) -> None:
    """Raises `FileError`, with what to do, for a file that is not to be read at all."""
    suffix = PurePath(name).suffix.lower()
    if size > MOST_BYTES:
        raise FileError(
            _(
                "The file has %(size)s MB; at most %(most)s are taken. A list of 50,000 people has"
                " about 5: take pictures and other sheets out, or hand in one unit at a time."
            )
            % {"size": size // 1024 // 1024, "most": MOST_BYTES // 1024 // 1024}
        )
    if size == 0:
        raise FileError(_("The file is empty."))
    stream.seek(0)
    start = stream.read(8)
    if start == _OLD_OFFICE:
        stream.seek(0)
        if _LOCKED in stream.read():
            raise FileError(_("The file is locked with a password. Save it without one."))
        raise FileError(
            _("This is an old Excel file (.xls). Open it and save it as “Excel Workbook (.xlsx)”.")
        )
    if suffix == ".xlsm" or suffix == ".xlsb":
        raise FileError(
            _("The file may hold macros. Save it as “Excel Workbook (.xlsx)”, without them.")
        )
    if suffix == ".xlsx" or start.startswith(b"PK"):
        stream.seek(0)
        data = stream.read()
        check_archive(data)
        if b"vbaProject.bin" in data:
            raise FileError(
                _("The file may hold macros. Save it as “Excel Workbook (.xlsx)”, without them.")
            )
    elif suffix not in (".csv", ".tsv", ".txt"):
        raise FileError(_("Only Excel workbooks (.xlsx) and CSV files are read."))


def sheet_names(name: str, stream: BinaryIO) -> list[str]:
    """The visible sheets of a workbook, as they stand; one without a name for a CSV file."""
    if not _is_workbook(stream):
        return [""]
    book = _opened(stream)
    try:
        return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    finally:
        book.close()


def read_rows(stream: BinaryIO, *, sheet: str = "") -> Iterator[Row]:
    """The rows of a sheet (the first visible one unless named), empty ones left out.

    Raises `FileError` for what can't be read, a sheet that isn't there, too many rows.
    """
    rows = _rows_of_workbook(stream, sheet) if _is_workbook(stream) else _rows_of_text(stream)
    empty = 0
    for row in rows:
        if row.number > MOST_ROWS:
            raise FileError(
                _("The sheet has more than %(most)s rows. Hand it in in parts.")
                % {"most": f"{MOST_ROWS:,}".replace(",", ".")}
            )
        if row.filled:
            empty = 0
            yield row
        else:
            empty += 1
            if empty > _MOST_EMPTY:
                return


def estimate_rows(stream: BinaryIO, *, sheet: str = "") -> int:
    """About how many rows the sheet has, at most `MOST_ROWS`, for a progress bar: what a workbook
    claims may be wrong. 0 where nothing is known."""
    if not _is_workbook(stream):
        stream.seek(0)
        return min(MOST_ROWS, stream.read().count(b"\n"))
    book = _opened(stream)
    try:
        rows = {one.title: one.max_row for one in book.worksheets}
        first = next(iter(rows.values()), 0)
        return min(MOST_ROWS, rows.get(sheet, first) or 0)
    finally:
        book.close()


def _is_workbook(stream: BinaryIO) -> bool:
    stream.seek(0)
    return stream.read(2) == b"PK"


def _opened(stream: BinaryIO) -> Any:
    stream.seek(0)
    try:
        return openpyxl.load_workbook(stream, read_only=True, keep_links=False)
    # A broken workbook fails inside the library in as many ways as there are parts of it.
    except Exception as error:
        raise FileError(_("This workbook cannot be read.")) from error


def _rows_of_workbook(stream: BinaryIO, name: str) -> Iterator[Row]:
    book = _opened(stream)
    try:
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        found = sheets.get(name) if name else (visible or book.worksheets or [None])[0]
        if found is None:
            raise FileError(_("The file has no sheet “%(name)s”.") % {"name": name[:60]})
        # The size a sheet claims may be wrong either way; rows are counted as they come.
        found.reset_dimensions()
        last = 0
        for cells in found.iter_rows(max_col=MOST_COLUMNS):
            last = next((cell.row for cell in cells if getattr(cell, "row", None)), last + 1)
            yield Row(last, tuple(_value(cell) for cell in cells))
    except FileError:
        raise
    except Exception as error:
        raise FileError(_("This workbook cannot be read.")) from error
    finally:
        book.close()


def _value(cell: Any) -> Any:
    value = cell.value
    if isinstance(value, str):
        if cell.data_type == "f":
            return Formula(value[:_MOST_CELL])
        return value[:_MOST_CELL]
    return value


def _rows_of_text(stream: BinaryIO) -> Iterator[Row]:
    stream.seek(0)
    text, _note = decode(stream.read())
    csv.field_size_limit(100_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        for row in reader:
            yield Row(reader.line_num, tuple(_plain(cell[:_MOST_CELL]) for cell in row))
    except csv.Error as error:
        raise FileError(
            _("Line %(line)s of the file is no row of a table.") % {"line": reader.line_num}
        ) from error


def _separator(text: str) -> str:
    """The sign that parts the first lines most, and most evenly."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    counts = {sign: sorted(line.count(sign) for line in lines) for sign in ",;\t"}
    return max(counts, key=lambda sign: counts[sign][len(lines) // 2] if lines else 0)


def _plain(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running the cell."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in set("=+-@\t") else cell
