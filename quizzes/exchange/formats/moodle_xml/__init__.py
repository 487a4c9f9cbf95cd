"""Moodle XML: the question bank of Moodle, with categories, tags and pictures."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.exchange.base import Draft, Entry, FileError, Format, Written
from quizzes.exchange.formats.moodle_xml.reading import read_questions
from quizzes.exchange.formats.moodle_xml.writing import write_quiz
from quizzes.exchange.xml import local_name, parse_xml


class MoodleXml(Format):
    """The XML of Moodle 3 to 5, with the plugins «ordering» and «multichoiceset»."""

    name = "moodle_xml"
    label = gettext_lazy("Moodle XML")
    rank = 50
    extensions = (".xml",)
    media_type = "application/xml"
    kinds = frozenset(
        {
            "single",
            "multiple",
            "true_false",
            "statements",
            "matching",
            "ordering",
            "blank",
            "number",
            "essay",
            "hotspot",
        }
    )

    def read(self, data: bytes) -> list[Entry]:
        root = parse_xml(data)
        if local_name(root) != "quiz":
            raise FileError(_("This is no Moodle XML: it has no <quiz> at its top."))
        return read_questions(root)

    def write(self, drafts: Sequence[Draft]) -> Written:
        return write_quiz(drafts)
