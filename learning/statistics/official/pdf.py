"""The report and its tables as PDF, from the same words and figures as the document in Word.

Tagged after PDF/UA-1, so that a screen reader can follow. All text reaches the templates as JSON
and is printed as text, never as markup.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from learning.statistics.columns import PEOPLE_COLUMNS, Column, Kind, notes, unit_columns
from learning.statistics.official.models import Letterhead
from learning.statistics.official.wording import (
    MOTTO,
    NATION,
    Paper,
    paper_of,
    shown,
    stamp_of,
    whole,
)
from learning.statistics.people import person_rows
from learning.statistics.queries import Report
from learning.typesetting import typeset

_HERE = Path(__file__).resolve().parent
# A list on paper that is longer is read by nobody, and setting it would keep the server.
MOST_PEOPLE = 2_000
# On paper a list says who, where and how far; codes and addresses are for programs.
_ON_PAPER = (0, 3, 4, 6, 7, 10, 12, 13, 15)


def write_pdf(paper: Paper, head: Letterhead) -> bytes:
    """The report of `write_docx` as PDF."""
    annex = paper.annex
    number, _dot, name = annex.heading.partition(". ")
    told = {
        "about": paper.about,
        "parent": head.parent_name,
        "agency": head.agency_name,
        "nation": NATION,
        "motto": MOTTO,
        # Blank until the report is registered: spaces of their own width, that don't collapse.
        "number": f"Số:{_blank(8)}/{head.symbol or 'BC'}",
        "date": f"{head.place}, ngày{_blank(6)}tháng{_blank(6)}năm {paper.year}",
        "to": _("To: %(whom)s") % {"whom": head.addressee} if head.addressee else "",
        "sections": [
            {"heading": one.heading, "paragraphs": one.paragraphs, "table": one.table}
            for one in paper.sections
        ],
        "recipients": [*(f"- {line.rstrip(';.')};" for line in _lines(head.recipients)), _FILED],
        "signer": _lines(head.signer_lines),
        "name": head.signer_name,
        "annex": {
            "number": number,
            "name": name,
            "headings": ["TT", *(str(column.heading) for column in annex.columns)],
            "rows": [
                [str(place), *_cells(annex.columns, row)]
                for place, row in enumerate(annex.rows, start=1)
            ],
            "total": ["", *_total(annex.columns, annex.total)],
        },
    }
    return _set("report.typ", "paper", told, paper.made_at)


_FILED = "- Lưu: VT."


def write_units_pdf(report: Report) -> bytes:
    """The table by unit, the question above it."""
    annex = paper_of(report).annex
    columns = unit_columns(report)
    return _sheet(
        report,
        title=str(_("Results by unit")),
        columns=columns,
        rows=annex.rows,
        total=_total(columns, annex.total),
    )


def write_people_pdf(report: Report) -> bytes:
    """The list of people, the question above it; a longer one than `MOST_PEOPLE` says so."""
    columns = [PEOPLE_COLUMNS[place] for place in _ON_PAPER]
    rows = list(islice(person_rows(report.filters), MOST_PEOPLE + 1))
    cut = len(rows) > MOST_PEOPLE
    return _sheet(
        report,
        title=str(_("List of people")),
        columns=columns,
        rows=rows[:MOST_PEOPLE],
        more=[(str(_("Printed")), _("the first %(n)s only") % {"n": whole(MOST_PEOPLE)})]
        if cut
        else [],
    )


def _sheet(
    report: Report,
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Any],
    total: Sequence[str] = (),
    more: Sequence[tuple[str, str]] = (),
) -> bytes:
    asked = [(name, shown(value, Kind.TEXT)) for name, value in notes(report) if value != ""]
    told = {
        "title": title,
        "notes": [*asked, *more],
        "headings": [str(column.heading) for column in columns],
        "widths": [max(column.width, 11) for column in columns],
        "right": [column.kind in (Kind.NUMBER, Kind.DECIMAL) for column in columns],
        "rows": [_cells(columns, row) for row in rows],
        "total": list(total),
    }
    return _set("table.typ", "sheet", told, stamp_of(report))


def _cells(columns: Sequence[Column], row: Any) -> list[str]:
    return [shown(column.value(row), column.kind) for column in columns]


def _total(columns: Sequence[Column], row: Any) -> list[str]:
    return [str(_("Total")), *_cells(columns, row)[1:]]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _blank(width: int) -> str:
    return "\N{NO-BREAK SPACE}" * width


def _set(template: str, name: str, told: dict[str, Any], made_at: datetime.datetime) -> bytes:
    return typeset(
        _HERE / template,
        inputs={name: json.dumps(told, ensure_ascii=False)},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=made_at.astimezone(datetime.UTC).replace(microsecond=0),
    )
