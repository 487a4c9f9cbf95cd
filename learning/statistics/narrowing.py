"""What narrows a list of people further than a status: a place in the course, a position, or
what they did in some days. It stands in the address beside the rest of the question."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import TextChoices
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from learning.courses.outline import CourseOutline
from learning.courses.queries import get_outline
from learning.vietnamese import search_key

STEP, STANDING, POSITION, DID, FIRST, LAST = (
    "bai",
    "muc",
    "chuc-vu",
    "viec",
    "viec-tu",
    "viec-den",
)
FINAL, NO_POSITION = "cuoi-khoa", "-"


class Standing(TextChoices):
    """How people stand to a module; the values stand in addresses."""

    COMPLETED = "da-xong", _("Completed")
    NOW = "dang-hoc", pgettext_lazy("module", "Here now")
    STOPPED = "da-dung", pgettext_lazy("module", "Stopped here")


class Did(TextChoices):
    """What came about on some days; the values stand in addresses."""

    ASSIGNED = "duoc-giao", _("Newly assigned")
    STARTED = "bat-dau", pgettext_lazy("people", "Started")
    COMPLETED = "hoan-thanh", _("Completed")


@dataclass(frozen=True)
class Narrowing:
    """All empty, everybody. `step` is a module's key or `FINAL`, `position` a search key.

    `did` comes with the days `first` to `last`, both of which belong to it.
    """

    step: str = ""
    standing: str = ""
    position: str = ""
    did: str = ""
    first: datetime.date | None = None
    last: datetime.date | None = None

    def parameters(self) -> dict[str, str]:
        """What stands in the address."""
        return {
            STEP: self.step,
            STANDING: str(self.standing),
            POSITION: self.position,
            DID: str(self.did),
            FIRST: self.first.isoformat() if self.first else "",
            LAST: self.last.isoformat() if self.last else "",
        }


EVERYBODY = Narrowing()


def read_narrowing(asked: Mapping[str, str], *, course_key: UUID | None) -> Narrowing:
    """What the address narrows by. Raises `Http404` for anything unknown."""
    step, did = asked.get(STEP, ""), asked.get(DID, "")
    if step and not _is_step(step, course_key):
        raise Http404
    text = asked.get(POSITION, "")[:200]
    try:
        return Narrowing(
            step=step,
            standing=Standing(asked.get(STANDING, Standing.NOW)) if step else "",
            position=NO_POSITION if text == NO_POSITION else search_key(text),
            did=Did(did) if did else "",
            first=datetime.date.fromisoformat(asked.get(FIRST, "")) if did else None,
            last=datetime.date.fromisoformat(asked.get(LAST, "")) if did else None,
        )
    except ValueError:
        raise Http404 from None


def _is_step(step: str, course_key: UUID | None) -> bool:
    outline = get_outline(course_key) if course_key else None
    return outline is not None and step in steps_of(outline)


def steps_of(outline: CourseOutline) -> dict[str, UUID | None]:
    """The places of a course in order: its modules, and after them the final test (None)."""
    return {**{str(module.key): module.key for module in outline.modules}, FINAL: None}
