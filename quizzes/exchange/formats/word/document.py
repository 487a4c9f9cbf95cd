"""The text of a .docx, as lines and tables, with how it looks."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from quizzes.exchange.archives import read_archive
from quizzes.exchange.base import FileError, Picture
from quizzes.exchange.formats.word.numbering import (
    Numbering,
    W,
    read_numbering,
    value_of,
    whole,
)
from quizzes.exchange.formats.word.rich import PLAIN, Block, Line, Look, Table
from quizzes.exchange.pictures import read_picture
from quizzes.exchange.xml import child, children, local_name, parse_xml

Element = etree._Element
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_OLE = b"\xd0\xcf\x11\xe0"
_OFF = frozenset({"0", "false", "off", "none"})
_NO_COLOUR = frozenset({"", "auto", "000000", "FFFFFF"})
_AROUND = frozenset(
    ["hyperlink", "ins", "smartTag", "sdt", "sdtContent", "fldSimple", "moveTo", "customXml"]
)
_GONE = frozenset({"del", "moveFrom"})
MOST_PARAGRAPHS = 50_000


class Document:
    """A .docx that was opened; `blocks` are its lines and tables in order."""

    def __init__(self, data: bytes) -> None:
        """Raises `FileError` for what is no .docx."""
        self.files = _open(data)
        self.notes: list[str] = []
        self._count = 0
        root = self._part("document.xml")
        body = child(root, "body")
        if body is None:
            raise FileError(_not_word())
        self._numbering: Numbering = read_numbering(self._optional("numbering.xml"))
        self._styles = _Styles(self._optional("styles.xml"))
        self._relations = self._read_relations()
        self.blocks: list[Block] = list(self._blocks(body))

    def note(self, sentence: str) -> None:
        """Remember this sentence, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def _part(self, name: str) -> Element:
        try:
            return parse_xml(self.files[f"word/{name}"])
        except KeyError as error:
            raise FileError(_not_word()) from error

    def _optional(self, name: str) -> Element | None:
        return self._part(name) if f"word/{name}" in self.files else None

    def _read_relations(self) -> dict[str, str]:
        root = self._optional("_rels/document.xml.rels")
        return {
            one.get("Id") or "": posixpath.normpath(
                posixpath.join("/word", one.get("Target") or "")
            ).lstrip("/")
            for one in children(root, "Relationship")
            if one.get("TargetMode") != "External"
        }

    def _blocks(self, parent: Element) -> Iterator[Block]:
        for element in children(parent):
            name = local_name(element)
            if name == "p":
                yield from self._lines(element)
            elif name == "tbl":
                yield self._table(element)
            elif name in ("sdt", "sdtContent", "customXml", "ins"):
                yield from self._blocks(element)

    def _table(self, element: Element) -> Table:
        table = Table()
        for row in children(element, "tr"):
            cells = []
            for cell in children(row, "tc"):
                lines: list[Line] = []
                for block in self._blocks(cell):
                    lines += block.lines() if isinstance(block, Table) else [block]
                cells.append(lines)
            table.rows.append(cells)
        return table

    def _lines(self, paragraph: Element) -> Iterator[Line]:
        """The lines of a paragraph: more than one where it has breaks."""
        self._count += 1
        if self._count > MOST_PARAGRAPHS:
            raise FileError(
                _("The file has more than %(limit)s paragraphs.") % {"limit": MOST_PARAGRAPHS}
            )
        properties = child(paragraph, "pPr")
        style = value_of(properties, "pStyle")
        base = self._styles.look(style)
        text, looks, pictures = "", list[Look](), list[Picture]()
        label, look = self._label(properties, style)
        if label:
            text, looks = f"{label} ", [look] * (len(label) + 1)
        for run in self._runs(paragraph):
            piece = self._text(run, pictures)
            text += piece
            looks += [self._look(run, base)] * len(piece)
        heading = self._styles.is_heading(style)
        start = 0
        pieces = text.split("\n")
        for place, piece in enumerate(pieces):
            end = start + len(piece)
            last = place == len(pieces) - 1
            yield Line(
                self._count,
                piece,
                tuple(looks[start:end]),
                tuple(pictures) if last else (),
                heading,
            )
            start = end + 1

    def _label(self, properties: Element | None, style: str) -> tuple[str, Look]:
        numbered = child(properties, "numPr")
        if numbered is None:
            numbered = self._styles.numbered(style)
        list_id = value_of(numbered, "numId")
        if not list_id or list_id == "0":
            return "", PLAIN
        depth = whole(value_of(numbered, "ilvl"), 0)
        label, level = self._numbering.label(list_id, depth)
        look = _merged(self._styles.look(style), child(level, "rPr"))
        # Word draws a label as it draws the mark at the paragraph's end.
        return label, _look(_merged(look, child(properties, "rPr")))

    def _runs(self, parent: Element) -> Iterator[Element]:
        for element in children(parent):
            name = local_name(element)
            if name == "r":
                yield element
            elif name in _AROUND:
                yield from self._runs(element)
            elif name in ("oMath", "oMathPara"):
                self.note(_("A formula became plain text: look at it."))
                yield element
            elif name in _GONE:
                self.note(_("Changes that were tracked are read as if they were accepted."))

    def _look(self, run: Element, base: dict[str, Any]) -> Look:
        properties = child(run, "rPr")
        own = self._styles.look(value_of(properties, "rStyle"))
        return _look(_merged({**base, **own}, properties))

    def _text(self, run: Element, pictures: list[Picture]) -> str:
        if local_name(run) != "r":
            return "".join(
                "".join(map(str, one.itertext())) for one in run.iter() if local_name(one) == "t"
            )
        if child(run, "rPr", "vanish") is not None:
            self.note(_("Hidden text is left out."))
            return ""
        text = ""
        for element in children(run):
            name = local_name(element)
            if name == "t":
                text += (element.text or "").replace("\n", " ")
            elif name in ("br", "cr"):
                text += "\n"
            elif name == "tab":
                text += "\t"
            elif name == "noBreakHyphen":
                text += "-"
            elif name in ("drawing", "pict", "object", "AlternateContent"):
                self._take_pictures(element, pictures)
        return text

    def _take_pictures(self, element: Element, pictures: list[Picture]) -> None:
        found = False
        alt = ""
        for one in element.iter(etree.Element):
            name = local_name(one)
            if name == "docPr":
                alt = one.get("descr") or ""
            target = one.get(f"{_R}embed") if name == "blip" else None
            target = target or (one.get(f"{_R}id") if name == "imagedata" else None)
            if target and not found:
                path = self._relations.get(target, "")
                picture = read_picture(posixpath.basename(path), self.files.get(path, b""), alt)
                if picture is not None:
                    pictures.append(picture)
                    found = True
        if not found:
            self.note(_("A drawing, a text box or a picture of an unknown form is left out."))


