"""CSV: one question a row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.bank.kinds import kind_names
from quizzes.exchange.base import Draft, Entry, FileError, Format, Written
from quizzes.exchange.table import find_headers, read_rows, write_rows
from quizzes.exchange.texts import decode, printable

# What a spreadsheet would run as a formula, with the apostrophes that keep it from it.
_RISKY = re.compile(r"'*[=+\-@\t]")
MOST_CELL = 100_000


class CsvFormat(Format):
    """Separated by commas, semicolons or tabs, in whatever encoding `decode` knows."""

    name = "csv"
    label = gettext_lazy("CSV table")
    rank = 40
    extensions = (".csv", ".tsv")
    media_type = "text/csv"
    kinds = frozenset(kind_names())

    def read(self, data: bytes) -> list[Entry]:
        text, note = decode(data)
        csv.field_size_limit(MOST_CELL)
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)))
        except csv.Error as error:
            raise FileError(_("This is no CSV file: %(error)s") % {"error": error}) from error
        cleaned = [[_plain(cell) for cell in row] for row in rows]
        return read_rows(cleaned, {0: [note]} if note else None)

    def write(self, drafts: Sequence[Draft]) -> Written:
        rows, _columns, losses = write_rows(drafts)
        target = io.StringIO(newline="")
        csv.writer(target).writerows([_safe(cell) for cell in row] for row in rows)
        # With the mark, without which spreadsheets take it for another encoding.
        return Written(target.getvalue().encode("utf-8-sig"), tuple(losses))


def _separator(text: str) -> str:
    """The one under which the first row names the most columns."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def named(separator: str) -> int:
        try:
            row = next(csv.reader([first], delimiter=separator), [])
            return len([one for one in find_headers(row).values() if one])
        except (FileError, csv.Error):
            return 0

    return max(",;\t", key=named)


def _safe(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula; `_plain` is the reverse."""
    text = printable(cell)
    return f"'{text}" if _RISKY.match(text) else text


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell[1:]) else cell
