"""The rulings that grading reads, and the order between them and handing in.

A ruling counts for all that is graded after it; what was graded before is regraded. So that no
attempt falls between, handing in and deciding exclude one another: on PostgreSQL by an advisory
lock that costs no write, shared by those who hand in; on SQLite writers wait for one another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, QuerySet

from quizzes.attempts.grading import Verdict
from quizzes.attempts.models import AttemptItem, Ruling
from quizzes.prepared import prepared

# Any number that no other advisory lock of this database has.
_LOCK = 7_300_412
_COLUMNS = ("version_id", "effect", "favour", "content")


def share_rulings() -> None:
    """Keep rulings from being made until the end of this transaction."""
    _lock("SELECT pg_advisory_xact_lock_shared(%s)")


def hold_rulings() -> None:
    """Wait for all who are handing in, and let nobody hand in until the transaction ends."""
    _lock("SELECT pg_advisory_xact_lock(%s)")


def _lock(sql: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(sql, [_LOCK])


def rulings_of(attempt_id: int) -> dict[int, Verdict]:
    """The current rulings on the versions of an attempt, by version; one query."""
    return _verdicts(_of_attempt.rows(attempt_id))


@prepared(BigIntegerField())
def _of_attempt(attempt_id: int) -> QuerySet[Ruling, Any]:
    asked = AttemptItem.objects.filter(attempt_id=attempt_id).values("version_id")
    return (
        Ruling.objects.filter(is_current=True, version_id__in=asked)
        .order_by()
        .values_list(*_COLUMNS)
    )


def read_rulings(version_ids: Iterable[int]) -> dict[int, Verdict]:
    """The current rulings on these versions, by version; one query."""
    found = Ruling.objects.filter(is_current=True, version_id__in=set(version_ids))
    return _verdicts(found.values_list(*_COLUMNS))


def _verdicts(rows: Iterable[Any]) -> dict[int, Verdict]:
    return {
        version_id: Verdict(effect=effect, favour=favour, content=content)
        for version_id, effect, favour, content in rows
    }
