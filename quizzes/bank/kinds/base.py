"""What every kind of question can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from quizzes.bank.content import QuestionContent


class BadAnswerError(ValueError):
    """What was sent cannot be an answer to this question."""


class Kind(ABC):
    """One kind of question. Stateless: one instance serves everybody."""

    name: ClassVar[str]
    template_name: ClassVar[str]
    may_shuffle: ClassVar[bool] = True
    takes_many: ClassVar[bool] = False

    @abstractmethod
    def help_text(self) -> str:
        """One sentence for the learner about how to answer."""

    @abstractmethod
    def check(self, content: QuestionContent) -> list[str]:
        """What is wrong with the options, as sentences for the editor."""

    @abstractmethod
    def grade(self, content: QuestionContent, answer: Sequence[str]) -> Fraction:
        """The share of the full mark that `answer` earns, from 0 to 1, exact."""

    def validate(self, content: QuestionContent) -> None:
        """Raise `ValidationError` with everything that keeps the question from being asked."""
        faults = []
        if not content["prompt"]:
            faults.append(_("Write the question."))
        texts = [option["text"].casefold() for option in content["options"]]
        if not all(texts):
            faults.append(_("Every option needs a text."))
        if len(set(texts)) < len(texts):
            faults.append(_("Two options say the same."))
        keys = [option["key"] for option in content["options"]]
        if not all(keys) or len(set(keys)) < len(keys):
            faults.append(_("Every option needs a key of its own."))
        faults.extend(self.check(content))
        if faults:
            raise ValidationError(faults)

    def parse(self, values: Sequence[str], *, offered: Sequence[str]) -> list[str]:
        """The answer from the option keys a form sent; nothing chosen is an empty list.

        `offered` are the keys in the order shown; the answer comes back in that order.
        Raises `BadAnswerError` for a key that was not offered, or too many of them.
        """
        chosen = set(values)
        if not chosen <= set(offered):
            raise BadAnswerError(_("This option does not belong to the question."))
        if len(chosen) > 1 and not self.takes_many:
            raise BadAnswerError(_("Choose only one option."))
        return [key for key in offered if key in chosen]


def right_keys(content: QuestionContent) -> set[str]:
    """The keys of the right options."""
    return {option["key"] for option in content["options"] if option["right"]}
