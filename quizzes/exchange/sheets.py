"""The sheets of a workbook: questions, and in the template how they are written."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from quizzes.bank.content import OptionSpec
from quizzes.bank.kinds import all_kinds, kind_names
from quizzes.exchange.base import Draft
from quizzes.exchange.table import BASIC, COLUMNS, OPTION_COLUMNS, header_of, write_rows

QUESTIONS = "Câu hỏi"
GUIDE = "Hướng dẫn"
# Rows of the template that check what is typed.
_CHECKED_ROWS = 1000
_WIDTHS = {"prompt": 60, "kind": 24, "explanation": 40, "text": 28, "why": 28, "key": 16}


def fill_questions(
    book: Workbook, rows: Sequence[Sequence[str]], columns: Sequence[str]
) -> Worksheet:
    """A sheet of `rows`, the first of which holds the headers; every cell is a string."""
    sheet = book.add_worksheet(QUESTIONS)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    body = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS.get(column.partition(":")[0], 14), body)
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell:
                sheet.write_string(line, place, cell, head if line == 0 else body)
    sheet.freeze_panes(1, 0)
    _check_typing(sheet, columns)
    return sheet


def _check_typing(sheet: Worksheet, columns: Sequence[str]) -> None:
    with translation.override("vi"):
        labels = [str(kind.label) for kind in all_kinds()]
    lists = {"kind": labels, "difficulty": ["1", "2", "3"]}
    for name, source in lists.items():
        place = columns.index(name)
        # Excel takes a list of at most 255 characters written out.
        if len(",".join(source)) <= 255:
            sheet.data_validation(
                1, place, _CHECKED_ROWS, place, {"validate": "list", "source": source}
            )


def template_file() -> bytes:
    """A workbook to fill in: an empty sheet of questions, and one that explains it."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        offered = [*BASIC[:7], *(f"why:{letter}" for letter in "ABCD"), *BASIC[7:]]
        fill_questions(book, [[header_of(column) for column in offered]], offered)
        _guide(book)
    return target.getvalue()


def _guide(book: Workbook) -> None:
    sheet = book.add_worksheet(GUIDE)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 26, wrap)
    sheet.set_column(1, 30, 24, wrap)
    line = 0
    for sentence in _sentences():
        sheet.write_string(line, 0, sentence, book.add_format({"valign": "top"}))
        line += 1
    line += 1
    for column, says in _columns_say().items():
        sheet.write_string(line, 0, column, bold)
        sheet.write_string(line, 1, says, book.add_format({"valign": "top"}))
        line += 1
    line += 1
    sheet.write_string(line, 0, _("One example of each kind:"), bold)
    rows, _columns, _losses = write_rows(examples())
    for number, row in enumerate(rows):
        line += 1
        for place, cell in enumerate(row):
            sheet.write_string(line, place, cell, bold if number == 0 else wrap)


def _sentences() -> list[str]:
    return [
        _("Write one question a row in the sheet «Câu hỏi». Columns may stand in any order."),
        _("Columns that are not needed may be left out; more options take more columns."),
        _("More settings of a kind stand in «Thiết lập», one a line: name=value."),
    ]


def _columns_say() -> dict[str, str]:
    vietnamese = {name: names[1] for name, names in (COLUMNS | OPTION_COLUMNS).items()}
    return {
        COLUMNS["key"][1]: _("May be empty. With the key of a question it updates that one."),
        COLUMNS["kind"][1]: _("Chosen from the list."),
        COLUMNS["answer"][1]: _("The letters of the right options, as A or A, C."),
        f"{OPTION_COLUMNS['text'][1]} A": _("What is offered; the right number or its gap's word."),
        f"{OPTION_COLUMNS['match'][1]} A": _("What belongs to option A, in a matching question."),
        f"{OPTION_COLUMNS['gap'][1]} A": _("Which gap option A fills: 1 for [[1]]."),
        f"{OPTION_COLUMNS['why'][1]} A": _("Why option A is right or wrong."),
        f"{OPTION_COLUMNS['points'][1]} A": _("The most points of a criterion."),
        vietnamese["difficulty"]: _("1 easy, 2 medium, 3 hard."),
        vietnamese["tags"]: _("Words to find it by, with commas between them."),
        vietnamese["sources"]: _("One a line; an address may follow after a vertical bar."),
        vietnamese["pinned"]: _("The letters of options that are never shuffled."),
    }


def examples() -> list[Draft]:
    """A question of each kind that this bank has, in Vietnamese."""
    return [draft for draft in _examples() if draft.kind in kind_names()]


def _texts(*texts: str, right: str = "") -> list[OptionSpec]:
    return [
        {"text": text, "right": letter in right} if right else {"text": text}
        for letter, text in zip("ABCDEFGH", texts, strict=False)
    ]


def _examples() -> list[Draft]:
    pairs = [("Hải Phòng", "Thành phố"), ("Thái Bình", "Tỉnh"), ("", "Xã")]
    return [
        Draft("single", "Thủ đô của Việt Nam?", _texts("Hải Phòng", "Hà Nội", right="B")),
        Draft("multiple", "Số nào chẵn?", _texts("2", "3", "4", right="AC")),
        Draft("true_false", "Một năm có 12 tháng.", _texts("Đúng", "Sai", right="A")),
        Draft("statements", "Xét từng nhận định.", _texts("2 > 1", "1 > 2", right="A")),
        Draft("matching", "Ghép cho đúng.", [{"text": a, "match": b} for a, b in pairs]),
        Draft("ordering", "Xếp từ sớm đến muộn.", _texts("Sáng", "Trưa", "Chiều")),
        Draft("blank", "Nước sôi ở [[1]] độ C.", [{"text": "100", "gap": 1}]),
        Draft("number", "Pi bằng bao nhiêu?", [{"text": "3,14"}], settings={"tolerance": "0,01"}),
    ]
