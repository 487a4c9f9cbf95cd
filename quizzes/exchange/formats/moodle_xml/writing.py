"""Drafts as Moodle XML."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from urllib.parse import quote

from django.utils.translation import gettext as _
from lxml import etree

from quizzes.bank.content import OptionSpec
from quizzes.exchange.base import Draft, Loss, Picture, Written
from quizzes.exchange.decimals import exact, with_point
from quizzes.exchange.formats.moodle_xml.cloze import write_gap
from quizzes.exchange.html import html_of, through_html
from quizzes.exchange.pictures import area_of, pixels_of, size_of
from quizzes.exchange.unsaid import changed_texts, left_out, unsaid, with_texts
from quizzes.exchange.xml import legal, written

TRUE_FALSE = ("Đúng", "Sai")
_KEPT = {"topic", "tags", "explanation", "picture"}
_OPTIONS_WITH_WHY = {"single", "multiple", "true_false", "blank", "number"}
_OPTIONS_WITH_PICTURES = {"single", "multiple", "matching", "statements"}
_GAP = re.compile(r"\[\[(\d{1,2})\]\]")
_NAME = 80
_PLACES = Decimal("0.00001")
# The shares of a mark that Moodle's own form knows, as one part in so many.
_KNOWN_PARTS = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20})


class _Question:
    """A question being written: its element and what it cannot say."""

    def __init__(self, index: int, draft: Draft, quiz: etree._Element) -> None:
        self.index, self.draft = index, draft
        self.losses: list[Loss] = []
        self.element = etree.SubElement(quiz, "question")

    def lose(self, sentence: str) -> None:
        self.losses.append(Loss(self.index, sentence))

    def add(self, tag: str, text: str = "", **attributes: str) -> etree._Element:
        """A child with a bare text."""
        child = etree.SubElement(self.element, tag, attributes)
        child.text = text or None
        return child

    def picture(self, name: str) -> Picture | None:
        return next((one for one in self.draft.pictures if one.name == name), None)

    def text(
        self, parent: etree._Element, tag: str, text: str, picture: str = "", **attributes: str
    ) -> etree._Element:
        """A child with a formatted text, and its picture: HTML where that says all of it."""
        child = etree.SubElement(parent, tag, attributes)
        shown = self.picture(picture) if picture else None
        if shown or through_html(text) == text:
            child.set("format", "html")
            html = html_of(text)
            if shown:
                source = f"@@PLUGINFILE@@/{quote(shown.name)}"
                alt = html_of(shown.alt).replace('"', "&quot;")
                html += f'<p><img src="{source}" alt="{alt}"/></p>'
            etree.SubElement(child, "text").text = html
            if shown and through_html(text) != text:
                self.lose(_("Spaces or characters that are not seen are left out of its texts."))
        else:
            child.set("format", "plain_text")
            etree.SubElement(child, "text").text = text
        if shown:
            self.file(child, shown)
        return child

    def file(self, parent: etree._Element, picture: Picture) -> None:
        file = etree.SubElement(
            parent, "file", {"name": picture.name, "path": "/", "encoding": "base64"}
        )
        file.text = base64.b64encode(picture.data).decode()

    def answer(self, percent: str, text: str, why: str = "", picture: str = "") -> etree._Element:
        answer = self.text(self.element, "answer", text, picture, fraction=percent)
        self.text(answer, "feedback", why)
        return answer


def write_quiz(drafts: Sequence[Draft]) -> Written:
    """The drafts as one file, their topics as categories."""
    quiz = etree.Element("quiz")
    losses: list[Loss] = []
    topic = ""
    for index, draft in enumerate(drafts):
        if draft.kind not in _WRITERS or (draft.kind == "hotspot" and not _measured(draft)):
            losses.append(left_out(index, draft))
            continue
        said = with_texts(draft, legal)
        if legal(said.topic) != topic:
            topic = legal(said.topic)
            _write_category(quiz, topic)
        question = _Question(index, said, quiz)
        kept = _KEPT | ({"why"} if draft.kind in _OPTIONS_WITH_WHY else set())
        kept |= {"option_picture"} if draft.kind in _OPTIONS_WITH_PICTURES else set()
        losses += unsaid(index, draft, kept | {"pinned"}) + changed_texts(index, draft, said)
        _write_question(question)
        losses += question.losses
    return Written(written(quiz), tuple(losses))


def _write_category(quiz: etree._Element, topic: str) -> None:
    question = etree.SubElement(quiz, "question", type="category")
    category = etree.SubElement(question, "category")
    path = ["$course$", "top", *([topic.replace("/", "//")] if topic else [])]
    etree.SubElement(category, "text").text = "/".join(path)


def _write_question(question: _Question) -> None:
    draft = question.draft
    name = question.add("name")
    etree.SubElement(name, "text").text = " ".join(draft.prompt.split())[:_NAME] or "?"
    prompt = draft.prompt if draft.kind != "blank" else ""
    body = question.text(question.element, "questiontext", prompt, draft.picture)
    question.text(question.element, "generalfeedback", draft.explanation)
    question.add("defaultgrade", "1")
    question.add("penalty", "0.3333333")
    question.add("hidden", "0")
    if draft.key:
        question.add("idnumber", legal(draft.key))
    _WRITERS[draft.kind](question, body)
    if draft.tags:
        tags = question.add("tags")
        for tag in draft.tags:
            etree.SubElement(etree.SubElement(tags, "tag"), "text").text = legal(tag)


def _write_choice(question: _Question, _body: etree._Element, *, fixed: bool = False) -> None:
    options = question.draft.options
    pinned = [bool(option.get("pinned")) for option in options]
    if any(pinned) and not all(pinned):
        question.lose(_("Moodle keeps all options in their places or none: here it keeps all."))
    many = question.draft.kind == "multiple"
    question.element.set("type", "multichoice")
    question.add("single", "false" if many else "true")
    question.add("shuffleanswers", "false" if fixed or any(pinned) else "true")
    question.add("answernumbering", "ABCD")
    right, wrong = ("100", "0") if not many else _shares(question)
    for option in options:
        question.answer(
            right if option.get("right") else wrong,
            option.get("text", ""),
            option.get("why", ""),
            option.get("picture", ""),
        )


def _shares(question: _Question) -> tuple[str, str]:
    """The percent of a right and of a wrong option of a question with several right ones."""
    rights = sum(bool(option.get("right")) for option in question.draft.options)
    wrongs = len(question.draft.options) - rights
    parts = question.draft.settings.get("scoring", "all") == "penalty"
    if not parts:
        question.lose(
            _("Moodle gives parts of the mark where only some of the right options are chosen.")
        )
    if not {rights, wrongs if parts else 1} <= _KNOWN_PARTS:
        question.lose(_("Moodle knows no share of the mark as small as this question's."))
    return _percent(rights), "-" + _percent(wrongs if parts else 1)


def _percent(parts: int) -> str:
    return with_point((Decimal(100) / max(parts, 1)).quantize(_PLACES))


def _write_true_false(question: _Question, body: etree._Element) -> None:
    options = question.draft.options
    if tuple(option.get("text") for option in options) != TRUE_FALSE:
        question.lose(_("It becomes a question with one right answer, its options in their order."))
        _write_choice(question, body, fixed=True)
        return
    question.element.set("type", "truefalse")
    for option, text in zip(options, ("true", "false"), strict=True):
        answer = question.add("answer", fraction="100" if option.get("right") else "0")
        answer.set("format", "moodle_auto_format")
        etree.SubElement(answer, "text").text = text
        question.text(answer, "feedback", option.get("why", ""))


def _write_rows(question: _Question, rows: Sequence[tuple[str, str, str]]) -> None:
    """Rows of a matching question: text, counterpart and the name of a picture."""
    question.element.set("type", "matching")
    question.add("shuffleanswers", "true")
    for text, match, picture in rows:
        row = question.text(question.element, "subquestion", text, picture)
        etree.SubElement(etree.SubElement(row, "answer"), "text").text = match


def _write_matching(question: _Question, _body: etree._Element) -> None:
    _write_rows(
        question,
        [
            (o.get("text", ""), o.get("match", ""), o.get("picture", ""))
            for o in question.draft.options
        ],
    )


def _write_statements(question: _Question, _body: etree._Element) -> None:
    options = question.draft.options
    words = [TRUE_FALSE[0] if option.get("right") else TRUE_FALSE[1] for option in options]
    rows = [
        (option.get("text", ""), word, option.get("picture", ""))
        for option, word in zip(options, words, strict=True)
    ]
    # Both words have to be there to choose from.
    loose = [("", word, "") for word in TRUE_FALSE if word not in words]
    _write_rows(question, rows + loose)


def _write_ordering(question: _Question, _body: etree._Element) -> None:
    question.element.set("type", "ordering")
    for tag, text in (
        ("layouttype", "VERTICAL"),
        ("selecttype", "ALL"),
        ("selectcount", "0"),
        ("gradingtype", "ABSOLUTE_POSITION"),
        ("showgrading", "SHOW"),
    ):
        question.add(tag, text)
    for place, option in enumerate(question.draft.options, start=1):
        question.answer(str(place), option.get("text", ""))


def _write_blank(question: _Question, body: etree._Element) -> None:
    question.element.set("type", "cloze")
    draft = question.draft
    if draft.settings.get("ignore_accents"):
        question.lose(_("Answers without accents are wrong there."))
    by_gap: dict[int, list[OptionSpec]] = {}
    for option in draft.options:
        by_gap.setdefault(option.get("gap", 0), []).append(option)
    html = ""
    for place, piece in enumerate(_GAP.split(draft.prompt)):
        if place % 2 == 0:
            html += html_of(piece).replace("{", "&#123;")
        else:
            accepted = by_gap.get(int(piece), [])
            html += write_gap([(o.get("text", ""), o.get("why", "")) for o in accepted])
    gaps = [int(gap) for gap in _GAP.findall(draft.prompt)]
    if gaps != list(range(1, len(gaps) + 1)):
        question.lose(_("Its gaps are numbered anew."))
    shown = body[0].text or ""
    body.set("format", "html")
    body[0].text = html + shown
    if with_texts(draft, through_html) != draft:
        question.lose(_("Spaces or characters that are not seen are left out of its texts."))


def _write_number(question: _Question, _body: etree._Element) -> None:
    draft = question.draft
    question.element.set("type", "numerical")
    option = draft.options[0] if draft.options else OptionSpec()
    number = exact(option.get("text", ""))
    tolerance = exact(str(draft.settings.get("tolerance", "0"))) or Decimal(0)
    if draft.settings.get("tolerance_as") == "percent":
        tolerance = abs(number or Decimal(0)) * tolerance / 100
        question.lose(_("Its tolerance in percent is written as a number."))
    text = with_point(number) if number is not None else option.get("text", "")
    answer = question.answer("100", text, option.get("why", ""))
    answer.set("format", "moodle_auto_format")
    etree.SubElement(answer, "tolerance").text = with_point(tolerance)
    names = [unit.strip() for unit in str(draft.settings.get("unit", "")).split(";")]
    names = [name for name in names if name]
    if draft.settings.get("unit_en"):
        question.lose(_("Its English texts are left out."))
    asked = bool(draft.settings.get("ask_unit"))
    if names:
        units = question.add("units")
        for name in names:
            unit = etree.SubElement(units, "unit")
            etree.SubElement(unit, "multiplier").text = "1"
            etree.SubElement(unit, "unit_name").text = legal(name)
    question.add("unitgradingtype", "1" if asked else "0")
    question.add("unitpenalty", "1" if asked else "0.1")
    question.add("showunits", "0" if names else "3")
    question.add("unitsleft", "0")


def _write_essay(question: _Question, _body: etree._Element) -> None:
    question.element.set("type", "essay")
    question.add("responseformat", "editor")
    question.add("responserequired", "1")
    question.add("responsefieldlines", "15")
    question.add("attachments", "0")
    lines = []
    for option in question.draft.options:
        text = option.get("text", "")
        if "\n" in text:
            question.lose(_("Criteria are written in one line each."))
        lines.append(f"- {' '.join(text.split())} ({option.get('points', 0)} điểm)")
    question.text(question.element, "graderinfo", "\n".join(lines))


def _measured(draft: Draft) -> tuple[int, int] | None:
    """The size of the draft's own picture in pixels."""
    data = next((one.data for one in draft.pictures if one.name == draft.picture), b"")
    return size_of(data) if data else None


