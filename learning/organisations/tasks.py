"""Changes of units that wait for their day."""

from __future__ import annotations

import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from learning.organisations.models import UnitChange


def apply_later(change: UnitChange) -> None:
    """Have the change applied when its day begins, once this transaction is kept."""
    midnight = timezone.make_aware(datetime.datetime.combine(change.day, datetime.time.min))
    later = apply_unit_changes.using(run_after=midnight)
    transaction.on_commit(partial(later.enqueue))


@task()
def apply_unit_changes() -> str:
    """Apply what is due; how many, for the log. Harmless at any time and any number of times."""
    from learning.organisations.changing.actions import apply_due_changes

    tried = apply_due_changes()
    failed = sum(bool(change.problem) for change in tried)
    return f"{len(tried) - failed} applied, {failed} refused"
