"""What a citizen agrees to when she signs up; the version she saw is kept with her consent."""

import datetime
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _

from learning.audit.actions import record

PURPOSE = "public-sign-up"
FIRST_VERSION = "1"


@dataclass(frozen=True)
class Agreement:
    """The words beside the box, never ticked beforehand (Law 91/2025/QH15: free and specific)."""

    text: str
    version: str


def agreement() -> Agreement:
    """What is agreed to today: the department's own text where it keeps one, else this."""
    find = _privacy("queries", "current_consent_text")
    kept = find(PURPOSE) if find else None
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
    keep = _privacy("actions", "record_consent")
    if keep is not None:
        keep(user=user, purpose=PURPOSE, version=agreed.version, at=at)
        return
    details = {"purpose": PURPOSE, "version": agreed.version, "text": agreed.text, "at": at}
    record(act="consent-given", by=user, about=user, **details)


def _privacy(module: str, name: str) -> Any:
    """Its function; None where this installation has no register of consents."""
    try:
        return getattr(import_module(f"learning.privacy.{module}"), name, None)
    except ModuleNotFoundError:
        return None
