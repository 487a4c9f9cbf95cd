"""Word papers, written the way teachers in Vietnam write them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from quizzes.exchange.base import Draft, Entry, Format, Written
from quizzes.exchange.formats.word.reading import read_paper
from quizzes.exchange.formats.word.writing import KINDS, write_paper


class Word(Format):
    """A paper in .docx: «Câu 1. … A. … B. …», its answers marked, beside, or at the end."""

    name = "word"
    label = gettext_lazy("Word paper")
    rank = 10
    extensions = (".docx",)
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    kinds = KINDS

    def read(self, data: bytes) -> list[Entry]:
        return read_paper(data)

    def write(self, drafts: Sequence[Draft]) -> Written:
        return write_paper(drafts)
