"""QTI 2.1 and 3.0: packages of items, as examination software exchanges them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from quizzes.exchange.base import Draft, Entry, Format, Written
from quizzes.exchange.formats.qti.package import read_package, write_package
from quizzes.exchange.formats.qti.versions import QTI_2, QTI_3, Version


class Qti(Format):
    """A ZIP package with a manifest, an item a file, and pictures."""

    version: Version
    extensions = (".zip", ".xml")
    media_type = "application/zip"
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
        return read_package(data)

    def write(self, drafts: Sequence[Draft]) -> Written:
        return write_package(drafts, self.version)


class Qti21(Qti):
    """QTI 2.1; packages of 2.0 and 2.2 are read too."""

    name = "qti21"
    label = gettext_lazy("QTI 2.1")
    rank = 70
    version = QTI_2


class Qti30(Qti):
    """QTI 3.0."""

    name = "qti30"
    label = gettext_lazy("QTI 3.0")
    rank = 60
    version = QTI_3
