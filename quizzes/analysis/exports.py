"""The files: the table of questions as on the screen, and every answer without a name.

CSV is UTF-8 with BOM, commas and a decimal point; XLSX has typed cells. An attempt is called by its
number in the file and by nothing else.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import IO, Any

import xlsxwriter
from django.db.models import F
from django.utils.translation import gettext as _

from quizzes.analysis.columns import COLUMNS, Form
from quizzes.analysis.counting import CHUNK, LONGEST_ANSWER, Selection
from quizzes.analysis.report import ItemReport
from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds import get_kind
from quizzes.bank.kinds.choices import ChoiceKind, letter
from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.versions import read_contents

BOM = "\ufeff"
# A workbook of more would take a request too long; CSV has no end.
MOST_XLSX_ATTEMPTS = 20_000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Value = str | int | float | Decimal | None
_FORMATS = {
    Form.TEXT: "@",
    Form.WHOLE: "#,##0",
    Form.PERCENT: "0.0%",
    Form.NUMBER: "0.00",
    Form.SECONDS: "0.0",
}


class Sheet:
    """Headings with the form of their column, and the rows."""

    def __init__(
        self, name: str, headings: Sequence[tuple[str, Form]], rows: Iterable[Sequence[Value]]
    ) -> None:
        self.name, self.headings, self.rows = name, headings, rows


class _Echo:
    """A file that hands each line straight back."""

    def write(self, line: str) -> str:
        return line


def item_sheet(items: Sequence[ItemReport]) -> Sheet:
    """The table of questions, their figures as shares, numbers and seconds."""
    return Sheet(
        _("Questions"),
        [(str(column.heading), column.form) for column in COLUMNS],
        ([_plain(column.value(item)) for column in COLUMNS] for item in items),
    )


def _plain(value: Any) -> Value:
    return round(float(value), 6) if isinstance(value, Fraction | float) else value


def answer_sheet(selection: Selection) -> Sheet:
    """A row for each attempt: its number here, its score, and per question answer and points.

    The rows come in chunks; a question not asked leaves its two cells empty.
    """
    versions = list(selection.items().values_list("version_id", flat=True).distinct())
    contents = read_contents(versions)
    of_version = dict(
        QuestionVersion.objects.filter(pk__in=versions).values_list("pk", "question_id")
    )
    keys = dict(
        Question.objects.filter(pk__in=set(of_version.values()))
        .order_by("pk")
        .values_list("pk", "key")
    )
    headings = [(_("Attempt"), Form.WHOLE), (_("Score"), Form.PERCENT)]
    for key in keys.values():
        headings += [(key, Form.TEXT), (_("%(key)s: points") % {"key": key}, Form.NUMBER)]
    rows = _answers(selection, contents, of_version, list(keys))
    return Sheet(_("Answers"), headings, rows)


def _answers(
    selection: Selection,
    contents: dict[int, QuestionContent],
    of_version: dict[int, int],
    questions: list[int],
) -> Iterator[Sequence[Value]]:
    places = {question: 2 + 2 * place for place, question in enumerate(questions)}
    found = (
        selection.items()
        .order_by("attempt_id", "position")
        .annotate(total=F("attempt__points"), most=F("attempt__max_points"))
        .values_list("attempt_id", "version_id", "answer", "earned", "total", "most")
        .iterator(CHUNK)
    )
    for number, (_pk, items) in enumerate(groupby(found, key=lambda row: row[0]), start=1):
        row: list[Value] = [number, None, *([None] * (2 * len(questions)))]
        for _attempt, version, answer, earned, total, most in items:
            row[1] = total / most
            place = places[of_version[version]]
            row[place : place + 2] = [_said(answer, contents[version]), earned]
        yield row


def _said(answer: Sequence[str], content: QuestionContent) -> str:
    """The letters of the options in the order written, or what was answered to each part."""
    if isinstance(get_kind(content["kind"]), ChoiceKind):
        keys = [option["key"] for option in content["options"]]
        return ", ".join(letter(keys.index(key)) for key in keys if key in answer)
    return "; ".join(one if len(one) <= LONGEST_ANSWER else _("(a text)") for one in answer)


def safe_text(text: str) -> str:
    """`text` so that a spreadsheet shows it and never computes it."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """The sheet, line by line."""
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow([safe_text(heading) for heading, _form in sheet.headings])
    for row in sheet.rows:
        yield writer.writerow([_csv_cell(value) for value in row])


def _csv_cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe_text(value)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def write_xlsx(sheet: Sheet) -> IO[bytes]:
    """The sheet as a workbook, in a temporary file open at its start."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
    forms = {form: book.add_format({"num_format": text}) for form, text in _FORMATS.items()}
    page = book.add_worksheet(sheet.name[:31])
    page.freeze_panes(1, 1)
    for place, (heading, form) in enumerate(sheet.headings):
        page.set_column(place, place, 40 if form is Form.TEXT else 12)
        page.write_string(0, place, heading, head)
    for line, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row):
            form = forms[sheet.headings[place][1]]
            if isinstance(value, str):
                page.write_string(line, place, value, form)
            elif value is not None:
                page.write_number(line, place, float(value), form)
    book.close()
    file.seek(0)
    return file
