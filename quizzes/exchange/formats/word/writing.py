"""Drafts as a Word paper: questions first, answers at the end."""

from __future__ import annotations

import hashlib
import io
import string
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import docx
from django.utils.translation import gettext as _
from docx.document import Document as Docx
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from quizzes.exchange.base import Draft, FileError, Loss, Picture, Written
from quizzes.exchange.formats.word.reading import read_paper
from quizzes.exchange.unsaid import changed_texts, left_out, unsaid, with_texts
from quizzes.exchange.xml import legal

_NAMES = "single multiple true_false statements matching ordering blank number essay"
KINDS = frozenset(_NAMES.split())
_CHOICES = frozenset({"single", "multiple", "true_false"})
_KEPT = frozenset({"topic", "difficulty", "explanation", "picture"})
_LETTERS = string.ascii_uppercase
_WIDE = 10
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif"})
_LEVELS = {1: "NB", 3: "VD"}


def write_paper(drafts: Sequence[Draft]) -> Written:
    """The drafts as a .docx, with what its readers will not find again."""
    losses: list[Loss] = []
    said: list[tuple[int, Draft]] = []
    for index, draft in enumerate(drafts):
        if draft.kind not in KINDS:
            losses.append(left_out(index, draft))
            continue
        cleaned = with_texts(draft, _spaced)
        kept = _KEPT | ({"why", "option_picture"} if draft.kind in _CHOICES else set())
        losses += unsaid(index, draft, kept) + changed_texts(index, draft, cleaned)
        losses += [Loss(index, sentence) for sentence in _unsaid_settings(draft)]
        said.append((index, cleaned))
    data = _document([draft for _index, draft in said])
    return Written(data, tuple(losses + _misread(said, data)))


def _spaced(text: str) -> str:
    """The text as Word's readers find it: tabs and several spaces are one."""
    return "\n".join(" ".join(line.split(" ")).strip() for line in _lines(text)).strip()


def _lines(text: str) -> Iterator[str]:
    for line in legal(text).replace("\t", " ").split("\n"):
        yield " ".join(part for part in line.split(" ") if part)


def _unsaid_settings(draft: Draft) -> Iterator[str]:
    if draft.settings.get("scoring") == "penalty":
        yield _("A paper does not say that it is marked in parts.")
    if draft.settings.get("ignore_accents"):
        yield _("A paper does not say that accents do not matter.")
    units = [one for one in str(draft.settings.get("unit", "")).split(";") if one.strip()]
    if len(units) > 1 or draft.settings.get("unit_en"):
        yield _("Other spellings of its unit are left out.")
    if draft.settings.get("ask_unit"):
        yield _("A paper does not say that the unit has to be written too.")
    if any(picture.media_type not in _PICTURES for picture in draft.pictures):
        yield _("A picture is left out: Word does not know its form.")


# --- what a reader will find ----------------------------------------------------------------------


def _misread(said: Sequence[tuple[int, Draft]], data: bytes) -> list[Loss]:
    """Which questions come back otherwise: texts that look like options, answers or headings."""
    if not said:
        return []
    meant = [repr(_comparable(draft)) for _index, draft in said]
    found = [repr(_comparable(draft)) for draft in _read(data)]
    same: set[int] = set()
    for block in SequenceMatcher(None, meant, found, autojunk=False).get_matching_blocks():
        same.update(range(block.a, block.a + block.size))
    sentence = _("Its texts look like parts of a paper: read from there it differs.")
    return [
        Loss(index, sentence) for place, (index, _draft) in enumerate(said) if place not in same
    ]


def _read(data: bytes) -> list[Draft | None]:
    try:
        return [entry.draft for entry in read_paper(data)]
    except FileError:
        return []


def _comparable(draft: Draft | None) -> Draft | None:
    """The draft as far as a paper holds it, its pictures without their names."""
    if draft is None:
        return None
    keep = {"text", "right", "match", "gap", "points"}
    keep |= {"why"} if draft.kind in _CHOICES else set()
    options = [
        {name: value for name, value in sorted(option.items()) if name in keep and value}
        for option in draft.options
    ]
    if draft.kind == "matching":
        options.sort(key=lambda option: "text" not in option)
    settings = {
        name: str(value).split(";")[0].strip() if name == "unit" else value
        for name, value in sorted(draft.settings.items())
        if name in ("tolerance", "tolerance_as", "unit")
    }
    return Draft(
        draft.kind,
        draft.prompt,
        options,  # type: ignore[arg-type]
        topic=draft.topic,
        difficulty=draft.difficulty,
        explanation=draft.explanation,
        settings=settings,
    )


# --- the document ---------------------------------------------------------------------------------


def _document(drafts: Sequence[Draft]) -> bytes:
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    topic = ""
    for number, draft in enumerate(drafts, start=1):
        if draft.topic != topic and draft.topic:
            topic = draft.topic
            document.add_heading(topic, level=1)
        _question(document, number, draft)
    _answers(document, drafts)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _paragraph(document: Docx, label: str, text: str, *, strong: bool = True) -> Paragraph:
    """A paragraph that begins with a label; lines of the text are parted by breaks."""
    paragraph = document.add_paragraph()
    if label:
        paragraph.add_run(f"{label} ").bold = strong
    run = paragraph.add_run()
    for place, line in enumerate(text.split("\n")):
        if place:
            run.add_break()
        run.add_text(line)
    return paragraph


