"""Files that go out: the template, and the rows with errors to be put right and handed in again."""

from __future__ import annotations

import tempfile
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from learning.staff.checking import head_of, header_of
from learning.staff.models import StaffImport, StaffImportRow
from learning.staff.reading.headers import Field, Header
from quizzes.exchange.base import FileError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Vietnamese whatever the screen's language: it is what the reading of lists and agencies know.
TEMPLATE = (
    ("STT", 6),
    ("Mã cán bộ", 14),
    ("Họ và tên", 28),
    ("Ngày sinh", 14),
    ("Giới tính", 10),
    ("Chức vụ", 22),
    ("Phòng/Đơn vị", 30),
    ("Email", 30),
    ("Điện thoại", 16),
    ("Ghi chú", 20),
)
CANONICAL = {
    Field.NUMBER: "STT",
    Field.CODE: "Mã cán bộ",
    Field.NAME: "Họ và tên",
    Field.FAMILY: "Họ và tên đệm",
    Field.GIVEN: "Tên",
    Field.BIRTH: "Ngày sinh",
    Field.BIRTH_MALE: "Năm sinh nam",
    Field.BIRTH_FEMALE: "Năm sinh nữ",
    Field.SEX: "Giới tính",
    Field.MALE: "Nam",
    Field.FEMALE: "Nữ",
    Field.POSITION: "Chức vụ",
    Field.UNIT: "Phòng/Đơn vị",
    Field.EMAIL: "Email",
    Field.PHONE: "Điện thoại",
    Field.NOTE: "Ghi chú",
}
ERRORS = "Lỗi"
# Every string is written as one: none becomes a formula, a number or a link.
_PLAIN = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write_template() -> IO[bytes]:
    """An empty list with our headers; all cells are text, so that zeros and dates stay."""
    file, book = _book()
    sheet = book.add_worksheet("Danh sách cán bộ")
    bold = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@"})
    for column, (title, width) in enumerate(TEMPLATE):
        sheet.set_column(column, column, width, text)
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 0)
    return _closed(file, book)


def write_errors(found: StaffImport) -> IO[bytes]:
    """The rows with errors under the file's own headers, with a column «Lỗi» in front.

    Put right, it is handed in as any list: that column is nothing the reading knows.
    """
    file, book = _book()
    sheet = book.add_worksheet("Dòng lỗi")
    bold = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@", "valign": "top"})
    titles, unit_column = _titles(found)
    sheet.set_column(0, 0, 60, wrapped)
    sheet.set_column(1, len(titles), 20, text)
    for column, title in enumerate([ERRORS, *titles]):
        sheet.write_string(0, column, safe(title), bold)
    rows = StaffImportRow.objects.filter(of=found, outcome="error").order_by("number")
    for place, row in enumerate(rows.iterator(chunk_size=500), start=1):
        cells = [str(cell) for cell in row.record.get("cells", [])]
        cells += [""] * (len(titles) - len(cells))
        # A group row above it may have named the unit.
        cells[unit_column] = cells[unit_column] or row.record["unit"]
        sheet.write_string(place, 0, safe(errors_text(row)), wrapped)
        for column, cell in enumerate(cells[: len(titles)], start=1):
            sheet.write_string(place, column, safe(cell), text)
    return _closed(file, book)


def errors_text(row: StaffImportRow) -> str:
    """What is wrong with a row, in one line each."""
    told = []
    for one in row.errors:
        place = f"{one['cell']}: " if one["cell"] else ""
        told.append(f"{place}{one['says']}")
    return _("Row %(row)s") % {"row": row.number} + "\n" + "\n".join(told)


def safe(text: str) -> str:
    """`text` so that no spreadsheet computes it, even when saved as CSV and opened again."""
    return f"'{text}" if text.lstrip(" ").startswith(_DANGEROUS) else text


def _titles(found: StaffImport) -> tuple[list[str], int]:
    """The titles by which the columns are read again, and the column of units."""
    try:
        header = header_of(found, head_of(found))
    except (FileError, OSError, ValueError):
        header = Header(last_row=0, titles=(), fields={})
    width = max([len(header.titles), *(column + 1 for column in header.fields)])
    titles = [
        CANONICAL.get(header.fields[column], "")
        if column in header.fields
        else (header.titles[column] if column < len(header.titles) else "")
        for column in range(width)
    ]
    if Field.UNIT in header.columns:
        return titles, header.columns[Field.UNIT]
    return [*titles, CANONICAL[Field.UNIT]], len(titles)


def _book() -> tuple[IO[bytes], Any]:
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  the response closes it
    return file, xlsxwriter.Workbook(file, {"constant_memory": True, **_PLAIN})


def _closed(file: IO[bytes], book: Any) -> IO[bytes]:
    book.close()
    file.seek(0)
    return file
