"""What the kinds share whose question has parts, each answered by itself.

The answer is kept as «part=value», in the order of the parts; a part left open is left out. In the
form each part is a field «answer:NAME». Names and values of the form may differ from what is kept
(`keys`, `keep`, `show`): a page must not tell by a name which of two things belong together.
"""

from __future__ import annotations

import unicodedata
from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from quizzes.bank.content import OPTION_LETTERS
from quizzes.bank.kinds.base import FIELD, BadAnswerError, Kind, Sent, sent_fields

MOST_TEXT = 200


class PartsKind(Kind):
    """A question in parts."""

    review_template_name = "bank/kinds/reviewed_parts.html"
    most: ClassVar[int] = MOST_TEXT

    def keys(self, offered: Sequence[str]) -> dict[str, str]:
        """The parts by their names in the form, in the order shown."""
        return {key: key for key in offered}

    @abstractmethod
    def keep(self, value: str, offered: Sequence[str]) -> str:
        """What is kept for a value of the form; `BadAnswerError` for one that was not offered."""

    def show(self, value: str, offered: Sequence[str]) -> str:
        """The value of the form for one that was kept."""
        return value

    def read(self, sent: Sent, offered: Sequence[str]) -> list[str]:
        keys = self.keys(offered)
        sent_fields(sent, [f"{FIELD}:{name}" for name in keys])
        values = {key: one_value(sent, f"{FIELD}:{name}", self.most) for name, key in keys.items()}
        return [f"{key}={self.keep(value, offered)}" for key, value in values.items() if value]

    def fields(self, answer: Sequence[str], offered: Sequence[str]) -> dict[str, list[str]]:
        values = by_part(answer)
        return {
            f"{FIELD}:{name}": [self.show(values[key], offered)]
            for name, key in self.keys(offered).items()
            if key in values
        }


def by_part(answer: Sequence[str]) -> dict[str, str]:
    """What was answered, by part."""
    return {part: value for part, _equals, value in (one.partition("=") for one in answer)}


def one_value(sent: Sent, field: str, most: int) -> str:
    """The one value of a field, cleaned; empty for none, an error for several or too long a one."""
    values = sent.get(field, ())
    if len(values) > 1:
        raise BadAnswerError(_("Give one answer to each part."))
    value = clean_line(values[0]) if values else ""
    if len(value) > most:
        raise BadAnswerError(
            _("This answer is longer than %(limit)s characters.") % {"limit": most}
        )
    return value


def clean_line(text: str) -> str:
    """`text` as one line in NFC: spaces made single, characters that are not seen left out."""
    seen = "".join(
        " " if char.isspace() else char
        for char in text
        if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return " ".join(unicodedata.normalize("NFC", seen).split())


def small_letter(place: int) -> str:
    """The small letter of the part at this place, counted from 0."""
    return OPTION_LETTERS[place % len(OPTION_LETTERS)].lower()
