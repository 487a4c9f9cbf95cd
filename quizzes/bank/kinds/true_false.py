"""A statement that is true or not."""

from __future__ import annotations

import random
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds.base import PINNED
from quizzes.bank.kinds.choices import right_keys
from quizzes.bank.kinds.single import Single


class TrueFalse(Single):
    """Two options, always in the order written, so that «true» stays above «false»."""

    name = "true_false"
    label = gettext_lazy("True or false")
    rank = 30
    # Nothing of it is shuffled.
    option_fields = ("text", "right", "picture", "why")
    template_name = "bank/kinds/true_false.html"

    def help_text(self) -> str:
        return _("Is it true or false? Your answer is saved as soon as you choose.")

    def check(self, content: QuestionContent) -> list[str]:
        faults = []
        if len(content["options"]) != 2:
            faults.append(_("Give exactly two options: true and false."))
        if len(right_keys(content)) != 1:
            faults.append(_("Mark exactly one option as right."))
        return faults

    def shuffled(self, order: Sequence[str], *, freely: bool, chance: random.Random) -> list[str]:
        return [name.removeprefix(PINNED) for name in order]
