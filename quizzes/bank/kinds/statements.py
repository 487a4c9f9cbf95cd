"""Several statements, each true or false."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds.base import BadAnswerError
from quizzes.bank.kinds.parts import PartsKind, by_part, small_letter
from quizzes.bank.kinds.showing import Asked, AskedOption, AskedPart, Reviewed, ReviewedPart

TRUE, FALSE = "true", "false"


class Statements(PartsKind):
    """Each option is a statement, «right» says that it is true.

    The mark is the share of statements judged rightly; one left open is not.
    """

    name = "statements"
    label = gettext_lazy("True or false for each statement")
    rank = 40
    template_name = "bank/kinds/statements.html"

    def options_help(self) -> str:
        return _("One entry for each statement. Tick «right» where the statement is true.")

    def help_text(self) -> str:
        return _("Judge each statement: true or false. Each right one earns its share of the mark.")

    def check(self, content: QuestionContent) -> list[str]:
        return [] if len(content["options"]) >= 2 else [_("Give at least two statements.")]

    def keep(self, value: str, offered: Sequence[str]) -> str:
        if value not in (TRUE, FALSE):
            raise BadAnswerError(_("Choose true or false."))
        return value

    def asked(self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]) -> Asked:
        texts = {option["key"]: option["text"] for option in content["options"]}
        given = by_part(answer)
        return Asked(
            parts=tuple(
                AskedPart(
                    name=key,
                    label=small_letter(place),
                    text=texts[key],
                    value=given.get(key, ""),
                    options=tuple(
                        AskedOption(value, "", _word(value), checked=given.get(key) == value)
                        for value in (TRUE, FALSE)
                    ),
                )
                for place, key in enumerate(order)
            )
        )

    def grade(self, content: QuestionContent, answer: Sequence[str]) -> Fraction:
        right, given = by_part(self.right_answer(content)), by_part(answer)
        return Fraction(sum(given.get(key) == value for key, value in right.items()), len(right))

    def right_answer(self, content: QuestionContent) -> list[str]:
        return [f"{o['key']}={TRUE if o['right'] else FALSE}" for o in content["options"]]

    def reviewed(
        self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]
    ) -> Reviewed:
        options = {option["key"]: option for option in content["options"]}
        right, given = by_part(self.right_answer(content)), by_part(answer)
        return Reviewed(
            parts=tuple(
                ReviewedPart(
                    label=small_letter(place),
                    text=options[key]["text"],
                    given=_word(given[key]) if key in given else "",
                    right=given.get(key) == right[key],
                    key=_word(right[key]),
                    why=options[key]["why"],
                )
                for place, key in enumerate(order)
            )
        )


def _word(value: str) -> str:
    return pgettext("statement", "True") if value == TRUE else pgettext("statement", "False")
