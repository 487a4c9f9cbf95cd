"""What an editor wants to decide about a question, before anything is decided."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from quizzes.attempts.grading import KEY, Verdict
from quizzes.attempts.models import Ruling
from quizzes.bank.content import QuestionContent, content_digest
from quizzes.bank.kinds import get_kind
from quizzes.bank.models import Question, QuestionVersion


@dataclass(frozen=True)
class Plan:
    """A ruling on some versions of a question; `content` has the corrected key, for `KEY` only."""

    question: Question
    version_ids: tuple[int, ...]
    effect: str
    favour: bool
    reason: str
    content: QuestionContent | None = None

    @property
    def verdict(self) -> Verdict:
        """As grading reads it."""
        return Verdict(effect=self.effect, favour=self.favour, content=self.content)

    @property
    def digest(self) -> str:
        """Tells this plan from every other one."""
        told = [
            self.question.pk,
            list(self.version_ids),
            self.effect,
            self.favour,
            self.reason,
            content_digest(self.content) if self.content else "",
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def check(self) -> None:
        """Raise `ValidationError` for a plan that cannot be carried out, with a sentence why."""
        if not self.version_ids:
            raise ValidationError(_("Choose at least one version of the question."))
        if not self.reason.strip():
            raise ValidationError(_("Say why: learners read it beside their result."))
        if self.effect not in Ruling.Effect.values:
            raise ValidationError(_("Choose a ruling."))
        if (self.content is not None) != (self.effect == KEY):
            raise ValidationError(_("Say what the right key is."))
        if self.content is not None:
            kind = get_kind(self.content["kind"])
            if kind.needs_person:
                raise ValidationError(_("An essay has no key to correct; mark its answers again."))
            kind.validate(self.content)


def corrected_content(
    versions: Sequence[QuestionVersion],
    *,
    by_version: QuestionVersion | None,
    right: Sequence[str],
) -> QuestionContent:
    """The content to grade these versions of a question by: that of another version, or that of
    the newest of them with exactly the options `right` (by their keys) right.

    Raises `ValidationError` if answers to them would not mean the same.
    """
    newest = max(versions, key=lambda version: version.number)
    content: QuestionContent = by_version.content if by_version else newest.content
    if any(
        old.content["kind"] != content["kind"] or _names(old.content) != _names(content)
        for old in versions
    ):
        raise ValidationError(
            _("The versions offer different options: answers to one cannot be judged by another.")
        )
    return content if by_version else _with_key(content, right)


def _with_key(content: QuestionContent, right: Sequence[str]) -> QuestionContent:
    if not takes_a_key(content):
        raise ValidationError(
            _("Publish the question with its right key first, then choose that version here.")
        )
    if not set(right) <= {option["key"] for option in content["options"]}:
        raise ValidationError(_("This option does not belong to the question."))
    options = [{**option, "right": option["key"] in right} for option in content["options"]]
    return {**content, "options": options}  # type: ignore[typeddict-item]


def takes_a_key(content: QuestionContent) -> bool:
    """Whether a corrected key can be entered by ticking options."""
    kind = get_kind(content["kind"])
    return "right" in kind.option_fields and not kind.needs_person


def _names(content: QuestionContent) -> set[str]:
    """What answers are made of: options, gaps."""
    return set(get_kind(content["kind"]).order(content))