def _write_hotspot(question: _Question, body: etree._Element) -> None:
    draft = question.draft
    size = _measured(draft) or (1, 1)
    question.element.set("type", "ddmarker")
    # Here the picture is the ground the markers are put on, not a part of the text.
    shown = question.picture(draft.picture)
    question.element.remove(body)
    question.element.insert(1, question.text(question.element, "questiontext", draft.prompt))
    if shown:
        question.file(question.element, shown)
    rights = [option for option in draft.options if option.get("right")]
    if len(rights) < len(draft.options):
        question.lose(_("Regions that are wrong are left out."))
    if len(rights) > 1:
        question.lose(_("Each of its right regions gets a marker of its own there."))
    exactly = True
    for place, option in enumerate(rights, start=1):
        drag = question.add("drag")
        etree.SubElement(drag, "no").text = str(place)
        etree.SubElement(drag, "text").text = option.get("text", "")
        etree.SubElement(drag, "noofdrags").text = "1"
    for place, option in enumerate(rights, start=1):
        area = option.get("area", "")
        pixels = pixels_of(area, size)
        exactly = exactly and area_of([Decimal(one) for one in pixels], size) == area
        drop = question.add("drop")
        etree.SubElement(drop, "no").text = str(place)
        etree.SubElement(drop, "shape").text = "circle" if len(pixels) == 3 else "rectangle"
        first, rest = pixels[:2], pixels[2:]
        etree.SubElement(drop, "coords").text = ";".join(
            ",".join(map(str, numbers)) for numbers in (first, rest)
        )
        etree.SubElement(drop, "choice").text = str(place)
    if not exactly:
        question.lose(_("The edges of its regions are rounded to whole pixels."))


_WRITERS: dict[str, Callable[[_Question, etree._Element], None]] = {
    "single": _write_choice,
    "multiple": _write_choice,
    "true_false": _write_true_false,
    "statements": _write_statements,
    "matching": _write_matching,
    "ordering": _write_ordering,
    "blank": _write_blank,
    "number": _write_number,
    "essay": _write_essay,
    "hotspot": _write_hotspot,
}
