"""The content stamp: what every cache of published content is keyed by."""

import threading
import uuid
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from learning.courses.models import ContentStamp
from quizzes.prepared import prepared

T = TypeVar("T")
_PK = 1
# A site of this many pages works as well, only without the cache for what comes last.
_MOST_KEPT = 5000


def content_stamp() -> str:
    """The present stamp as text, empty before anything was published; one query."""
    row = _value.first()
    return str(row[0]) if row else ""


@prepared()
def _value() -> QuerySet[ContentStamp, Any]:
    return ContentStamp.objects.filter(pk=_PK).values_list("value")


def touch_content(**_signal: object) -> None:
    """Give the published content a new stamp; a receiver of everything that publishes.

    Called after the change is written, in its transaction where there is one: a reader between
    the two caches the new content under the old stamp at worst, and asks again afterwards.
    """
    ContentStamp.objects.update_or_create(pk=_PK, defaults={"value": uuid.uuid4()})


class StampedCache(Generic[T]):
    """Values computed from published content, kept in the process until its stamp changes.

    Nothing is pickled, so what is kept is shared between threads: give it what nobody changes.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamp = ""
        self._values: dict[Hashable, T] = {}

    def get(self, key: Hashable, compute: Callable[[], T], *, stamp: str) -> T:
        """The value of `key` under `stamp`, computed where it is new."""
        if not stamp:
            return compute()
        values = self._values_under(stamp)
        try:
            return values[key]
        except KeyError:
            value = compute()
            if len(values) < _MOST_KEPT:
                values[key] = value
            return value

    def _values_under(self, stamp: str) -> dict[Hashable, T]:
        with self._lock:
            if self._stamp != stamp:
                self._stamp, self._values = stamp, {}
            return self._values
