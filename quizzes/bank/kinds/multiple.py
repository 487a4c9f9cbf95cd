"""Several right options among several."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds.choices import ChoiceKind, right_keys
from quizzes.bank.kinds.settings import Setting


class Multiple(ChoiceKind):
    """Choose all that are right.

    All or nothing, unless the question says «penalty»: then the share of the right options that
    were chosen, less the share of the wrong ones that were, and never below zero unless the quiz
    lets a question cost points. So choosing all options earns nothing, and so does guessing, in
    the mean.
    """

    name = "multiple"
    label = gettext_lazy("Several right answers")
    rank = 20
    template_name = "bank/kinds/multiple.html"
    takes_many = True
    settings = (
        Setting(
            name="scoring",
            label=gettext_lazy("Marking"),
            default="all",
            help_text=gettext_lazy(
                "In parts: each right option chosen adds its share of the mark, each wrong one "
                "takes its share away; never below zero."
            ),
            choices=(
                ("all", gettext_lazy("All or nothing")),
                ("penalty", gettext_lazy("In parts, wrong choices take away")),
            ),
        ),
    )

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
        return max(self.grade_signed(content, answer), Fraction(0))

    def grade_signed(self, content: QuestionContent, answer: Sequence[str]) -> Fraction:
        chosen, right = set(answer), right_keys(content)
        if self.setting(content, "scoring") == "all":
            return Fraction(int(chosen == right))
        wrong = {option["key"] for option in content["options"]} - right
        return Fraction(len(chosen & right), len(right)) - Fraction(len(chosen & wrong), len(wrong))
