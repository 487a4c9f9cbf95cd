"""Why a sitting cannot go on. Each says so in a sentence for the learner."""

from __future__ import annotations

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AttemptError(Exception):
    """A refusal; `str(error)` is the sentence to show, `code` is for programs."""

    code: ClassVar[str] = "refused"
    message: ClassVar[str | Promise] = _("This cannot be done now.")

    def __str__(self) -> str:
        return str(self.message)


class NothingToAskError(AttemptError):
    """The quiz has no published question."""

    code = "empty"
    message = _("This quiz has no questions yet.")


class NoAttemptsLeftError(AttemptError):
    """Every allowed attempt has been handed in."""

    code = "no-attempts-left"
    message = _("You have used all attempts of this quiz.")


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
