"""The register as a workbook, and as a book to print."""

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from learning.certificates.register.checks import ChainState
from learning.certificates.register.lines import Line
from learning.staff.files import safe
from learning.typesetting import typeset

# A volume of the printed book; a longer one would keep the worker too long.
LINES_A_VOLUME = 2000
_TEMPLATE = Path(__file__).parent / "register.typ"
_WIDTHS = (6, 24, 12, 28, 12, 36, 40, 16, 12, 14, 48)
_BOOK = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def headings() -> list[str]:
    """The titles of the columns, in their order."""
    return [
        _("No. in the list"),
        _("Number"),
        _("Register number"),
        _("Full name"),
        _("Birth date"),
        _("Unit"),
        _("Course"),
        _("Result"),
        _("Issued on"),
        _("State"),
        pgettext("register", "Note"),
    ]


def write_xlsx(
    lines: Iterable[Line], *, told: Iterable[tuple[str, str]], chains: Iterable[ChainState]
) -> IO[bytes]:
    """The workbook, in a temporary file open at its start; `told` says what was asked for.

    Text is written as text, and marked besides, so that no program ever computes it.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  the response closes it
    book = xlsxwriter.Workbook(file, _BOOK)
    bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
    write_lines(book, book.add_worksheet(_("Register")), lines, bold)
    about = book.add_worksheet(_("Notes"))
    about.set_column(0, 0, 28)
    about.set_column(1, 1, 70)
    for place, (name, value) in enumerate([*told, *_of_chains(chains)]):
        about.write_string(place, 0, name, bold)
        about.write_string(place, 1, safe(value))
    book.close()
    file.seek(0)
    return file


def write_lines(book: Any, sheet: Any, lines: Iterable[Line], bold: Any) -> None:
    """The lines with their titles on a sheet."""
    day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    for column, (title, width) in enumerate(zip(headings(), _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 4)
    last = 0
    for last, line in enumerate(lines, start=1):
        sheet.write_number(last, 0, line.place)
        sheet.write_string(last, 1, line.number)
        sheet.write_string(last, 2, line.register_number)
        sheet.write_string(last, 3, safe(line.full_name))
        if line.birth_date is not None:
            sheet.write_datetime(last, 4, line.birth_date, day)
        sheet.write_string(last, 5, safe(line.unit_name))
        sheet.write_string(last, 6, safe(line.course_title))
        sheet.write_string(last, 7, safe(line.result))
        sheet.write_datetime(last, 8, line.issued_on, day)
        sheet.write_string(last, 9, str(line.state.label))
        sheet.write_string(last, 10, safe(line.note))
    sheet.autofilter(0, 0, last, len(_WIDTHS) - 1)


def draw_book(
    lines: Iterable[Line], *, scope: str, volume: str, chains: Iterable[ChainState]
) -> bytes:
    """The book as PDF, A4 landscape, in Vietnamese as the register is.

    `scope` says what is in it, `volume` which part it is («» for all of it).
    """
    with translation.override("vi"):
        now = timezone.localtime()
        issuer = settings.CERTIFICATE_ISSUER
        book = {
            "parent": issuer["parent"],
            "name": issuer["name"],
            "scope": scope,
            "volume": volume,
            "place_and_date": f"{issuer['place']}, {_day_in_words(now)}",
            "made": f"{now:%H:%M %d/%m/%Y}",
            "trial": settings.DEMO,
            "headings": [str(title) for title in headings()],
            "lines": [_cells(line) for line in lines],
            "chains": [list(pair) for pair in _of_chains(chains)],
        }
    return typeset(_TEMPLATE, inputs={"book": json.dumps(book, ensure_ascii=False)}, format="pdf")


def _cells(line: Line) -> list[str]:
    return [
        str(line.place),
        line.number,
        line.register_number,
        line.full_name,
        f"{line.birth_date:%d/%m/%Y}" if line.birth_date else "",
        line.unit_name,
        line.course_title,
        line.result,
        f"{line.issued_on:%d/%m/%Y}",
        str(line.state.label),
        line.note,
    ]


def _of_chains(chains: Iterable[ChainState]) -> Iterable[tuple[str, str]]:
    """How each chain ends: with this an older print proves what was in the register then."""
    for one in chains:
        yield (
            _("Chain of %(issuer)s") % {"issuer": one.chain.issuer},
            _("%(count)s entries; the last one's hash is %(hash)s")
            % {"count": one.chain.last_sequence, "hash": one.chain.last_hash},
        )


def _day_in_words(now: Any) -> str:
    """«ngày 05 tháng 3 năm 2026»: a zero only for days below 10 and months below 3."""
    month = f"{now.month:02d}" if now.month < 3 else str(now.month)
    return f"ngày {now.day:02d} tháng {month} năm {now.year}"
