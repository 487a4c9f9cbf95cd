"""What a citizen agrees to when she signs up; its wording has a version that is kept with it."""

import datetime
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _

from learning.audit.actions import record

PURPOSE = "public-learning"
VERSION = "2026-11"


def consent_text() -> str:
    """The words beside the box, never ticked beforehand (Law 91/2025/QH15: free and specific)."""
    return _(
        "I agree that my name, e-mail address and learning results are kept for this course and "
        "its certificate, and for nothing else. I may see them, take them with me and have them "
        "erased, and take this consent back at any time."
    )


def keep_consent(*, user: Any, text: str, at: datetime.datetime) -> None:
    """Note it where consents are kept; in the audit log with its words in any case."""
    record(
        act="consent-given", by=user, about=user, purpose=PURPOSE, version=VERSION, text=text, at=at
    )
    try:
        actions = import_module("learning.privacy.actions")
    except ModuleNotFoundError:
        return
    keep = getattr(actions, "record_consent", None)
    if keep is not None:
        keep(user=user, purpose=PURPOSE, version=VERSION, at=at)
