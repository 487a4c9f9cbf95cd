"""Revoking and restoring want two persons: one asks with a reason, another one decides."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from learning.audit.actions import record
from learning.certificates.actions import (
    NotValidError,
    restore_certificate,
    revoke_certificate,
    unit_then,
)
from learning.certificates.life.telling import tell_standing
from learning.certificates.models import Certificate, StandingRequest
from learning.vietnamese import nfc

Kind = StandingRequest.Kind
Decision = StandingRequest.Decision
_WANTS = {Kind.REVOKE: Certificate.Status.VALID, Kind.RESTORE: Certificate.Status.REVOKED}


class SamePersonError(Exception):
    """Who asked may not decide."""


def kind_for(certificate: Certificate) -> StandingRequest.Kind | None:
    """What can be asked for as it stands: its revocation, its restoration, nothing."""
    found = [kind for kind, status in _WANTS.items() if status == certificate.status]
    return found[0] if found else None


@transaction.atomic
def ask(
    *, certificate: Certificate, kind: StandingRequest.Kind, reason: str, by: Any
) -> StandingRequest:
    """Ask for it; the request that waits already, if one does.

    Raises `NotValidError` where the certificate does not stand so.
    """
    held = Certificate.objects.select_for_update().get(pk=certificate.pk)
    waiting = held.requests.filter(decision=Decision.PENDING).first()
    if waiting is not None:
        return waiting
    if held.status != _WANTS[kind]:
        raise NotValidError(held.number_text)
    asked = StandingRequest.objects.create(
        certificate=held, kind=kind, reason=nfc(reason), asked_by=by
    )
    record(
        act="certificate-act-asked",
        by=by,
        about=held,
        unit=unit_then(held),
        kind=str(kind),
        reason=asked.reason,
    )
    return asked


@transaction.atomic
def decide(*, request: StandingRequest, approve: bool, note: str, by: Any) -> StandingRequest:
    """Approve or decline it, and do what was asked for; decided once, it stays so.

    Raises `SamePersonError` for who asked for it herself, `NotValidError` where it
    can't be done any more.
    """
    held = StandingRequest.objects.select_for_update().get(pk=request.pk)
    if held.decision != Decision.PENDING:
        return held
    if held.asked_by_id == by.pk:
        raise SamePersonError
    certificate = Certificate.objects.select_for_update().get(pk=held.certificate_id)
    if approve and certificate.status != _WANTS[Kind(held.kind)]:
        raise NotValidError(certificate.number_text)
    held.decision = Decision.APPROVED if approve else Decision.DECLINED
    held.decided_by, held.decided_at, held.note = by, timezone.now(), nfc(note)
    held.save(update_fields=["decision", "decided_by", "decided_at", "note"])
    if not approve:
        record(
            act="certificate-act-declined",
            by=by,
            about=certificate,
            unit=unit_then(certificate),
            kind=held.kind,
            reason=held.note,
        )
        return held
    act = revoke_certificate if held.kind == Kind.REVOKE else restore_certificate
    done = act(certificate=certificate, reason=held.reason, by=held.asked_by, approved_by=by)
    tell_standing(done, reason=held.reason, request=held)
    return held


def requests_about(certificates: QuerySet[Certificate]) -> QuerySet[StandingRequest]:
    """The requests about these, the newest first, with everything a list shows."""
    found = StandingRequest.objects.filter(certificate__in=certificates.order_by().values("pk"))
    return found.select_related("certificate", "asked_by", "decided_by")
