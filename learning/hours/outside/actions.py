"""Writes: entering, handing in, judging. Each is harmless when it comes twice."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from learning.audit.actions import record
from learning.hours.models import OutsideCourse
from learning.hours.outside import telling
from learning.hours.outside.evidence import Evidence
from learning.organisations.access import current_unit

State = OutsideCourse.State


class NotOpenError(Exception):
    """The course is in a state in which this cannot be done."""


class ChangedError(Exception):
    """The course is not any more as it was seen."""


class OwnCourseError(Exception):
    """Nobody judges her own."""


class NoUnitError(Exception):
    """She works in no unit, so there is nobody who could judge it."""


@dataclass(frozen=True)
class Typed:
    """What she has entered; None and empty where she has not got so far."""

    title: str = ""
    provider: str = ""
    from_day: datetime.date | None = None
    to_day: datetime.date | None = None
    hours: Decimal | None = None


def _locked(course: OutsideCourse) -> OutsideCourse:
    return OutsideCourse.objects.select_for_update().get(pk=course.pk)


@transaction.atomic
def save_course(
    *,
    key: UUID,
    user: Any,
    typed: Typed | None,
    evidence: Evidence | None = None,
) -> OutsideCourse:
    """Keep what she entered under this key: a new draft the first time, hers afterwards.

    Without `typed` only the evidence is kept, and what is written stays. Raises `NotOpenError` for
    what waits or was approved, and for a key that is somebody else's.
    """
    made, is_new = OutsideCourse.objects.get_or_create(key=key, defaults={"user": user})
    held = _locked(made)
    if held.user_id != user.pk or not held.may_be_changed:
        raise NotOpenError
    if typed is not None:
        held.title, held.provider = typed.title, typed.provider
        held.from_day, held.to_day, held.hours = typed.from_day, typed.to_day, typed.hours
    # What was returned and is incomplete now is a draft again; the reason stays to be read.
    if held.state == State.RETURNED and None in (held.from_day, held.to_day, held.hours):
        held.state = State.DRAFT
    if evidence is not None:
        _keep(held, evidence)
    if not is_new:
        held.version += 1
    held.save()
    return held


def _keep(held: OutsideCourse, evidence: Evidence) -> None:
    """The new file in place of the former, which goes once all of this is written."""
    former = held.evidence.name
    name = held.evidence.storage.save(evidence.path, ContentFile(evidence.data))
    held.evidence, held.evidence_name = name, evidence.name
    if former:
        storage = held.evidence.storage
        transaction.on_commit(lambda: storage.delete(former))


@transaction.atomic
def hand_in(*, course: OutsideCourse) -> OutsideCourse:
    """Give it to her HR officers. What waits already stays as it is.

    Raises `NotOpenError` for what was approved or lacks something, `NoUnitError` where nobody
    could judge it.
    """
    held = _locked(course)
    if held.state == State.WAITING:
        return held
    complete = held.title and held.provider and held.evidence and held.from_day and held.to_day
    if not held.may_be_changed or not complete or not held.hours:
        raise NotOpenError
    if current_unit(held.user) is None:
        raise NoUnitError
    held.state, held.handed_in_at = State.WAITING, timezone.now()
    held.version += 1
    held.save()
    return held


@transaction.atomic
def take_back(*, course: OutsideCourse) -> OutsideCourse:
    """She wants to change what waits: a draft again. Harmless where it waits no longer."""
    held = _locked(course)
    if held.state == State.WAITING:
        held.state = State.DRAFT
        held.version += 1
        held.save()
    return held


@transaction.atomic
def remove(*, course: OutsideCourse) -> bool:
    """Delete her draft or what was returned, with its file; False where it is gone already.

    Raises `NotOpenError` for what waits or was approved.
    """
    held = OutsideCourse.objects.select_for_update().filter(pk=course.pk).first()
    if held is None:
        return False
    if not held.may_be_changed:
        raise NotOpenError
    drop_file(held)
    held.delete()
    return True


def drop_file(course: OutsideCourse) -> None:
    """Delete the evidence from the storage, once the transaction holds. The row is the caller's."""
    name, storage = course.evidence.name, course.evidence.storage
    if name:
        transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def approve(
    *, course: OutsideCourse, hours: Decimal, reason: str, by: Any, version: int
) -> OutsideCourse:
    """Let these hours count. Judged again, only hours and reason change: the unit stays as it was.

    Raises `OwnCourseError`, `ChangedError` where it is not as she saw it (`version`),
    `NotOpenError` for what is not handed in, and `ValueError` for other hours without a reason.
    """
    held = _to_judge(course, by=by, version=version)
    if hours != held.hours and not reason:
        raise ValueError("Other hours than were claimed need a reason")
    again, former = held.state == State.APPROVED, held.approved_hours
    if again and (former, held.reason) == (hours, reason):
        return held
    if held.unit_id is None:
        held.unit = current_unit(held.user)
        held.unit_name = held.unit.name if held.unit else ""
    held.state, held.approved_hours = State.APPROVED, hours
    _decide(held, reason=reason, by=by)
    record(
        act=telling.CHANGED if again else telling.APPROVED,
        by=by,
        about=held.user,
        unit=held.unit,
        course=held.pk,
        claimed=held.hours,
        hours=hours,
        hours_before=former,
        reason=reason,
    )
    return held


@transaction.atomic
def send_back(*, course: OutsideCourse, reason: str, by: Any, version: int) -> OutsideCourse:
    """Return it to her with the reason; hours that counted count no longer.

    Raises as `approve` does; `ValueError` without a reason.
    """
    held = _to_judge(course, by=by, version=version)
    if not reason:
        raise ValueError("It is returned for a reason")
    former, held.approved_hours = held.approved_hours, None
    held.state = State.RETURNED
    _decide(held, reason=reason, by=by)
    record(
        act=telling.RETURNED,
        by=by,
        about=held.user,
        unit=current_unit(held.user),
        course=held.pk,
        hours_before=former,
        reason=reason,
    )
    return held


def _to_judge(course: OutsideCourse, *, by: Any, version: int) -> OutsideCourse:
    held = _locked(course)
    if held.user_id == by.pk:
        raise OwnCourseError
    if held.version != version:
        raise ChangedError
    if held.state not in (State.WAITING, State.APPROVED):
        raise NotOpenError
    return held


def _decide(held: OutsideCourse, *, reason: str, by: Any) -> None:
    held.reason, held.decided_by, held.decided_at = reason, by, timezone.now()
    held.version += 1
    held.save()
    telling.tell_decision(held)
