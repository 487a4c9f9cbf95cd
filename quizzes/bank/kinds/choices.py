"""What the kinds share in which one chooses among the options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from quizzes.bank.content import OPTION_LETTERS, QuestionContent
from quizzes.bank.kinds.base import FIELD, BadAnswerError, Kind, Sent, sent_fields
from quizzes.bank.kinds.showing import Asked, AskedOption, Reviewed, ReviewedOption


class ChoiceKind(Kind):
    """The answer is the keys of the options chosen, in the order shown."""

    review_template_name = "bank/kinds/reviewed_choices.html"
    takes_many: ClassVar[bool] = False

    def options_help(self) -> str:
        return _("One entry for each option. Tick «right» where it is, and say why or why not.")

    def read(self, sent: Sent, offered: Sequence[str]) -> list[str]:
        sent_fields(sent, [FIELD])
        chosen = set(sent.get(FIELD, ()))
        if not chosen <= set(offered):
            raise BadAnswerError(_("This option does not belong to the question."))
        if len(chosen) > 1 and not self.takes_many:
            raise BadAnswerError(_("Choose only one option."))
        return [key for key in offered if key in chosen]

    def fields(self, answer: Sequence[str], offered: Sequence[str]) -> dict[str, list[str]]:
        return {FIELD: list(answer)}

    def asked(self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]) -> Asked:
        texts = {option["key"]: option["text"] for option in content["options"]}
        return Asked(
            options=tuple(
                AskedOption(key, letter(place), texts[key], checked=key in answer)
                for place, key in enumerate(order)
            )
        )

    def right_answer(self, content: QuestionContent) -> list[str]:
        return [option["key"] for option in content["options"] if option["right"]]

    def reviewed(
        self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]
    ) -> Reviewed:
        options = {option["key"]: option for option in content["options"]}
        return Reviewed(
            options=tuple(
                ReviewedOption(
                    text=options[key]["text"],
                    chosen=key in answer,
                    right=options[key]["right"],
                    why=options[key]["why"],
                )
                for key in order
                if key in answer or options[key]["right"]
            )
        )


def letter(place: int) -> str:
    """The letter of the option at this place, counted from 0."""
    return OPTION_LETTERS[place % len(OPTION_LETTERS)]


def right_keys(content: QuestionContent) -> set[str]:
    """The keys of the right options."""
    return {option["key"] for option in content["options"] if option["right"]}
