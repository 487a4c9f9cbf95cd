"""Asking for a file, stopping it, asking again, throwing it away."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from learning.statistics.exporting.models import TRIES, Export
from learning.statistics.exporting.tasks import make_export
from learning.statistics.filters import Filters
from learning.statistics.people import listed
from learning.statistics.queries import how_many

State = Export.State


def people_in(filters: Filters) -> int:
    """How many people the list has, those among them who are not named."""
    known = how_many(filters, unnamed=0)
    return listed(filters).count() if known is None else known


def is_long(form: str, people: int) -> bool:
    """Whether a list of so many people is left to the worker."""
    return people > settings.STATISTICS_EXPORT_AT_ONCE[form]


def ask_for_export(*, filters: Filters, form: str, by: Any) -> Export:
    """Have the file made; the same that is being made for the same person already."""
    scope, question = filters.scope, filters.address()
    tops = [filters.unit.pk] if filters.unit else [node.pk for node in scope.tops]
    try:
        with transaction.atomic():
            found = Export.objects.create(
                by=by,
                question=question,
                form=form,
                course_title=filters.course_title[:255],
                unit_name=filters.unit.name if filters.unit else "",
                tops=tops,
                total=people_in(filters),
            )
            transaction.on_commit(lambda: make_export.enqueue(found.pk))
    except IntegrityError:
        return Export.objects.get(by=by, question=question, form=form, state__in=Export.OPEN)
    return found


def cancel(found: Export) -> bool:
    """Stop it where it is; whether there was something to stop. The worker finds out by itself."""
    waiting = Export.objects.filter(pk=found.pk, state__in=Export.OPEN)
    return bool(waiting.update(state=State.CANCELLED, finished_at=timezone.now()))


def again(found: Export) -> bool:
    """Begin anew what failed, was cancelled or has expired; whether it was one of these."""
    over = (State.FAILED, State.CANCELLED, State.EXPIRED)
    try:
        with transaction.atomic():
            begun = Export.objects.filter(pk=found.pk, state__in=over).update(
                state=State.WAITING, done=0, tries=0, touched_at=timezone.now(), finished_at=None
            )
            if begun:
                transaction.on_commit(lambda: make_export.enqueue(found.pk))
    except IntegrityError:
        # The same list was asked for anew meanwhile.
        return False
    return bool(begun)


def take_up(found: Export) -> None:
    """Have another worker begin what one has died over; too often, and it has failed."""
    if not found.is_stuck:
        return
    stuck = Export.objects.filter(pk=found.pk, state=State.RUNNING, touched_at=found.touched_at)
    if found.tries >= TRIES:
        stuck.update(state=State.FAILED, finished_at=timezone.now())
    elif stuck.update(state=State.WAITING, done=0, touched_at=timezone.now()):
        make_export.enqueue(found.pk)


def throw_away(found: Export) -> None:
    """Stop it if need be, and delete it with its file."""
    cancel(found)
    found.refresh_from_db()
    if found.file:
        found.file.delete(save=False)
    found.delete()


def sweep(now: datetime.datetime | None = None) -> int:
    """Delete the files whose time is over, and take up what is stuck; how many were deleted.

    A row stays for another thirty days, to say that there was a file and to make it again.
    """
    now = now or timezone.now()
    swept = 0
    for over in Export.objects.filter(state=State.DONE, expires_at__lte=now):
        over.file.delete(save=False)
        swept += Export.objects.filter(pk=over.pk).update(state=State.EXPIRED, file="")
    for stuck in Export.objects.filter(state=State.RUNNING):
        take_up(stuck)
    long_ago = now - datetime.timedelta(days=30)
    Export.objects.filter(finished_at__lt=long_ago, file="").delete()
    return swept
