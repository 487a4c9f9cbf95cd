"""What of a question a template gets: before handing in without its key, after it with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from quizzes.bank.content import OPTION_LETTERS, QuestionContent, in_language
from quizzes.bank.kinds import get_kind


@dataclass(frozen=True)
class AskedOption:
    """An option on the screen."""

    key: str
    letter: str
    text: str
    checked: bool


@dataclass(frozen=True)
class AskedQuestion:
    """A question on the screen, before it is judged."""

    position: int
    total: int
    prompt: str
    help_text: str
    template_name: str
    options: tuple[AskedOption, ...]


@dataclass(frozen=True)
class ReviewedOption:
    """An option in the review: chosen or not, right or not, and why."""

    text: str
    chosen: bool
    right: bool
    why: str


@dataclass(frozen=True)
class ReviewedSource:
    """What the question rests on; the address may be empty."""

    title: str
    url: str


@dataclass(frozen=True)
class ReviewedQuestion:
    """A question in the review; `options` are those that were chosen or are right."""

    position: int
    prompt: str
    options: tuple[ReviewedOption, ...]
    explanation: str
    sources: tuple[ReviewedSource, ...]
    answered: bool
    right: bool


def asked(
    content: QuestionContent,
    *,
    order: Sequence[str],
    chosen: Sequence[str] = (),
    position: int = 1,
    total: int = 1,
) -> AskedQuestion:
    """The question as it is asked, its options in `order` (their keys). Carries no key."""
    content = in_language(content, get_language())
    kind = get_kind(content["kind"])
    texts = {option["key"]: option["text"] for option in content["options"]}
    return AskedQuestion(
        position=position,
        total=total,
        prompt=content["prompt"],
        help_text=kind.help_text(),
        template_name=kind.template_name,
        options=tuple(
            AskedOption(
                key=key,
                letter=OPTION_LETTERS[place % len(OPTION_LETTERS)],
                text=texts[key],
                checked=key in chosen,
            )
            for place, key in enumerate(order)
        ),
    )


def reviewed(
    content: QuestionContent,
    *,
    order: Sequence[str],
    chosen: Sequence[str] = (),
    position: int = 1,
    right: bool = False,
) -> ReviewedQuestion:
    """The question as it is shown after handing in, with everything there is to learn."""
    content = in_language(content, get_language())
    options = {option["key"]: option for option in content["options"]}
    return ReviewedQuestion(
        position=position,
        prompt=content["prompt"],
        options=tuple(
            ReviewedOption(
                text=options[key]["text"],
                chosen=key in chosen,
                right=options[key]["right"],
                why=options[key]["why"],
            )
            for key in order
            if key in chosen or options[key]["right"]
        ),
        explanation=content["explanation"],
        sources=tuple(ReviewedSource(**source) for source in content["sources"]),
        answered=bool(chosen),
        right=right,
    )