def _question(document: Docx, number: int, draft: Draft) -> None:
    level = f" ({_LEVELS[draft.difficulty]})" if draft.difficulty in _LEVELS else ""
    prompt = draft.prompt
    for gap in range(1, 100) if draft.kind == "blank" else ():
        prompt = prompt.replace(f"[[{gap}]]", f"({gap}) ……")
    paragraph = _paragraph(document, f"Câu {number}{level}.", prompt)
    paragraph.paragraph_format.keep_with_next = bool(draft.options)
    _picture(paragraph, draft, draft.picture)
    if draft.kind == "multiple":
        document.add_paragraph().add_run("(Chọn tất cả phương án đúng.)").italic = True
    if draft.kind in _CHOICES:
        for letter, option in zip(_LETTERS, draft.options, strict=False):
            line = _paragraph(document, f"{letter}.", option.get("text", ""), strong=False)
            _picture(line, draft, option.get("picture", ""))
    elif draft.kind == "statements":
        for letter, option in zip(_LETTERS.lower(), draft.options, strict=False):
            _paragraph(document, f"{letter})", option.get("text", ""), strong=False)
    elif draft.kind == "ordering":
        for letter, place in zip(_LETTERS.lower(), _mixed(draft), strict=False):
            text = draft.options[place].get("text", "")
            _paragraph(document, f"{letter})", text, strong=False)
    elif draft.kind == "matching":
        _columns(document, draft)


def _picture(paragraph: Paragraph, draft: Draft, name: str) -> None:
    picture: Picture | None = next((one for one in draft.pictures if one.name == name), None)
    if not name or picture is None or picture.media_type not in _PICTURES:
        return
    try:
        shape = paragraph.add_run().add_picture(io.BytesIO(picture.data), width=Cm(8))
    except Exception:
        return
    shape._inline.docPr.set("descr", legal(picture.alt))


def _mixed(draft: Draft) -> list[int]:
    """The places of the items in an order that tells nothing, the same each time."""
    texts = [option.get("text", "") for option in draft.options]
    order = sorted(
        range(len(texts)), key=lambda place: hashlib.sha256(texts[place].encode()).digest()
    )
    return order if order != sorted(order) else order[1:] + order[:1]


def _matches(draft: Draft) -> list[str]:
    """Every counterpart once, sorted, so that their order tells nothing."""
    return sorted({option.get("match", "") for option in draft.options})


def _columns(document: Docx, draft: Draft) -> None:
    rows = [option.get("text", "") for option in draft.options if option.get("text")]
    matches = _matches(draft)
    table = document.add_table(rows=1, cols=2)
    table.style = "Table Grid"
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Cột A", "Cột B"
    for place in range(max(len(rows), len(matches))):
        cells = table.add_row().cells
        if place < len(rows):
            cells[0].text = f"{place + 1}. {rows[place]}"
        if place < len(matches):
            cells[1].text = f"{_LETTERS[place % 26].lower()}. {matches[place]}"


def _answers(document: Docx, drafts: Sequence[Draft]) -> None:
    if not drafts:
        return
    document.add_paragraph().add_run("BẢNG ĐÁP ÁN").bold = True
    numbered = list(enumerate(drafts, start=1))
    letters = [(number, _letters(draft)) for number, draft in numbered if draft.kind in _CHOICES]
    for start in range(0, len(letters), _WIDE):
        part = letters[start : start + _WIDE]
        table = document.add_table(rows=2, cols=len(part) + 1)
        table.style = "Table Grid"
        table.rows[0].cells[0].text, table.rows[1].cells[0].text = "Câu", "Đáp án"
        for place, (number, text) in enumerate(part, start=1):
            table.rows[0].cells[place].text = str(number)
            table.rows[1].cells[place].text = text
        document.add_paragraph()
    for number, draft in numbered:
        for line in _answer_lines(number, draft):
            document.add_paragraph(line)
        if draft.explanation:
            _paragraph(document, f"Giải thích câu {number}:", draft.explanation)
        for letter, option in zip(_LETTERS, draft.options, strict=False):
            if draft.kind in _CHOICES and (why := option.get("why")):
                _paragraph(document, f"Giải thích câu {number}, phương án {letter}:", why)


def _letters(draft: Draft) -> str:
    pairs = zip(_LETTERS, draft.options, strict=False)
    return ", ".join(letter for letter, option in pairs if option.get("right"))


def _answer_lines(number: int, draft: Draft) -> Iterator[str]:
    options, small = draft.options, _LETTERS.lower()
    if draft.kind == "statements":
        words = ["Đúng" if option.get("right") else "Sai" for option in options]
        pairs = zip(small, words, strict=False)
        yield f"Câu {number}: " + "; ".join(f"{letter}) {word}" for letter, word in pairs)
    elif draft.kind == "ordering":
        places = _mixed(draft)
        letters = [small[places.index(place) % 26] for place in range(len(options))]
        yield f"Câu {number}: " + " → ".join(letters)
    elif draft.kind == "matching":
        matches = _matches(draft)
        rows = [option for option in options if option.get("text")]
        places = [matches.index(option.get("match", "")) for option in rows]
        pairs_ = enumerate(places, start=1)
        yield f"Câu {number}: " + "; ".join(f"{row}-{small[place % 26]}" for row, place in pairs_)
    elif draft.kind == "blank":
        for option in options:
            yield f"Câu {number} ({option.get('gap', 1)}): {option.get('text', '')}"
    elif draft.kind == "number":
        yield f"Câu {number}: {_number(draft)}"
    elif draft.kind == "essay":
        yield f"Thang điểm câu {number}:"
        for option in options:
            yield f"- {option.get('text', '')} ({option.get('points', 0)} điểm)"


def _number(draft: Draft) -> str:
    settings = draft.settings
    text = draft.options[0].get("text", "") if draft.options else ""
    unit = str(settings.get("unit", "")).split(";")[0].strip()
    text = f"{text} {unit}".strip()
    if tolerance := settings.get("tolerance"):
        percent = "%" if settings.get("tolerance_as") == "percent" else ""
        text += f" (± {tolerance}{percent})"
    return text
