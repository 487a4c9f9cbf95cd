"""One right option among several."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds.choices import ChoiceKind, right_keys


class Single(ChoiceKind):
    """Choose one; it earns the full mark or nothing."""

    name = "single"
    label = gettext_lazy("One right answer")
    rank = 10
    template_name = "bank/kinds/single.html"

    def help_text(self) -> str:
        return _("Choose one option. Your answer is saved as soon as you choose.")

    def check(self, content: QuestionContent) -> list[str]:
        faults = []
        if len(content["options"]) < 2:
            faults.append(_("Give at least two options."))
        if len(right_keys(content)) != 1:
            faults.append(_("Mark exactly one option as right."))
        return faults

    def grade(self, content: QuestionContent, answer: Sequence[str]) -> Fraction:
        return Fraction(int(len(answer) == 1 and answer[0] in right_keys(content)))
