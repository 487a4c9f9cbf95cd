"""Papers in the ways teachers write them: invented questions, made here, about nobody."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import docx
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor

LETTERS = "ABCDEFGH"

# The question, its options, and the place of the right one.
POOL: list[tuple[str, list[str], int]] = [
    ("Ngày Sở hữu trí tuệ thế giới là ngày nào?", ["26/4", "27/7", "10/10", "01/6"], 0),
    ("Nhãn hiệu dùng để làm gì?",
     ["Phân biệt hàng hóa, dịch vụ", "Trang trí cửa hàng", "Tính thuế", "Đặt tên phố"], 0),
    ("Bằng độc quyền sáng chế có hiệu lực đến hết bao nhiêu năm kể từ ngày nộp đơn?",
     ["10 năm", "15 năm", "20 năm", "Không có hạn"], 2),
    ("Quyền tác giả phát sinh từ khi nào?",
     ["Khi nộp đơn đăng ký", "Khi tác phẩm được sáng tạo và định hình",
      "Khi được cấp giấy chứng nhận", "Khi công bố trên báo"], 1),
    ("Theo mục B. của hướng dẫn giả định, ai nộp đơn đăng ký kiểu dáng?",
     ["Người bán lẻ", "Tác giả hoặc chủ sở hữu", "Hội đồng", "Bất kỳ ai"], 1),
    ("Đối tượng nào KHÔNG được bảo hộ là sáng chế?",
     ["Quy trình", "Thiết bị", "Vật liệu mới", "Phát minh, lý thuyết khoa học"], 3),
    ("Chỉ dẫn địa lý cho biết điều gì?",
     ["Nguồn gốc địa lý của sản phẩm", "Giá bán", "Tên giám đốc", "Mã vạch"], 0),
    ("Bí mật kinh doanh phải thế nào?",
     ["Đã đăng báo", "Được bảo mật bằng biện pháp cần thiết", "Được Cục cấp bằng",
      "Do cơ quan đặt tên"], 1),
]  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How a paper is written."""

    name: str
    question: str = "Câu {n}."
    option: str = "{A}."
    layout: str = "lines"
    key: str = "line:Đáp án: {A}"
    explanation: str = ""
    bold_labels: bool = False
    noise: bool = False


@dataclass
class Built:
    """A paper and what is to be read from it: text, options and the places of the right ones."""

    name: str
    data: bytes
    expected: list[tuple[str, list[str], set[int]]] = field(default_factory=list)


class Builder:
    """Writes a paper."""

    def __init__(self) -> None:
        self.document = docx.Document()

    def line(self, *runs: Any, **_more: Any) -> Any:
        """A paragraph of runs: a text, or a text with its look."""
        paragraph = self.document.add_paragraph()
        self.runs(paragraph, *runs)
        return paragraph

    def runs(self, paragraph: Any, *runs: Any) -> None:
        """Add runs to a paragraph."""
        for one in runs:
            text, look = one if isinstance(one, tuple) else (one, "")
            run = paragraph.add_run(text)
            for name in look.split():
                self._look(run, name)

    def _look(self, run: Any, name: str) -> None:
        if name == "bold":
            run.bold = True
        elif name == "underline":
            run.underline = True
        elif name == "italic":
            run.italic = True
        elif name == "red":
            run.font.color.rgb = RGBColor(0xFF, 0, 0)
        elif name == "blue":
            run.font.color.rgb = RGBColor(0, 0, 0xFF)
        elif name == "yellow":
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        elif name == "shade":
            shade = OxmlElement("w:shd")
            shade.set(qn("w:val"), "clear")
            shade.set(qn("w:fill"), "FFFF00")
            run._r.get_or_add_rPr().append(shade)

    def numbering(self, *levels: tuple[str, str], fresh: bool = False) -> str:
        """A list with these levels (form, text); its id."""
        part = self.document.part.numbering_part.element
        abstracts = part.findall(qn("w:abstractNum"))
        number = str(max([int(one.get(qn("w:abstractNumId"))) for one in abstracts] or [0]) + 1)
        abstract = OxmlElement("w:abstractNum")
        abstract.set(qn("w:abstractNumId"), number)
        for depth, (form, text) in enumerate(levels):
            level = OxmlElement("w:lvl")
            level.set(qn("w:ilvl"), str(depth))
            for tag, value in (("start", "1"), ("numFmt", form), ("lvlText", text)):
                element = OxmlElement(f"w:{tag}")
                element.set(qn("w:val"), value)
                level.append(element)
            abstract.append(level)
        abstracts[-1].addnext(abstract)
        num = part.add_num(int(number))
        if fresh:
            num.add_lvlOverride(0).add_startOverride(1)
        return str(num.numId)

    def numbered(self, paragraph: Any, list_id: str, depth: int = 0) -> Any:
        """Put a paragraph into a list."""
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = depth
        properties.get_or_add_numId().val = int(list_id)
        return paragraph

    def table(self, rows: list[list[Any]]) -> Any:
        """A table; a cell is a text, or runs."""
        table = self.document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, inside in zip(row.cells, cells, strict=True):
                runs = inside if isinstance(inside, list) else [inside]
                self.runs(cell.paragraphs[0], *runs)
        return table

    def data(self) -> bytes:
        """The file."""
        target = io.BytesIO()
        self.document.save(target)
        return target.getvalue()


