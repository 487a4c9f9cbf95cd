"""Why a sitting cannot go on. Each says so in a sentence for the learner."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AttemptError(Exception):
    """A refusal; `str(error)` is the sentence to show, `code` is for programs."""

    code: ClassVar[str] = "refused"
    message: ClassVar[str | Promise] = _("This cannot be done now.")
    # The field of the entry form it belongs to, if any.
    field: ClassVar[str | None] = None

    def __init__(self, **facts: Any) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return str(self.message) % {name: _shown(fact) for name, fact in self.facts.items()}


def _shown(fact: Any) -> Any:
    """Times as they are read here: «08:30, 26/04/2024», in the site's zone."""
    if isinstance(fact, datetime):
        return f"{timezone.localtime(fact):%H:%M, %d/%m/%Y}"
    return fact


class NothingToAskError(AttemptError):
    """The quiz has no published question."""

    code = "empty"
    message = _("This quiz has no questions yet.")


class NoAttemptsLeftError(AttemptError):
    """Every allowed attempt has been handed in."""

    code = "no-attempts-left"
    message = _("You have used all attempts of this quiz.")


class NotOpenYetError(AttemptError):
    """The quiz opens later."""

    code = "not-open-yet"
    message = _("This quiz opens at %(at)s.")


class QuizClosedError(AttemptError):
    """The quiz has closed."""

    code = "quiz-closed"
    message = _("This quiz closed at %(at)s.")


class CoolDownError(AttemptError):
    """The next attempt may not start yet."""

    code = "cool-down"
    message = _("You may try again from %(at)s.")


class EntryQuizError(AttemptError):
    """Another quiz is to be passed first."""

    code = "entry-quiz"
    message = _("Pass «%(quiz)s» first; then this quiz opens for you.")


class EntryCodeError(AttemptError):
    """The entry code is another."""

    code = "entry-code"
    field = "entry_code"
    message = _("This is not the entry code. Ask whoever holds the quiz.")


class CodeTriesError(AttemptError):
    """Too many wrong entry codes."""

    code = "code-tries"
    field = "entry_code"
    message = _("Too many wrong codes. Wait ten minutes, then try again.")


class PledgeMissingError(AttemptError):
    """The honesty note was not agreed to."""

    code = "pledge"
    field = "pledge"
    message = _("Tick the box to agree before you start.")


class PassedByError(AttemptError):
    """In an attempt without a way back the question was left."""

    code = "passed-by"
    message = _("This question has been left and can no longer be changed.")


class CheckedError(AttemptError):
    """In practice the answer was judged already."""

    code = "checked"
    message = _("This answer has been checked and can no longer be changed.")


class AttemptClosedError(AttemptError):
    """The attempt has been handed in."""

    code = "closed"
    message = _("This attempt has been handed in; answers can no longer be changed.")


class TimeIsUpError(AttemptError):
    """The deadline has passed."""

    code = "late"
    message = _("Time is up. This answer was not saved; hand in what was saved before.")


class WaitingForMarksError(AttemptError):
    """The last attempt still waits for a person's marks."""

    code = "waiting"
    message = _(
        "Your last attempt is waiting for its marks. You can try again once it has been graded."
    )
