"""A short text that a person marks by a rubric."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds.base import FIELD, BadAnswerError, Kind, Sent, sent_fields
from quizzes.bank.kinds.showing import Asked, AskedPart, Reviewed, ReviewedPart

_LONGEST = 20_000


@dataclass(frozen=True)
class Criterion:
    """One line of the rubric: what is looked for, and the most points it gives."""

    key: str
    text: str
    points: int
    why: str


def rubric(content: QuestionContent) -> tuple[Criterion, ...]:
    """What the answer is marked by; the options of the question are its criteria."""
    return tuple(
        Criterion(option["key"], option["text"], option.get("gap") or 1, option["why"])
        for option in content["options"]
    )


class Essay(Kind):
    """Answered in one's own words. It has no key: a person marks it, criterion by criterion."""

    name = "essay"
    label = gettext_lazy("Short essay")
    rank = 100
    template_name = "bank/kinds/essay.html"
    review_template_name = "bank/kinds/reviewed_parts.html"
    needs_person = True

    def options_help(self) -> str:
        return _("One entry for each criterion of the rubric.")

    def check(self, content: QuestionContent) -> list[str]:
        return [] if content["options"] else [_("Give at least one criterion.")]

    def help_text(self) -> str:
        return _("Write your answer in a few sentences. A person marks it.")

    def order(self, content: QuestionContent) -> list[str]:
        return []

    def shuffled(self, order: Sequence[str], *, freely: bool, chance: random.Random) -> list[str]:
        return list(order)

    def read(self, sent: Sent, offered: Sequence[str]) -> list[str]:
        sent_fields(sent, [FIELD])
        texts = [text.strip() for text in sent.get(FIELD, ()) if text.strip()]
        if len(texts) > 1 or any(len(text) > _LONGEST for text in texts):
            raise BadAnswerError(_("This answer cannot be read."))
        return texts

    def fields(self, answer: Sequence[str], offered: Sequence[str]) -> dict[str, list[str]]:
        return {FIELD: list(answer)}

    def asked(self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]) -> Asked:
        return Asked(parts=(AskedPart(name="", label="", text="", value="".join(answer)),))

    def grade(self, content: QuestionContent, answer: Sequence[str]) -> Fraction:
        return Fraction(0)

    def right_answer(self, content: QuestionContent) -> list[str]:
        return []

    def reviewed(
        self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]
    ) -> Reviewed:
        return Reviewed(
            parts=(ReviewedPart(text="", given="".join(answer), right=False, key="", why=""),)
        )
