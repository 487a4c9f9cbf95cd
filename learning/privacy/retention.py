"""Removing what is too old, kind by kind, in chunks that each are noted in the audit log."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from learning.audit.actions import record
from learning.privacy.kept import Kept, kinds
from learning.privacy.queries import months_by_kind

CHUNK = 500


@dataclass(frozen=True)
class Outcome:
    """What was found, or removed, of one kind. `months` is None where the time is fixed."""

    kept: Kept
    months: int | None
    rows: int


def cut_off(now: datetime.datetime, months: int) -> datetime.datetime:
    """The same moment `months` earlier; the last day of a month that is shorter."""
    index = now.year * 12 + now.month - 1 - months
    year, month = divmod(index, 12)
    for day in (now.day, 30, 29, 28):
        try:
            return now.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def too_old() -> Iterator[Outcome]:
    """How many rows of each kind are too old today; changes nothing."""
    now = timezone.now()
    for kept, months in _ruled():
        assert kept.expiry is not None
        yield Outcome(kept, months, kept.expiry.count(_before(now, months)))


def apply_rules() -> Iterator[Outcome]:
    """Remove what is too old; killed in the middle, it is taken up by running it again."""
    now = timezone.now()
    for kept, months in _ruled():
        yield Outcome(kept, months, _remove(kept, months, _before(now, months)))


def remove_what_is_too_old() -> dict[str, int]:
    """The job of the morning: rows removed by kind, where there were any."""
    return {done.kept.slug: done.rows for done in apply_rules() if done.rows}


def _remove(kept: Kept, months: int | None, before: datetime.datetime) -> int:
    assert kept.expiry is not None
    removed = 0
    while True:
        with transaction.atomic():
            gone = kept.expiry.remove(before, CHUNK)
            if gone:
                record(
                    act="retention-applied",
                    by=None,
                    kind=kept.slug,
                    removed=gone,
                    before=before,
                )
        removed += gone
        if gone < CHUNK:
            return removed


def _ruled() -> list[tuple[Kept, int | None]]:
    rules = months_by_kind()
    return [
        (kept, rules.get(kept.slug, kept.months) if kept.months is not None else None)
        for kept in kinds()
        if kept.expiry is not None
    ]


def _before(now: datetime.datetime, months: int | None) -> datetime.datetime:
    return now if months is None else cut_off(now, months)
