"""What of a question a template gets: before handing in without its key, after it with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from quizzes.bank.content import QuestionContent, in_language
from quizzes.bank.kinds import Kind, get_kind
from quizzes.bank.kinds.base import shown_picture
from quizzes.bank.kinds.showing import Asked, Reviewed, ShownPicture


@dataclass(frozen=True)
class AskedQuestion:
    """A question on the screen, before it is judged; what the kind shows is `shown`."""

    position: int
    total: int
    prompt: str
    help_text: str
    template_name: str
    shown: Asked
    # None where the kind draws it as a part of the answer.
    picture: ShownPicture | None = None

    @property
    def name(self) -> str:
        """Its position as text, to tell its fields apart on a page that holds several."""
        return str(self.position)


@dataclass(frozen=True)
class ReviewedSource:
    """What the question rests on; the address may be empty."""

    title: str
    url: str


@dataclass(frozen=True)
class ReviewedQuestion:
    """A question in the review; what the kind shows is `shown`."""

    position: int
    prompt: str
    template_name: str
    shown: Reviewed
    explanation: str
    sources: tuple[ReviewedSource, ...]
    answered: bool
    right: bool
    picture: ShownPicture | None = None


def asked(
    content: QuestionContent,
    *,
    order: Sequence[str],
    answer: Sequence[str] = (),
    position: int = 1,
    total: int = 1,
) -> AskedQuestion:
    """The question as it is asked, what it shows in `order`. Carries nothing of its key."""
    content = in_language(content, get_language())
    kind = get_kind(content["kind"])
    return AskedQuestion(
        position=position,
        total=total,
        prompt=kind.prompt(content["prompt"]),
        help_text=kind.help_text(),
        template_name=kind.template_name,
        shown=kind.asked(content, order, answer),
        picture=_picture(kind, content),
    )


def reviewed(
    content: QuestionContent,
    *,
    order: Sequence[str],
    answer: Sequence[str] = (),
    position: int = 1,
    right: bool = False,
) -> ReviewedQuestion:
    """The question as it is shown after handing in, with everything there is to learn."""
    content = in_language(content, get_language())
    kind = get_kind(content["kind"])
    return ReviewedQuestion(
        position=position,
        prompt=kind.prompt(content["prompt"]),
        template_name=kind.review_template_name,
        shown=kind.reviewed(content, order, answer),
        explanation=content["explanation"],
        sources=tuple(ReviewedSource(**source) for source in content["sources"]),
        answered=bool(answer),
        right=right,
        picture=_picture(kind, content),
    )


def _picture(kind: Kind, content: QuestionContent) -> ShownPicture | None:
    return None if kind.draws_picture else shown_picture(content.get("picture"))
