"""What every kind of question can do."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds.settings import Setting, clean_settings
from quizzes.bank.kinds.showing import Asked, Reviewed

# What a form sends: the values of each field, as `dict(request.POST.lists())` gives them.
Sent = Mapping[str, Sequence[str]]
FIELD = "answer"


class BadAnswerError(ValueError):
    """What was sent cannot be an answer to this question."""


class Kind(ABC):
    """One kind of question. Stateless: one instance serves everybody.

    An answer is a list of strings. What is shown has names (option keys, numbers of gaps), frozen
    with the attempt in the order this person sees them: `order`, as `offered` when it is read.
    """

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    # Its place among the kinds an editor chooses from.
    rank: ClassVar[int] = 1000
    template_name: ClassVar[str]
    review_template_name: ClassVar[str]
    settings: ClassVar[tuple[Setting, ...]] = ()
    # Whether an answer is marked by a person; `grade` then knows nothing of it.
    needs_person: ClassVar[bool] = False
    # Of an option's fields: those an editor fills in, and of these the ones that may stay empty.
    option_fields: ClassVar[tuple[str, ...]] = ("text", "right", "why")
    may_be_empty: ClassVar[tuple[str, ...]] = ()
    # The same for its English.
    may_be_untranslated: ClassVar[tuple[str, ...]] = ()

    # --- for the editor ---------------------------------------------------------------------------

    @abstractmethod
    def options_help(self) -> str:
        """What the editor writes into the options, in a sentence or two."""

    @abstractmethod
    def check(self, content: QuestionContent) -> list[str]:
        """What is wrong with the options, as sentences for the editor."""

    def faults(self, content: QuestionContent) -> list[str]:
        """Everything that keeps the options from being asked, as sentences for the editor."""
        faults = []
        keys = [option["key"] for option in content["options"]]
        if not all(keys) or len(set(keys)) < len(keys):
            faults.append(_("Every option needs a key of its own."))
        return [*faults, *self.check_texts(content), *self.check(content)]

    def check_texts(self, content: QuestionContent) -> list[str]:
        """Options without a text, and options that say the same."""
        faults = []
        texts = [option["text"].casefold() for option in content["options"]]
        if not all(texts):
            faults.append(_("Every option needs a text."))
        if len(set(texts)) < len(texts):
            faults.append(_("Two options say the same."))
        return faults

    def validate(self, content: QuestionContent) -> None:
        """Raise `ValidationError` with everything that keeps the question from being asked."""
        faults = [] if content["prompt"] else [_("Write the question.")]
        faults.extend(self.faults(content))
        if faults:
            raise ValidationError(faults)

    def clean_settings(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The settings that differ from the defaults; `ValidationError` for wrong ones."""
        return clean_settings(self.settings, values)

    def setting(self, content: QuestionContent, name: str) -> Any:
        """The value of a setting in a question."""
        default = next(setting.default for setting in self.settings if setting.name == name)
        return content.get("settings", {}).get(name, default)

    # --- for the learner --------------------------------------------------------------------------

    @abstractmethod
    def help_text(self) -> str:
        """One sentence for the learner about how to answer."""

    def prompt(self, text: str) -> str:
        """The question's text as the learner reads it."""
        return text

    def order(self, content: QuestionContent) -> list[str]:
        """The names of what is shown, in the order written."""
        return [option["key"] for option in content["options"]]

    def shuffled(self, order: Sequence[str], *, freely: bool, chance: random.Random) -> list[str]:
        """The order one person sees; `freely` where the quiz wishes its options shuffled."""
        mixed = list(order)
        if freely:
            chance.shuffle(mixed)
        return mixed

    @abstractmethod
    def read(self, sent: Sent, offered: Sequence[str]) -> list[str]:
        """The answer in what a form sent; an empty list for none.

        Raises `BadAnswerError`, with a sentence for the learner, for what cannot be one. Knows
        nothing of the question's key, so that a refusal cannot tell it.
        """

    @abstractmethod
    def fields(self, answer: Sequence[str], offered: Sequence[str]) -> dict[str, list[str]]:
        """What a form sends for this answer: the reverse of `read`."""

    @abstractmethod
    def asked(self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]) -> Asked:
        """What stands below the question; nothing in it depends on the key."""

    # --- judging ----------------------------------------------------------------------------------

    @abstractmethod
    def grade(self, content: QuestionContent, answer: Sequence[str]) -> Fraction:
        """The share of the full mark that `answer` earns, from 0 to 1, exact."""

    @abstractmethod
    def right_answer(self, content: QuestionContent) -> list[str]:
        """An answer that earns the full mark."""

    @abstractmethod
    def reviewed(
        self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]
    ) -> Reviewed:
        """What was answered, what is right, and why."""


def sent_fields(sent: Sent, known: Sequence[str]) -> None:
    """Raise `BadAnswerError` for a field of an answer that is not among `known`."""
    if any(is_answer(name) and name not in known for name in sent):
        raise BadAnswerError(_("This option does not belong to the question."))


def is_answer(name: str) -> bool:
    """Whether a form's field of this name is part of an answer."""
    return name == FIELD or name.startswith(f"{FIELD}:")
