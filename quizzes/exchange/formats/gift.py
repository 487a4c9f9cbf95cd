"""GIFT, the text format of Moodle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.exchange.base import Draft, Entry, FileError, Format, Written
from quizzes.exchange.gift.reading import read_text
from quizzes.exchange.gift.writing import KINDS, write_text
from quizzes.exchange.texts import decode


class GiftFormat(Format):
    """See `quizzes.exchange.gift`."""

    name = "gift"
    label = gettext_lazy("GIFT text (Moodle)")
    rank = 10
    extensions = (".gift", ".txt")
    media_type = "text/plain"
    kinds = KINDS

    def read(self, data: bytes) -> list[Entry]:
        text, note = decode(data)
        if "{" not in text:
            raise FileError(_("This is no GIFT file: there are no braces."))
        entries = read_text(text.removeprefix("\ufeff"))
        if not note:
            return entries
        return [replace(entry, notes=(note, *entry.notes)) for entry in entries]

    def write(self, drafts: Sequence[Draft]) -> Written:
        text, losses = write_text(drafts)
        return Written(text.encode(), tuple(losses))
