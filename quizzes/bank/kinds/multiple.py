"""Several right options among several."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds.base import Kind, right_keys


class Multiple(Kind):
    """Choose all that are right. All or nothing for now: partial marks change only `grade`."""

    name = "multiple"
    template_name = "bank/kinds/multiple.html"
    takes_many = True

    def help_text(self) -> str:
        return _("Choose all right options. Your answer is saved as soon as you choose.")

    def check(self, content: QuestionContent) -> list[str]:
        faults = []
        if len(content["options"]) < 3:
            faults.append(_("Give at least three options."))
        if not right_keys(content):
            faults.append(_("Mark at least one option as right."))
        elif len(right_keys(content)) == len(content["options"]):
            faults.append(_("At least one option must be wrong."))
        return faults

    def grade(self, content: QuestionContent, answer: Sequence[str]) -> Fraction:
        return Fraction(int(set(answer) == right_keys(content)))
