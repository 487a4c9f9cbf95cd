"""The report as a Word document, laid out after Decree 30/2020/NĐ-CP, Annex I.

A4; margins 20 mm above and below, 30 left, 20 right; Times New Roman 13 to 14; the page number in
the middle of the upper margin, hidden on the first page; the heads side by side in a table without
borders, rules drawn and not typed; the annex on wide pages that count from one.
"""

from __future__ import annotations

import io
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from learning.statistics.columns import Column
from learning.statistics.official.models import Letterhead
from learning.statistics.official.wording import MOTTO, NATION, Annex, Paper, Section, shown

FONT = "Times New Roman"
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
# Of a wide page between its margins, in millimetres.
_ANNEX_WIDTH = 262


def write_docx(paper: Paper, head: Letterhead) -> bytes:
    """The document's bytes; the same report gives the same text, whenever it is made."""
    document = docx.Document()
    _set_up(document, paper)
    _heads(document, head, paper)
    _title(document, paper)
    if head.addressee:
        _paragraph(document, _("To: %(whom)s") % {"whom": head.addressee}, align=CENTRE, after=10)
    for section in paper.sections:
        _section(document, section)
    _feet(document, head)
    _annex(document, paper.annex)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_up(document: Any, paper: Paper) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    _margins(page)
    page.different_first_page_header_footer = True
    _numbered(page)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    style.paragraph_format.space_after = Pt(6)
    style.paragraph_format.line_spacing = 1.15
    about = document.core_properties
    about.title, about.language, about.author = paper.about, "vi-VN", ""
    about.created = about.modified = paper.made_at.replace(tzinfo=None)


def _margins(page: Any) -> None:
    page.top_margin = page.bottom_margin = Mm(20)
    page.left_margin, page.right_margin = Mm(30), Mm(20)
    page.header_distance = Mm(10)


def _numbered(page: Any) -> None:
    """The page number in the middle of the upper margin."""
    line = page.header.paragraphs[0]
    line.alignment = CENTRE
    run = line.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = text
        run._r.append(part)


def _heads(document: Any, head: Letterhead, paper: Paper) -> None:
    table = document.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _widths(table, 71, 97)
    left, right = table.rows[0].cells
    if head.parent_name:
        _in(left, head.parent_name.upper(), size=12)
    _in(left, head.agency_name.upper(), size=12, bold=True)
    _rule(left, indent=Mm(20))
    _in(right, NATION, size=12, bold=True)
    _in(right, MOTTO, size=13, bold=True)
    _rule(right, indent=Mm(22))
    left, right = table.rows[1].cells
    _in(left, f"Số:        /{head.symbol or 'BC'}", size=13)
    place = f"{head.place}, ngày      tháng      năm {paper.year}"
    _in(right, place, size=13, italic=True)


def _title(document: Any, paper: Paper) -> None:
    _paragraph(document, "BÁO CÁO", align=CENTRE, bold=True, before=18, after=0)
    _paragraph(document, paper.about, align=CENTRE, bold=True, after=0)
    _line(document.add_paragraph(), indent=Mm(62))


def _section(document: Any, section: Section) -> None:
    _paragraph(document, section.heading, bold=True, indent=True, keep=True)
    for text in section.paragraphs:
        _paragraph(document, text, align=WD_ALIGN_PARAGRAPH.JUSTIFY, indent=True)
    if section.table:
        table = document.add_table(rows=0, cols=2)
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for name, value in section.table:
            cells = table.add_row().cells
            _in(cells[0], name, size=13, align=WD_ALIGN_PARAGRAPH.LEFT)
            _in(cells[1], value, size=13, align=RIGHT)
        _widths(table, 115, 45)
        document.add_paragraph().paragraph_format.space_after = Pt(0)


