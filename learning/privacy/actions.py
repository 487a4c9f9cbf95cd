"""Writes: requests are made and answered, consents given and withdrawn, copies ordered."""

import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.audit.actions import record
from learning.organisations.access import current_unit
from learning.privacy.models import Consent, DataCopy, DataRequest, Restriction
from learning.privacy.queries import answer_due
from learning.privacy.signals import name_corrected, request_answered
from learning.privacy.tasks import make_copy
from learning.privacy.telling import tell_answered, tell_asked
from learning.vietnamese import nfc

Kind, State = DataRequest.Kind, DataRequest.State


class NotOpenError(Exception):
    """The request has been answered or cancelled meanwhile."""


class NothingToCorrectError(Exception):
    """The name asked for is the one that is there."""


@transaction.atomic
def ask(*, person: Any, kind: str, wish: str = "", new_name: str = "") -> DataRequest:
    """Her request, made now or, where the same kind waits already, brought up to date.

    Raises `NothingToCorrectError` for a name that is hers already.
    """
    person = _hold(person)
    new_name, old_name = nfc(new_name), ""
    if kind == Kind.NAME:
        old_name = person.full_name
        if not new_name or new_name == old_name:
            raise NothingToCorrectError
    waiting = DataRequest.objects.unanswered().filter(person=person, kind=kind).first()
    if waiting is not None and kind != Kind.WITHDRAWAL:
        waiting.wish, waiting.new_name, waiting.old_name = wish, new_name, old_name
        waiting.save(update_fields=["wish", "new_name", "old_name"])
        return waiting
    accepted = DataRequest.objects.filter(person=person, kind=kind, state=State.ACCEPTED).first()
    if accepted is not None:
        return accepted
    unit = current_unit(person)
    request = DataRequest.objects.create(
        person=person,
        kind=kind,
        unit=unit,
        wish=wish.strip(),
        new_name=new_name,
        old_name=old_name,
        due_on=answer_due(asked_on=timezone.localdate()),
    )
    record(act="data-asked", by=person, about=request, unit=unit, kind=kind)
    tell_asked(request)
    return request


@transaction.atomic
def cancel_request(*, request: DataRequest) -> DataRequest:
    """She asks no longer. Nothing happens once it has been answered."""
    held = DataRequest.objects.select_for_update().get(pk=request.pk)
    if held.state == State.OPEN:
        held.state = State.CANCELLED
        held.save(update_fields=["state"])
        record(act="data-cancelled", by=held.person, about=held, unit=held.unit, kind=held.kind)
    return held


@transaction.atomic
def answer_request(*, request: DataRequest, by: Any, grant: bool, answer: str = "") -> DataRequest:
    """Answer it. Granted, it is carried out at once, but for an erasure: that is a step of its own.

    Raises `NotOpenError` where it was answered or cancelled before, `ValueError` for a refusal
    without a reason.
    """
    held = DataRequest.objects.select_for_update().select_related("person").get(pk=request.pk)
    if held.state != State.OPEN:
        raise NotOpenError
    answer = answer.strip()
    if not grant and not answer:
        raise ValueError("a refusal says why")
    held.state = State.DONE if grant else State.REFUSED
    if grant and held.kind == Kind.NAME:
        _correct_name(held, by=by)
    elif grant and held.kind == Kind.RESTRICTION:
        Restriction.objects.get_or_create(person=held.person)
    elif grant and held.kind == Kind.ERASURE:
        held.state = State.ACCEPTED
    held.answer, held.answered_at, held.answered_by = answer, timezone.now(), by
    held.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    record(
        act="data-answered",
        by=by,
        about=held,
        unit=held.unit,
        kind=held.kind,
        granted=grant,
        late=held.due_on < timezone.localdate(),
    )
    tell_answered(held)
    request_answered.send(sender=DataRequest, request=held)
    return held


def _correct_name(request: DataRequest, *, by: Any) -> None:
    person = _hold(request.person)
    old, person.full_name = person.full_name, request.new_name
    person.save(update_fields=["full_name"])
    record(
        act="name-corrected",
        by=by,
        about=person,
        unit=current_unit(person),
        old=old,
        new=person.full_name,
    )
    name_corrected.send(sender=type(person), user=person, old=old, new=person.full_name, by=by)


@transaction.atomic
def lift_restriction(*, person: Any) -> None:
    """Her data may be used again, at her own wish."""
    gone, _kinds = Restriction.objects.filter(person=person).delete()
    if gone:
        record(act="restriction-lifted", by=person, about=person, unit=current_unit(person))


@transaction.atomic
def record_consent(*, user: Any, purpose: str, version: str, at: datetime.datetime) -> Consent:
    """She agreed to this version of the purpose's text. Given twice, it is there once."""
    consent, created = Consent.objects.get_or_create(
        person=user,
        purpose=purpose,
        version=version,
        withdrawn_at=None,
        defaults={"given_at": at},
    )
    if created:
        record(act="consent-given", by=user, about=user, purpose=purpose, version=version)
    return consent


@transaction.atomic
def withdraw_consent(*, user: Any, purpose: str) -> int:
    """She agrees no longer, from this moment; how many consents that ended.

    A request goes to her HR officer, who sees to what rested on the consent and answers.
    """
    ended = Consent.objects.filter(person=user, purpose=purpose, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now()
    )
    if ended:
        record(act="consent-withdrawn", by=user, about=user, purpose=purpose)
        wish = _("Consent withdrawn: %(purpose)s") % {"purpose": purpose}
        ask(person=user, kind=Kind.WITHDRAWAL, wish=wish)
    return ended


@transaction.atomic
def order_copy(*, person: Any) -> DataCopy:
    """A copy that the worker makes; one that is being made already is not ordered again."""
    person = _hold(person)
    waiting = DataCopy.objects.filter(person=person, made_at__isnull=True).first()
    if waiting is not None:
        return waiting
    copy = DataCopy.objects.create(person=person)
    note_copy(person=person, form="zip")
    transaction.on_commit(lambda: make_copy.enqueue(copy.pk))
    return copy


def note_copy(*, person: Any, form: str) -> None:
    """She took a copy of her own data away."""
    record(act="data-copied", by=person, about=person, unit=current_unit(person), form=form)


def _hold(person: Any) -> Any:
    """The person's row, locked until the transaction ends: it orders what is done about her."""
    return get_user_model()._default_manager.select_for_update().get(pk=person.pk)
