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

from quizzes.bank.content import PictureContent, QuestionContent
from quizzes.bank.kinds.settings import Setting, clean_settings
from quizzes.bank.kinds.showing import Asked, Reviewed, ShownPicture
from quizzes.bank.pictures import picture_url

# What a form sends: the values of each field, as `dict(request.POST.lists())` gives them.
Sent = Mapping[str, Sequence[str]]
FIELD = "answer"
PINNED = "^"


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
    # Of an option's fields: those an editor fills in, and of these the ones that may stay empty.
    option_fields: ClassVar[tuple[str, ...]] = ("text", "right", "why")
    may_be_empty: ClassVar[tuple[str, ...]] = ()
    # The same for its English.
    may_be_untranslated: ClassVar[tuple[str, ...]] = ()
    # A person marks it: `grade` is never called, `right_answer` is empty.
    needs_person: ClassVar[bool] = False
    # It draws the question's picture itself, as a part of the answer.
    draws_picture: ClassVar[bool] = False

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
        if any(not picture["alt"] for picture in _pictures(content)):
            faults.append(_("Say for every picture what it shows, for whoever does not see it."))
        if _lacks_english_alt(content):
            faults.append(_("Say for every picture in English too what it shows."))
        return [*faults, *self.check_texts(content), *self.check(content)]

    def advice(self, content: QuestionContent) -> list[str]:
        """What is worth a look but keeps nobody from publishing, as sentences for the editor."""
        return []

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
        """The names of what is shown, in the order written, for `shuffled`.

        `PINNED` before a name says that it keeps its place; `shuffled` takes that away.
        """
        return [option["key"] for option in content["options"]]

    def shuffled(self, order: Sequence[str], *, freely: bool, chance: random.Random) -> list[str]:
        """The order one person sees; `freely` where the quiz wishes its options shuffled."""
        mixed = [name for name in order if not name.startswith(PINNED)]
        if freely:
            chance.shuffle(mixed)
        rest = iter(mixed)
        return [
            name.removeprefix(PINNED) if name.startswith(PINNED) else next(rest) for name in order
        ]

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

    def grade_signed(self, content: QuestionContent, answer: Sequence[str]) -> Fraction:
        """As `grade`, for a quiz in which a question may cost points: from -1 to 1."""
        return self.grade(content, answer)

    @abstractmethod
    def right_answer(self, content: QuestionContent) -> list[str]:
        """An answer that earns the full mark."""

    @abstractmethod
    def reviewed(
        self, content: QuestionContent, order: Sequence[str], answer: Sequence[str]
    ) -> Reviewed:
        """What was answered, what is right, and why."""


def _pictures(content: QuestionContent) -> list[PictureContent]:
    """The question's picture and those of its options."""
    found = [content["picture"]] if "picture" in content else []
    return found + [option["picture"] for option in content["options"] if "picture" in option]


def _lacks_english_alt(content: QuestionContent) -> bool:
    english = content.get("en")
    if english is None:
        return False
    if "picture" in content and not english.get("alt"):
        return True
    texts = english["options"]
    return any(
        "picture" in option and not (option["key"] in texts and texts[option["key"]].get("alt"))
        for option in content["options"]
    )


def shown_picture(picture: PictureContent | None) -> ShownPicture | None:
    """The picture as a page needs it."""
    if picture is None:
        return None
    return ShownPicture(
        url=picture_url(picture["digest"], picture["format"]),
        width=str(picture["width"]),
        height=str(picture["height"]),
        alt=picture["alt"],
    )


def sent_fields(sent: Sent, known: Sequence[str]) -> None:
    """Raise `BadAnswerError` for a field of an answer that is not among `known`."""
    if any(is_answer(name) and name not in known for name in sent):
        raise BadAnswerError(_("This option does not belong to the question."))


def is_answer(name: str) -> bool:
    """Whether a form's field of this name is part of an answer."""
    return name == FIELD or name.startswith(f"{FIELD}:")