def _feet(document: Any, head: Letterhead) -> None:
    table = document.add_table(rows=1, cols=2)
    _widths(table, 80, 80)
    left, right = table.rows[0].cells
    _in(left, "Nơi nhận:", size=12, bold=True, italic=True, align=WD_ALIGN_PARAGRAPH.LEFT)
    for line in filter(None, map(str.strip, head.recipients.splitlines())):
        _in(left, f"- {line.rstrip(';.')};", size=11, align=WD_ALIGN_PARAGRAPH.LEFT)
    _in(left, "- Lưu: VT.", size=11, align=WD_ALIGN_PARAGRAPH.LEFT)
    for line in filter(None, map(str.strip, head.signer_lines.splitlines())):
        _in(right, line.upper(), size=14, bold=True)
    for _blank in range(4):
        _in(right, "", size=14)
    _in(right, head.signer_name, size=14, bold=True)
    for row in table.rows:
        _never_split(row)


def _annex(document: Any, annex: Annex) -> None:
    page = document.add_section(WD_SECTION.NEW_PAGE)
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.left_margin, page.right_margin = Mm(20), Mm(15)
    page.header.is_linked_to_previous = False
    page.different_first_page_header_footer = False
    _numbered(page)
    count = OxmlElement("w:pgNumType")
    count.set(qn("w:start"), "1")
    page._sectPr.append(count)
    number, _dot, name = annex.heading.partition(". ")
    _paragraph(document, number, align=CENTRE, bold=True, after=0)
    _paragraph(document, name, align=CENTRE, bold=True, after=8)
    table = document.add_table(rows=1, cols=len(annex.columns) + 1)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    heading = table.rows[0]
    for cell, text in zip(
        heading.cells, ["TT", *(str(c.heading) for c in annex.columns)], strict=True
    ):
        _in(cell, text, size=8, bold=True)
    _repeated(heading)
    for place, row in enumerate(annex.rows, start=1):
        _fill(table.add_row(), str(place), annex.columns, row)
    _fill(table.add_row(), "", annex.columns, annex.total, total=True)
    rest = (_ANNEX_WIDTH - 9 - 52) / (len(annex.columns) - 1)
    _widths(table, 9, 52, *[rest] * (len(annex.columns) - 1))


def _fill(
    line: Any, place: str, columns: tuple[Column, ...], row: Any, *, total: bool = False
) -> None:
    cells = line.cells
    _in(cells[0], place, size=9, bold=total)
    for cell, column in zip(cells[1:], columns, strict=True):
        value = column.value(row)
        first = column is columns[0]
        text = _("Total") if total and first else shown(value, column.kind)
        align = WD_ALIGN_PARAGRAPH.LEFT if first else RIGHT
        _in(cell, text, size=9, bold=total, align=align)
    _never_split(line)


# --- pieces of Word ------------------------------------------------------------------------------


def _paragraph(
    document: Any,
    text: str,
    *,
    align: Any = None,
    bold: bool = False,
    indent: bool = False,
    keep: bool = False,
    before: int = 0,
    after: int = 6,
) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.keep_with_next = Pt(before), Pt(after), keep
    if indent:
        form.first_line_indent = Mm(12.7)
    paragraph.add_run(text).bold = bold


def _in(
    cell: Any,
    text: str,
    *,
    size: int,
    bold: bool = False,
    italic: bool = False,
    align: Any = CENTRE,
) -> None:
    """A line in a cell; the first goes into the paragraph every cell has."""
    first = cell.paragraphs[0]
    paragraph = first if not first.runs and len(cell.paragraphs) == 1 else cell.add_paragraph()
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.space_after, form.line_spacing = Pt(0), 1.0
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _rule(cell: Any, *, indent: Any) -> None:
    _line(cell.add_paragraph(), indent=indent)


def _line(paragraph: Any, *, indent: Any) -> None:
    """A drawn rule: the upper border of a low paragraph that is drawn in from both sides."""
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = indent
    form.space_before = form.space_after = Pt(2)
    form.line_spacing = Pt(6)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)


def _widths(table: Any, *widths: float) -> None:
    """Columns of these widths in millimetres: some programs read them here, some there."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _repeated(row: Any) -> None:
    """The row stands on top of each page of its table."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _never_split(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