def written(style: Style, count: int = 8) -> Built:
    """A paper of questions with one right option in a style."""
    builder = Builder()
    if style.noise:
        _noise(builder)
    expected = []
    question_list = option_list = ""
    if style.question.startswith("auto:"):
        text = style.question.removeprefix("auto:")
        question_list = builder.numbering(("decimal", text), ("upperLetter", "%2."))
    for number, (prompt, options, right) in enumerate(POOL[:count], start=1):
        expected.append((prompt, options, {right}))
        label = style.question.format(n=number)
        look = "bold" if style.bold_labels else ""
        prompt_runs = [(f"{label} ", look), prompt]
        tail = _inline_key(style, right)
        if style.layout == "same":
            texts = _option_texts(style, options, right)
            joined = [run for one in texts for run in [("  ", ""), *one]]
            builder.line(*prompt_runs, *joined, tail)
        elif question_list:
            builder.numbered(builder.line(prompt, tail), question_list)
        else:
            builder.line(*prompt_runs, tail)
        _write_options(builder, style, options, right, question_list)
        _write_key(builder, style, options, right)
        if style.explanation:
            builder.line(style.explanation, " vì điều ấy được giải thích ở bài học.")
    if style.noise:
        builder.line("------ HẾT ------")
    _write_end(builder, style, [right for _q, _o, right in POOL[:count]])
    del option_list
    return Built(style.name, builder.data(), expected)


def _noise(builder: Builder) -> None:
    builder.document.sections[0].header.paragraphs[0].text = "Trường giả định A"
    builder.table([["SỞ GIẢ ĐỊNH\nTRƯỜNG THỬ", "ĐỀ KIỂM TRA SỐ 1\nThời gian: 45 phút"]])
    builder.line("Họ và tên: ……………………………… Số báo danh: ………")
    builder.line("Thí sinh không được sử dụng tài liệu.")


def _inline_key(style: Style, right: int) -> str:
    kind, _colon, text = style.key.partition(":")
    return text.format(A=LETTERS[right]) if kind == "trailing" else ""


def _option_texts(style: Style, options: list[str], right: int) -> list[list[Any]]:
    """The runs of each option."""
    kind, _colon, look = style.key.partition(":")
    found = []
    for place, text in enumerate(options):
        letter = LETTERS[place]
        label = style.option.format(A=letter, a=letter.lower())
        base = "bold" if style.bold_labels else ""
        marked = place == right
        if kind == "star":
            before, after = ("*", "") if look == "before" else ("", " *")
            before, after = (before, after) if marked else ("", "")
            found.append([(f"{before}{label} ", base), f"{text}{after}"])
        elif kind == "letter":
            found.append([(label, f"{base} {look}" if marked else base), f" {text}"])
        elif kind == "text":
            found.append([(f"{label} ", base), (text, look if marked else "")])
        elif kind == "all":
            found.append([(f"{label} {text}", look if marked else base)])
        else:
            found.append([(f"{label} ", base), text])
    return found


def _write_options(
    builder: Builder, style: Style, options: list[str], right: int, list_id: str
) -> None:
    texts = _option_texts(style, options, right)
    if style.layout == "lines":
        for one in texts:
            builder.line(*one)
    elif style.layout == "breaks":
        runs: list[Any] = []
        for place, one in enumerate(texts):
            runs += [*(["\n"] if place else []), *one]
        builder.line(*runs)
    elif style.layout in ("pairs", "four", "spaces"):
        step = 2 if style.layout == "pairs" else 4
        gap = "\t" if style.layout != "spaces" else "      "
        for start in range(0, 4, step):
            runs = []
            for one in texts[start : start + step]:
                runs += [*([gap] if runs else []), *one]
            builder.line(*runs)
    elif style.layout == "table":
        builder.table([texts[:2], texts[2:]])
    elif style.layout == "row":
        builder.table([texts])
    elif style.layout == "auto":
        for one in texts:
            builder.numbered(builder.line(*one[1:]), list_id, 1)
    elif style.layout == "auto-own":
        own = builder.numbering(("upperLetter", "%1."))
        for one in texts:
            builder.numbered(builder.line(*one[1:]), own)


def _write_key(builder: Builder, style: Style, options: list[str], right: int) -> None:
    kind, _colon, text = style.key.partition(":")
    if kind == "line":
        builder.line(text.format(A=LETTERS[right], a=LETTERS[right].lower(), text=options[right]))


