"""Which format a file is of: by what its formats make of it, and by its name."""

from __future__ import annotations

from pathlib import PurePath

from django.utils.translation import gettext as _

from quizzes.exchange.base import FileError
from quizzes.exchange.formats import all_formats


def recognise(name: str, data: bytes) -> str:
    """The format's name; `FileError` if none of them can read the file.

    Those with the extension are asked first. Among several the one that finds most questions wins:
    it is shown to the person, who may choose another.
    """
    extension = PurePath(name).suffix.lower()
    formats = all_formats()
    named = [one.name for one in formats.values() if extension in one.extensions]
    for names in (named, [one for one in formats if one not in named]):
        scores = {one: score for one in names if (score := _questions(one, data)) is not None}
        if scores:
            return max(scores, key=lambda one: scores[one])
    raise FileError(_("No format was recognised. Choose the format yourself to see why."))


def _questions(name: str, data: bytes) -> int | None:
    try:
        return sum(1 for entry in all_formats()[name].read(data) if entry.draft)
    except FileError:
        return None
