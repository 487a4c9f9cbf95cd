"""A short text that a person marks."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NoReturn

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds.base import FIELD, BadAnswerError, Kind, Sent, sent_fields
from quizzes.bank.kinds.settings import Setting
from quizzes.bank.kinds.showing import Asked, AskedPart, Criterion, Reviewed

MOST_CHARACTERS = 20_000


class Essay(Kind):
    """Each option is a criterion of the rubric: its name, the most points, what earns them.

    The answer is the text. No machine marks it: see `needs_person`, and `rubric` for who does.
    """

    name = "essay"
    label = gettext_lazy("A short essay")
    rank = 100
    template_name = "bank/kinds/essay.html"
    review_template_name = "bank/kinds/reviewed_essay.html"
    option_fields = ("text", "points", "why")
    needs_person = True
    settings = (
        Setting(
            name="least_words",
            label=gettext_lazy("At least so many words"),
            default="0",
            help_text=gettext_lazy(
                "Syllables between spaces, as Vietnamese is counted. 0 for no limit. Told to the "
                "learner; a shorter text is taken all the same."
            ),
        ),
        Setting(
            name="most_words",
            label=gettext_lazy("At most so many words"),
            default="0",
            help_text=gettext_lazy("0 for no limit."),
        ),
        Setting(
            name="placeholder",
            label=gettext_lazy("Stands in the empty field"),
            default="",
            help_text=gettext_lazy("As: Nêu tên, việc cần làm, người chịu trách nhiệm."),
        ),
    )

    # --- for the editor ---------------------------------------------------------------------------

    def options_help(self) -> str:
        return _(
            "One entry for each criterion that a person marks by: its name, the most points, and "
            "what earns them. The learner sees them in the review."
        )

    def check(self, content: QuestionContent) -> list[str]:
        faults = []
        if not content["options"]:
            faults.append(_("Give at least one criterion to mark by."))
        if any(option.get("points", 0) < 1 for option in content["options"]):
            faults.append(_("Every criterion needs its most points, 1 or more."))
        limits = [self.setting(content, name) for name in ("least_words", "most_words")]
        if not all(_is_count(limit) for limit in limits):
            faults.append(_("The number of words is a whole number, 0 for no limit."))
        elif 0 < int(limits[1]) < int(limits[0]):
            faults.append(_("The text would have to be longer than it may be."))
        return faults

    # --- for the learner --------------------------------------------------------------------------

    def help_text(self) -> str:
        return _("Write your answer. A person will read and mark it.")

    def order(self, content: QuestionContent) -> list[str]:
        return []

    def read(self, sent: Sent, offered: Sequence[str]) -> list[str]:
        sent_fields(sent, [FIELD])
        values = sent.get(FIELD, ())
        if len(values) > 1:
            raise BadAnswerError(_("Write one text."))
        text = clean_lines(values[0]) if values else ""
        if len(text) > MOST_CHARACTERS:
            raise BadAnswerError(
                _(
                    "The text has %(length)s characters, at most %(limit)s can be kept. What was "
                    "saved before stays: shorten the text, then it is saved anew."
                )
                % {"length": len(text), "limit": MOST_CHARACTERS}
            )
        return [text] if text else []

    def fields(self, answer: Sequence[str], offered: Sequence[str]) -> dict[str, list[str]]:
        return {FIELD: list(answer)} if answer else {}

    def asked(self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]) -> Asked:
        return Asked(
            parts=(AskedPart("", "", "", value="".join(answer)),),
            placeholder=self.setting(content, "placeholder"),
            length=self._length(content),
        )

    # --- judging ----------------------------------------------------------------------------------

    def grade(self, content: QuestionContent, answer: Sequence[str]) -> NoReturn:
        """Nothing but a mistake of the program calls this."""
        raise TypeError("an essay is marked by a person: see Kind.needs_person")

    def right_answer(self, content: QuestionContent) -> list[str]:
        return []

    def reviewed(
        self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]
    ) -> Reviewed:
        text = "".join(answer)
        count = count_words(text)
        words = ngettext("%(count)s word", "%(count)s words", count) % {"count": count}
        return Reviewed(text=text, words=words if text else "", rubric=rubric(content))

    def _length(self, content: QuestionContent) -> str:
        """How long the text should be, in words; a draft's settings may be nonsense."""
        least, most = (self.setting(content, name) for name in ("least_words", "most_words"))
        if not (_is_count(least) and _is_count(most)):
            return ""
        counts = {"least": int(least), "most": int(most)}
        if int(least) and int(most):
            return _("%(least)s to %(most)s words.") % counts
        if int(least):
            return _("At least %(least)s words.") % counts
        return _("At most %(most)s words.") % counts if int(most) else ""


def rubric(content: QuestionContent) -> tuple[Criterion, ...]:
    """What a person marks the text by, in the order written."""
    return tuple(
        Criterion(option["key"], option["text"], option.get("points", 0), option["why"])
        for option in content["options"]
    )


def count_words(text: str) -> int:
    """How many words a Vietnamese text has: what stands between spaces and has a letter or digit.

    So «sở hữu trí tuệ» are four, as in a decree's length, and a dash by itself is none.
    """
    return sum(any(char.isalnum() for char in word) for word in text.split())


def clean_lines(text: str) -> str:
    """`text` in NFC with its lines, without characters that are not seen and space at its ends."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    seen = "".join(
        char
        for char in lines
        if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return seen.strip()


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5
