"""Deciding, applying and taking back changes of units.

A change whose day has come is applied at once; one for a day to come waits, and is applied on that
day by a task of its own or by `manage.py apply_unit_changes`, whichever comes first.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learning.audit.actions import record
from learning.organisations.changing.applying import carry_out, hold, note_parts
from learning.organisations.changing.checking import check, told
from learning.organisations.changing.effects import compute
from learning.organisations.changing.plans import Plan, plan_from_json
from learning.organisations.changing.preview import Seen, make_preview
from learning.organisations.models import UnitChange


class ChangedSinceError(Exception):
    """Units, people or roles changed after the preview: nothing was done."""

    def __str__(self) -> str:
        return str(
            _("Units or people have changed since the preview. Look at the new one, then apply.")
        )


class NotWaitingError(Exception):
    """Only a change that still waits for its day can be taken back."""

    def __str__(self) -> str:
        return str(_("This change has come true or was taken back already."))


@transaction.atomic
def decide_change(*, plan: Plan, seen: Seen, by: Any | None) -> UnitChange:
    """Decide the plan as its preview showed it; its day come, it is applied here and now.

    Raises `ValidationError` for a plan that cannot be, `ChangedSinceError` if the preview is not
    true any more.
    """
    hold(plan)
    now = plan.day <= timezone.localdate()
    check(plan, now=now)
    preview = make_preview(plan)
    if preview.seen != seen:
        raise ChangedSinceError
    change = UnitChange.objects.create(
        kind=plan.kind,
        day=plan.day,
        decision=plan.decision,
        reason=plan.reason,
        plan=plan.as_json(),
        expected=seen.counts,
        made_by=by,
    )
    if now:
        carry_out(change=change, plan=plan, effects=preview.effects)
    else:
        _wait(change, plan)
    return change


def make_change(*, plan: Plan, by: Any | None) -> UnitChange:
    """Decide the plan unseen: for what is written in a file or a program, not on a screen."""
    check(plan, now=plan.day <= timezone.localdate())
    return decide_change(plan=plan, seen=make_preview(plan).seen, by=by)


def _wait(change: UnitChange, plan: Plan) -> None:
    from learning.organisations.tasks import apply_later

    note_parts(change, plan)
    apply_later(change)
    part = change.parts.select_related("unit").order_by("pk").first()
    record(
        act="unit-change-planned",
        by=change.made_by,
        about=part.unit if part else change,
        unit=part.unit if part else None,
        change=change.pk,
        kind=change.kind,
        day=change.day,
        decision=change.decision,
        counts=change.expected,
    )


@transaction.atomic
def take_back(*, change: UnitChange, by: Any | None) -> UnitChange:
    """A change that waits shall not be. Raises `NotWaitingError` for one that came true."""
    change = UnitChange.objects.select_for_update().get(pk=change.pk)
    if change.undone_at is not None:
        return change
    if not change.is_waiting:
        raise NotWaitingError
    change.undone_at, change.undone_by = timezone.now(), by
    change.save(update_fields=["undone_at", "undone_by"])
    part = change.parts.select_related("unit").order_by("pk").first()
    record(
        act="unit-change-taken-back",
        by=by,
        about=part.unit if part else change,
        unit=part.unit if part else None,
        change=change.pk,
        kind=change.kind,
        day=change.day,
    )
    return change


def apply_due_changes(*, today: datetime.date | None = None) -> list[UnitChange]:
    """Apply the waiting changes whose day has come, by day; those that were tried.

    One that cannot be applied keeps waiting, with the reason in `problem`, and stops no other.
    """
    day = today or timezone.localdate()
    due = list(UnitChange.objects.due(on=day).values_list("pk", flat=True))
    return [change for pk in due if (change := _apply_one(pk)) is not None]


def _apply_one(pk: int) -> UnitChange | None:
    try:
        with transaction.atomic():
            change = UnitChange.objects.select_for_update().get(pk=pk)
            if not change.is_waiting:
                return None
            plan = plan_from_json(change.plan)
            hold(plan)
            check(plan, waiting=change)
            carry_out(change=change, plan=plan, effects=compute(plan))
            return change
    except ValidationError as error:
        change = UnitChange.objects.get(pk=pk)
        change.problem = told(error)
        change.save(update_fields=["problem"])
        return change