def _write_end(builder: Builder, style: Style, rights: list[int]) -> None:
    kind, _colon, text = style.key.partition(":")
    if kind != "end":
        return
    pairs = [(number, LETTERS[right]) for number, right in enumerate(rights, start=1)]
    if text == "rows":
        builder.line(("BẢNG ĐÁP ÁN", "bold"))
        builder.table([["Câu", *[str(n) for n, _a in pairs]], ["ĐA", *[a for _n, a in pairs]]])
    elif text == "columns":
        builder.line("ĐÁP ÁN")
        builder.table([["Câu", "Đáp án"], *[[str(n), a] for n, a in pairs]])
    elif text == "cells":
        builder.line("Đáp án")
        half = len(pairs) // 2
        cells = [f"{n}.{a}" for n, a in pairs]
        builder.table([cells[:half], cells[half : 2 * half]])
    elif text == "details":
        builder.line("HƯỚNG DẪN GIẢI CHI TIẾT")
        for number, answer in pairs:
            builder.line(f"Câu {number}. Chọn {answer}. Vì bài học nói thế.")
    elif text == "lines":
        builder.line("ĐÁP ÁN")
        for number, answer in pairs:
            builder.line(f"Câu {number}: {answer}")
    elif text == "short":
        builder.line("ĐÁP ÁN:")
        for number, answer in pairs:
            builder.line(f"{number}. {answer}")
    else:
        if not text.startswith("bare"):
            builder.line("ĐÁP ÁN")
        form = text.removeprefix("bare ")
        joint = ", " if form.endswith(",") else "   "
        builder.line(joint.join(form.rstrip(",").format(n=n, A=a) for n, a in pairs))


STYLES = [
    Style("plain"),
    Style("colon", question="Câu {n}:", key="line:ĐA: {A}"),
    Style("question number", question="Câu hỏi {n}.", key="line:Chọn {A}"),
    Style("numbers alone", question="{n}.", key="line:Đáp án: {A}."),
    Style("number with bracket", question="{n})", option="{a}.", key="line:Đáp án: {a}"),
    Style("capitals", question="CÂU {n}.", key="line:ĐÁP ÁN: {A}"),
    Style("level", question="Câu {n} (NB).", option="{A})", key="line:Đáp án đúng: {A}"),
    Style("points", question="Câu {n} (0,25 điểm):", option="{A}/", key="line:Đ/A: {A}"),
    Style("bold labels, key in line", bold_labels=True, noise=True),
    Style("trailing", key="trailing: (Đáp án: {A})"),
    Style("key with words", key="line:Đáp án: {A}. {text}"),
    Style("key after explanation", key="line:Chọn đáp án {A}.", explanation="Giải thích:"),
    Style("solution", key="line:Đáp án: {A}", explanation="Lời giải:", noise=True),
    Style("star before", key="star:before"),
    Style("star after", key="star:after", option="{A})"),
    Style("bold letter", key="letter:bold"),
    Style("bold option", key="all:bold"),
    Style("bold text", key="text:bold", bold_labels=True),
    Style("underlined letter", key="letter:underline", bold_labels=True, noise=True),
    Style("underlined text", key="text:underline", layout="pairs"),
    Style("red text", key="text:red"),
    Style("red option, four in a line", key="all:red", layout="four"),
    Style("blue letter, spaces", key="letter:blue", layout="spaces"),
    Style("highlighted", key="all:yellow", layout="table"),
    Style("shaded in a row of cells", key="text:shade", layout="row"),
    Style("pairs by tabs", layout="pairs"),
    Style("four by tabs", layout="four", key="end:rows", noise=True),
    Style("four by spaces", layout="spaces", key="end:{n}-{A}"),
    Style("cells", layout="table", key="end:columns"),
    Style("all in one paragraph", layout="same", key="end:{n}{A},"),
    Style("line breaks", layout="breaks", key="end:bare {n}.{A}"),
    Style("automatic questions", question="auto:Câu %1.", key="line:Đáp án: {A}"),
    Style("automatic all", question="auto:Câu %1:", layout="auto", key="text:red"),
    Style("automatic numbers", question="auto:%1.", layout="auto", key="end:lines"),
    Style("options by a list of their own", layout="auto-own", key="end:cells"),
    Style("details", key="end:details", noise=True),
    Style("short list", key="end:short", layout="pairs"),
    Style("small letters", option="{a})", key="line:Đáp án: {a}"),
    Style("English words", question="Question {n}.", key="line:Answer: {A}"),
    Style("no delimiter", question="Câu {n}", key="line:ĐA: {A}", bold_labels=True),
]


def many(make: Callable[[Builder], None]) -> bytes:
    """A paper that `make` writes."""
    builder = Builder()
    make(builder)
    return builder.data()
