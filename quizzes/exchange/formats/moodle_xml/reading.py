"""Moodle XML as drafts: what all its questions have."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from lxml import etree

from quizzes.bank.content import clean_text
from quizzes.exchange.base import Draft, Entry
from quizzes.exchange.formats.moodle_xml.kinds import READERS
from quizzes.exchange.formats.moodle_xml.source import QuestionError, Source
from quizzes.exchange.html import plain_of_html
from quizzes.exchange.xml import child, children, line_of, text_at

MOST_SOURCE = 2000
MOST_TOPIC = 120
_SLASH = re.compile(r"(?<!/)/(?!/)")
# What Moodle itself puts there, in its languages used here.
_USUAL_FEEDBACK = frozenset(
    {
        "Your answer is correct.",
        "Your answer is partially correct.",
        "Your answer is incorrect.",
        "Câu trả lời của bạn đúng.",
        "Câu trả lời của bạn đúng một phần.",
        "Câu trả lời của bạn sai.",
        "Đáp án chính xác",
    }
)


def read_questions(quiz: etree._Element) -> list[Entry]:
    """The entries of a `<quiz>`; a category gives those after it their topic."""
    entries: list[Entry] = []
    topic = ""
    for element in children(quiz, "question"):
        if element.get("type") == "category":
            topic = _topic(text_at(element, "category", "text"))
        else:
            entries.append(_entry(element, topic))
    return entries


def _topic(path: str) -> str:
    parts = [part.replace("//", "/") for part in _SLASH.split(path)]
    if parts and parts[0].startswith("$"):
        parts = parts[1:]
    if parts and parts[0] == "top":
        parts = parts[1:]
    return clean_text(" / ".join(part.strip() for part in parts if part.strip()))[:MOST_TOPIC]


def _entry(element: etree._Element, topic: str) -> Entry:
    source = Source(element)
    line, shown = line_of(element), _shown(element)
    kind = element.get("type", "")
    try:
        if kind == "description":
            raise QuestionError(_("This is a text without a question: it is left out."))
        if kind not in READERS:
            raise QuestionError(
                _("Moodle's kind of question «%(kind)s» is not read.") % {"kind": kind[:40]}
            )
        draft = READERS[kind](source)
        _common(source, draft)
    except QuestionError as error:
        return Entry(line, shown, errors=(str(error),), notes=tuple(source.notes))
    draft.topic = topic
    return Entry(line, shown, draft, notes=tuple(source.notes))


def _common(source: Source, draft: Draft) -> None:
    """What every kind of question has."""
    element = source.element
    draft.explanation = source.text(child(element, "generalfeedback"))
    draft.key = clean_text(text_at(element, "idnumber"))
    draft.tags = [
        tag
        for one in children(child(element, "tags"), "tag")
        if (tag := clean_text(text_at(one, "text")))
    ]
    draft.picture, draft.pictures = draft.picture or source.picture, source.pictures
    if text_at(element, "defaultgrade") not in ("", "1") and _differs_from_one(element):
        source.note(_("Its points are not kept: a quiz says them here."))
    if next(children(element, "hint"), None) is not None:
        source.note(_("Its hints are not kept."))
    feedback = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
    said = {plain_of_html(text_at(element, name, "text")).text for name in feedback}
    if said - _USUAL_FEEDBACK - {""}:
        source.note(_("What is said to any right or wrong answer is not kept."))


def _differs_from_one(element: etree._Element) -> bool:
    grade = text_at(element, "defaultgrade")
    try:
        return float(grade) != 1
    except ValueError:
        return True


def _shown(element: etree._Element) -> str:
    """The question as a reader of the file sees it: its kind, name and texts, without files."""
    lines = [f"[{element.get('type', '')}] {text_at(element, 'name', 'text')}".strip()]
    body = text_at(element, "questiontext", "text")[:MOST_SOURCE]
    lines.append(plain_of_html(body).text)
    for tag in ("answer", "subquestion"):
        for answer in children(element, tag):
            text = plain_of_html(text_at(answer, "text")[:MOST_SOURCE]).text
            percent = answer.get("fraction", "")
            match = text_at(answer, "answer", "text")
            lines.append(
                f"- {text}" + (f" ({percent} %)" if percent else f" = {match}" if match else "")
            )
    return "\n".join(line for line in lines if line)[:MOST_SOURCE]
