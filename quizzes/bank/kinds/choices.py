"""What the kinds share in which one chooses among the options."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from quizzes.bank.content import OPTION_LETTERS, QuestionContent
from quizzes.bank.kinds.base import (
    FIELD,
    PINNED,
    BadAnswerError,
    Kind,
    Sent,
    sent_fields,
    shown_picture,
)
from quizzes.bank.kinds.showing import Asked, AskedOption, Reviewed, ReviewedOption

_OTHERS = re.compile(
    r"\b(?:cả (?:hai|ba|bốn)\b|cả [a-d]\b.*\bvà [a-d]\b|(?:[a-d] và|and) [a-d]\b"
    r"|tất cả (?:các )?(?:đáp án|phương án|ý|câu|lựa chọn)|không (?:có )?(?:đáp án|phương án|ý) nào"
    r"|(?:all|none|both) of the above|both [a-d]\b)",
    re.IGNORECASE,
)


def names_other_options(text: str) -> bool:
    """Whether an option seems to speak of others: «Cả A và B», «Tất cả các đáp án trên»."""
    return _OTHERS.search(text) is not None


class ChoiceKind(Kind):
    """The answer is the keys of the options chosen, in the order shown."""

    review_template_name = "bank/kinds/reviewed_choices.html"
    option_fields: ClassVar[tuple[str, ...]] = ("text", "right", "pinned", "picture", "why")
    takes_many: ClassVar[bool] = False

    def options_help(self) -> str:
        return _("One entry for each option. Tick «right» where it is, and say why or why not.")

    def advice(self, content: QuestionContent) -> list[str]:
        return [
            _("«%(text)s» speaks of other options: tick that it stays in its place.")
            % {"text": option["text"]}
            for option in content["options"]
            if not option.get("pinned") and names_other_options(option["text"])
        ]

    def order(self, content: QuestionContent) -> list[str]:
        return [
            PINNED + option["key"] if option.get("pinned") else option["key"]
            for option in content["options"]
        ]

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
        options = {option["key"]: option for option in content["options"]}
        return Asked(
            options=tuple(
                AskedOption(
                    key,
                    letter(place),
                    options[key]["text"],
                    checked=key in answer,
                    picture=shown_picture(options[key].get("picture")),
                )
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
                    picture=shown_picture(options[key].get("picture")),
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
