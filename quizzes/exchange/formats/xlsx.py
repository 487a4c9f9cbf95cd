"""XLSX: one question a row of the first sheet, or of the one called «Câu hỏi»."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.bank.kinds import kind_names
from quizzes.exchange.base import Draft, Entry, FileError, Format, Loss, Written
from quizzes.exchange.sheets import QUESTIONS, fill_questions
from quizzes.exchange.table import read_rows, write_rows
from quizzes.exchange.texts import decimal_text, printable

# Unpacked; a workbook of 5,000 questions has some 10 MB.
MOST_BYTES = 100 * 1024 * 1024
MOST_PARTS = 1000
MOST_ROWS = 10_000
MOST_COLUMNS = 500
# What one cell can hold.
MOST_CELL = 32_767
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class XlsxFormat(Format):
    """A workbook, as the template makes one."""

    name = "xlsx"
    label = gettext_lazy("Excel workbook")
    rank = 30
    extensions = (".xlsx",)
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    kinds = frozenset(kind_names())

    def read(self, data: bytes) -> list[Entry]:
        check_archive(data)
        try:
            book = openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=True, keep_links=False
            )
            sheets = {sheet.title: sheet for sheet in book.worksheets}
            sheet = sheets.get(QUESTIONS) or next(iter(sheets.values()))
            notes: dict[int, list[str]] = {}
            rows = list(_rows(sheet, notes))
        except FileError:
            raise
        # A broken workbook fails inside the library in as many ways as there are parts of it.
        except Exception as error:
            raise FileError(_("This workbook cannot be read.")) from error
        return read_rows(rows, notes)

    def write(self, drafts: Sequence[Draft]) -> Written:
        rows, columns, losses = write_rows(drafts)
        whole = {loss.index for loss in losses if loss.whole}
        indices = [index for index in range(len(drafts)) if index not in whole]
        for index, row in zip(indices, rows[1:], strict=True):
            if any(len(cell) > MOST_CELL for cell in row):
                losses.append(Loss(index, _("A text is too long for a cell and was cut off.")))
            row[:] = [printable(cell)[:MOST_CELL] for cell in row]
        target = io.BytesIO()
        with xlsxwriter.Workbook(target, {"in_memory": True, **PLAIN}) as book:
            fill_questions(book, rows, columns)
        return Written(target.getvalue(), tuple(losses))


# Every string is written as one: none becomes a formula, a number or a link.
PLAIN = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


def check_archive(data: bytes) -> None:
    """`FileError` for what is no archive, or would unpack to more than a workbook may have."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            too_large = sum(one.file_size for one in parts) > MOST_BYTES
            if too_large or len(parts) > MOST_PARTS:
                raise FileError(_("The file unpacks to too much."))
            if "xl/workbook.xml" not in {one.filename for one in parts}:
                raise FileError(_("This is no Excel workbook (.xlsx)."))
            left = MOST_BYTES
            for part in parts:
                left = _check_part(archive, part, left)
    except FileError:
        raise
    except Exception as error:  # zipfile fails in many ways on broken input
        raise FileError(_("This is no Excel workbook (.xlsx).")) from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """What is left of the bytes allowed after this part, whatever size it says it has."""
    with archive.open(part) as stream:
        first = True
        while block := stream.read(1 << 20):
            left -= len(block)
            if left < 0:
                raise FileError(_("The file unpacks to too much."))
            if first and _ENTITY.search(block[:4096]):
                raise FileError(_("This workbook cannot be read."))
            first = False
    return left


def _rows(sheet: Any, notes: dict[int, list[str]]) -> Iterator[list[str]]:
    # The size a sheet claims may be wrong either way; rows are counted as they come.
    sheet.reset_dimensions()
    last = 0
    for cells in sheet.iter_rows(max_col=MOST_COLUMNS):
        for cell in cells:
            if getattr(cell, "row", None):
                last = cell.row - 1
                break
        if last >= MOST_ROWS:
            raise FileError(_("The sheet has more than %(most)s rows.") % {"most": MOST_ROWS})
        last += 1
        yield [_text(cell.value, notes.setdefault(last, [])) for cell in cells]


def _text(value: Any, notes: list[str]) -> str:
    """What a cell says, in the words somebody would type."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Đúng" if value else "Sai"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else decimal_text(Decimal(repr(value)))
    if isinstance(value, datetime | date):
        notes.append(
            _("A cell holds a date; it was read as %(text)s.") % {"text": f"{value:%d/%m/%Y}"}
        )
        return f"{value:%d/%m/%Y}"
    return printable(str(value))
