"""An item of QTI, of any version, as a draft: what all items have."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import unquote

from django.utils.translation import gettext as _
from lxml import etree

from quizzes.bank.content import OptionSpec
from quizzes.exchange.base import Picture
from quizzes.exchange.formats.qti.versions import with_names_of_2
from quizzes.exchange.html import Plain, plain_of
from quizzes.exchange.pictures import decoded, media_type, read_picture, safe_name, suffix_of
from quizzes.exchange.xml import child, children

Element = etree._Element
_DATA = "data:image/"


class ItemError(ValueError):
    """Why an item cannot be read, as a sentence."""


class ItemReader:
    """Reads one item; collects notes and pictures."""

    def __init__(self, root: Element, files: Mapping[str, bytes], folder: str) -> None:
        self.item, self.files, self.folder = root, files, folder
        self.notes: list[str] = []
        self.pictures: list[Picture] = []
        with_names_of_2(root)
        self._shown = self._as_shown()

    def note(self, *sentences: str) -> None:
        """Remember these sentences, each once."""
        self.notes += [one for one in sentences if one not in self.notes]

    def shown(self) -> str:
        """The item as a reader sees it, for the preview."""
        return self._shown

    def _as_shown(self) -> str:
        body = child(self.item, "itemBody")
        rights = [
            " ".join("".join(map(str, value.itertext())).split())
            for declared in children(self.item, "responseDeclaration")
            for value in children(child(declared, "correctResponse"), "value")
        ]
        text = plain_of(body).text if body is not None else ""
        return text + (f"\n= {', '.join(rights)}" if rights else "")

    def explanation(self) -> str:
        """What is said afterwards, whatever was answered."""
        said = [self.text(one) for one in children(self.item, "modalFeedback")]
        if len(said) > 1:
            self.note(_("Several texts said afterwards became one explanation: look at it."))
        return "\n".join(dict.fromkeys(text for text in said if text))

    def text(self, element: Element | None) -> str:
        """What an element says that can have no picture in the bank."""
        plain = self._plain(element)
        if plain.pictures:
            self.note(_("A picture is left out: it stands where the bank has none."))
        return plain.text

    def prompt(self, element: Element) -> tuple[str, str]:
        """What an element says, and the name of its first picture."""
        plain = self._plain(element)
        return plain.text, self.first(plain)

    def option(self, element: Element) -> OptionSpec:
        """An option with its text, its picture, and what is said to it."""
        option: OptionSpec = {}
        feedback = list(children(element, "feedbackInline")) + list(
            children(element, "feedbackBlock")
        )
        why = "\n".join(text for one in feedback if (text := self.text(one)))
        for one in feedback:
            remove(one)
        text, name = self.prompt(element)
        if name:
            option["picture"] = name
            text = text or next((one.alt for one in self.pictures if one.name == name), "")
        if text:
            option["text"] = text
        if why:
            option["why"] = why
        return option

    def _plain(self, element: Element | None) -> Plain:
        plain = plain_of(element) if element is not None else Plain("")
        self.note(*plain.notes())
        return plain

    def first(self, plain: Plain) -> str:
        """Keep the first picture of a text that is there; its name."""
        name = ""
        for shown in plain.pictures:
            picture = self.picture(shown.source, shown.alt)
            if picture is None:
                self.note(_("A picture is left out: it is not in the file, or none we can show."))
            elif name:
                self.note(_("Only the first picture of a text is kept."))
            else:
                name = self.keep(picture)
        return name

    def picture(self, source: str, alt: str) -> Picture | None:
        """The picture at this address of the package; None if there is none."""
        if source.startswith(_DATA) and ";base64," in source:
            data = decoded(source.partition(";base64,")[2])
            return read_picture("picture" + suffix_of(media_type(data)), data, alt)
        path = posixpath.normpath(posixpath.join(self.folder, unquote(source)))
        return read_picture(posixpath.basename(path), self.files.get(path, b""), alt)

    def keep(self, picture: Picture) -> str:
        """Add a picture to the question's; its name there."""
        same = [one.name for one in self.pictures if one.data == picture.data]
        if same:
            return same[0]
        name = safe_name(picture.name, [one.name for one in self.pictures])
        self.pictures.append(replace(picture, name=name))
        return name


def remove(element: Element, instead: str = "") -> None:
    """Take an element out of its text, and put another text there."""
    parent = element.getparent()
    if parent is None:
        return
    tail = instead + (element.tail or "")
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
