"""What a citizen agrees to when she signs up; the version she saw is kept with her consent."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from learning.privacy.actions import record_consent
from learning.privacy.queries import current_consent_text

PURPOSE = "public-sign-up"
FIRST_VERSION = "1"


@dataclass(frozen=True)
class Agreement:
    """The words beside the box, never ticked beforehand (Law 91/2025/QH15: free and specific)."""

    text: str
    version: str


def agreement() -> Agreement:
    """What is agreed to today: the department's own text where it keeps one, else this."""
    kept = current_consent_text(PURPOSE)
    if kept is not None:
        return Agreement(text=kept.text, version=kept.version)
    text = _(
        "I agree that my name, e-mail address and learning results are kept for this course and "
        "its certificate, and for nothing else. I may see them, take them with me and have them "
        "erased, and take this consent back at any time."
    )
    return Agreement(text=text, version=FIRST_VERSION)


def keep_consent(*, user: Any, agreed: Agreement, at: datetime.datetime) -> None:
    """Note it where consents are kept; that place audits it itself."""
    record_consent(user=user, purpose=PURPOSE, version=agreed.version, at=at)
