"""A question of a Moodle file while it is read: its texts, pictures and what is not kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import unquote

from django.utils.translation import gettext as _
from lxml import etree

from quizzes.bank.content import clean_text
from quizzes.exchange.base import Picture
from quizzes.exchange.html import Plain, plain_of_html
from quizzes.exchange.pictures import decoded, media_type, read_picture, safe_name, suffix_of
from quizzes.exchange.xml import child, children, text_at

MOST_TEXT = 100_000
_OWN = "@@PLUGINFILE@@/"
_DATA = "data:image/"


class QuestionError(ValueError):
    """Why a question cannot be read, as a sentence."""


class Source:
    """One `<question>`; collects notes and pictures while its texts are asked for."""

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        self.notes: list[str] = []
        self.pictures: list[Picture] = []
        # The first picture of the question's own text.
        self.picture = ""

    def note(self, *sentences: str) -> None:
        """Remember these sentences, each once."""
        self.notes += [one for one in sentences if one not in self.notes]

    def raw(self, element: etree._Element | None) -> str:
        """The text of a formatted element as it is written."""
        text = text_at(element, "text")
        if len(text) > MOST_TEXT:
            raise QuestionError(
                _("A text is longer than %(limit)s characters.") % {"limit": MOST_TEXT}
            )
        return text

    def plain(self, element: etree._Element | None, shown: str = "") -> Plain:
        """What a formatted element says; `shown` is its text where that was changed before."""
        text = shown or self.raw(element)
        form = element.get("format", "html") if element is not None else "html"
        if form == "plain_text":
            return Plain(clean_text(text))
        if form == "moodle_auto_format":
            text = text.replace("\n", "<br/>")
        plain = plain_of_html(text)
        self.note(*plain.notes())
        return plain

    def text(self, element: etree._Element | None) -> str:
        """What an element says that can have no picture in the bank."""
        plain = self.plain(element)
        if plain.pictures:
            self.note(_("A picture is left out: it stands where the bank has none."))
        return plain.text

    def prompt(self, element: etree._Element | None, shown: str = "") -> str:
        """What the question says; its first picture becomes the question's."""
        plain = self.plain(element, shown)
        self.picture = self._first(plain, element)
        return plain.text

    def illustrated(self, element: etree._Element) -> tuple[str, str]:
        """What an option says, and the name of its picture; that one's words if it has none."""
        plain = self.plain(element)
        name = self._first(plain, element)
        text = plain.text or next((one.alt for one in self.pictures if one.name == name), "")
        return text, name

    def _first(self, plain: Plain, element: etree._Element | None) -> str:
        """Take the first picture of a text that is there; its name."""
        files = {file.get("name", ""): file for file in children(element, "file")}
        name = ""
        for shown in plain.pictures:
            picture = self._picture(shown.source, shown.alt, files)
            if picture is None:
                self.note(_("A picture is left out: it is not in the file, or none we can show."))
            elif name:
                self.note(_("Only the first picture of a text is kept."))
            else:
                name = self.keep(picture)
        return name

    def _picture(
        self, source: str, alt: str, files: Mapping[str, etree._Element]
    ) -> Picture | None:
        if source.startswith(_DATA) and ";base64," in source:
            data = decoded(source.partition(";base64,")[2])
            return read_picture("picture" + suffix_of(media_type(data)), data, alt)
        name = unquote(source.removeprefix(_OWN).partition("?")[0])
        file = files.get(name) if source.startswith(_OWN) else None
        return file_picture(file, alt) if file is not None else None

    def keep(self, picture: Picture) -> str:
        """Add a picture to the question's; its name there."""
        same = [one.name for one in self.pictures if one.data == picture.data]
        if same:
            return same[0]
        name = safe_name(picture.name, [one.name for one in self.pictures])
        self.pictures.append(replace(picture, name=name))
        return name


def file_picture(file: etree._Element, alt: str = "") -> Picture | None:
    """The picture in a `<file>`; None if it is none."""
    if file.get("encoding") != "base64":
        return None
    return read_picture(file.get("name", ""), decoded(file.text or ""), alt)


def feedback_of(source: Source, answer: etree._Element) -> str:
    """What is said to an answer."""
    return source.text(child(answer, "feedback"))