class _Styles:
    """The styles of a document, with what they inherit."""

    def __init__(self, root: Element | None) -> None:
        self._by_id = {one.get(f"{W}styleId") or "": one for one in children(root, "style")}

    def _chain(self, name: str) -> list[Element]:
        """The style and those it rests on, the first last."""
        chain: list[Element] = []
        while name in self._by_id and len(chain) < 20:
            chain.append(self._by_id[name])
            name = value_of(chain[-1], "basedOn")
        return chain[::-1]

    def look(self, name: str) -> dict[str, Any]:
        look: dict[str, Any] = {}
        for style in self._chain(name):
            look = _merged(look, child(style, "rPr"))
        return look

    def numbered(self, name: str) -> Element | None:
        found = [child(style, "pPr", "numPr") for style in self._chain(name)]
        return next((one for one in reversed(found) if one is not None), None)

    def is_heading(self, name: str) -> bool:
        return any(
            value_of(style, "name").casefold().startswith(("heading", "title"))
            or child(style, "pPr", "outlineLvl") is not None
            for style in self._chain(name)
        )


def _merged(look: dict[str, Any], properties: Element | None) -> dict[str, Any]:
    """The look, changed by what run properties say."""
    merged = dict(look)
    for element in children(properties):
        name, value = local_name(element), element.get(f"{W}val") or ""
        if name == "b":
            merged["bold"] = value not in _OFF
        elif name == "u":
            merged["underline"] = value not in _OFF
        elif name == "color":
            colour = element.get(f"{W}themeColor") or value
            plain = colour in _NO_COLOUR or colour in ("text1", "dark1")
            merged["colour"] = "" if plain else colour
        elif name == "highlight":
            merged["highlight"] = "" if value in _OFF else value
        elif name == "shd":
            fill = element.get(f"{W}fill") or ""
            merged["highlight"] = "" if fill in _NO_COLOUR else fill
    return merged


def _look(values: Mapping[str, Any]) -> Look:
    return Look(**values)


def _open(data: bytes) -> dict[str, bytes]:
    if data.startswith(_OLE):
        raise FileError(
            _("This is an old Word file (.doc), or one with a password. Save it as .docx in Word.")
        )
    if data.startswith((b"{\\rtf", b"%PDF", b"<html", b"<!DOCTYPE")):
        raise FileError(_("This is no Word file (.docx). Save it as .docx in Word."))
    files = read_archive(data)
    if "word/document.xml" not in files:
        raise FileError(_not_word())
    return files


def _not_word() -> str:
    return _("This is no Word file (.docx). Save it as .docx in Word.")
