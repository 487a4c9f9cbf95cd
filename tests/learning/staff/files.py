"""Staff lists as agencies send them, built in memory. All people in them are invented."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import openpyxl

from learning.staff.reading.headers import Header, find_header
from learning.staff.reading.records import ReadRow, read_records
from learning.staff.reading.tables import check_file, read_rows

TODAY = datetime.date(2026, 11, 22)
HEADER = (
    "STT",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Chức vụ",
    "Phòng/Đơn vị",
    "Email",
    "Điện thoại",
    "Ghi chú",
)


def workbook(
    rows: Iterable[Sequence[Any]], *, title: str = "Danh sách", **others: Iterable[Sequence[Any]]
) -> bytes:
    """An XLSX file with these rows in its first sheet, and further sheets by name."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for name, further in others.items():
        added = book.create_sheet(name)
        for row in further:
            added.append(list(row))
    return _saved(book)


def made(fill: Callable[[Any], None]) -> bytes:
    """An XLSX file whose one sheet `fill` fills as it likes."""
    book = openpyxl.Workbook()
    fill(book.active)
    return _saved(book)


def _saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def bomb(size: int = 120 * 1024 * 1024) -> bytes:
    """A small archive whose sheet unpacks to `size` bytes."""
    target = io.BytesIO(workbook([HEADER]))
    block = b" " * (1 << 20)
    with (
        zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet2.xml", "w") as part,
    ):
        for _number in range(size // len(block)):
            part.write(block)
    return target.getvalue()


def with_macros(data: bytes) -> bytes:
    """The same workbook with a VBA project in it."""
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return target.getvalue()


def read(data: bytes, name: str = "ds.xlsx", *, sheet: str = "") -> tuple[Header, list[ReadRow]]:
    """The header and the persons of a file, as the import reads them."""
    stream = io.BytesIO(data)
    check_file(name, stream, len(data))
    rows = list(read_rows(stream, sheet=sheet))
    header = find_header(rows)
    return header, list(read_records(rows, header, today=TODAY))
