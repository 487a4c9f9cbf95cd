"""Issuing and revoking. A certificate is written in the transaction that earned it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from learning.certificates.codes import new_code
from learning.certificates.models import Certificate, CertificateFile, CertificateSeries
from learning.certificates.tasks import render_certificate
from learning.enrolments.models import Enrolment

TEMPLATE_VERSION = "1"


@dataclass(frozen=True)
class CertificateFacts:
    """What was true of the holder when she completed; `hours` and `percent` as completed."""

    full_name: str
    position: str
    unit_id: int | None
    unit_name: str
    course_key: UUID
    course_title: str
    course_revision: int | None
    goal_name: str
    hours: Decimal
    started_on: date
    completed_on: date
    percent: Decimal | None


@transaction.atomic
def issue_certificate(*, enrolment: Enrolment, holder: CertificateFacts) -> Certificate:
    """The enrolment's certificate, written and numbered now if there is none.

    Its paper is drawn after commit by a background task. The caller holds the enrolment's row,
    so one enrolment is never issued twice at once; the series' row orders the numbers.
    """
    issued = Certificate.objects.filter(
        enrolment=enrolment, status=Certificate.Status.VALID
    ).first()
    if issued is not None:
        return issued
    issuer = settings.CERTIFICATE_ISSUER
    now = timezone.now()
    year = timezone.localdate(now).year
    number = _take_number(issuer["code"], year)
    certificate = Certificate.objects.create(
        enrolment=enrolment,
        code=new_code(),
        issuer=issuer["code"],
        year=year,
        number=number,
        number_text=f"{number:04d}/{year}/GCN-{issuer['code']}",
        register_number=f"{number:04d}",
        full_name=holder.full_name,
        position=holder.position,
        unit_id_then=holder.unit_id,
        unit_name=holder.unit_name,
        course_key=holder.course_key,
        course_title=holder.course_title,
        course_revision=holder.course_revision,
        goal_name=holder.goal_name,
        hours=holder.hours,
        started_on=holder.started_on,
        completed_on=holder.completed_on,
        percent=holder.percent,
        issued_at=now,
        issuer_parent=issuer["parent"],
        issuer_name=issuer["name"],
        place=issuer["place"],
        signer_lines=list(issuer["signer_lines"]),
        signer_name=issuer["signer_name"],
        is_trial=settings.DEMO,
        template_version=TEMPLATE_VERSION,
    )
    CertificateFile.objects.create(certificate=certificate)
    transaction.on_commit(lambda: render_certificate.enqueue(certificate.pk))
    return certificate


def _take_number(issuer: str, year: int) -> int:
    """The next number of the series; its row stays locked until the certificate is committed."""
    CertificateSeries.objects.get_or_create(issuer=issuer, year=year)
    series = CertificateSeries.objects.select_for_update().get(issuer=issuer, year=year)
    series.last_number += 1
    series.save(update_fields=["last_number"])
    return series.last_number


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, reason: str, by: Any) -> Certificate:
    """Take the certificate back, with the reason that anyone who checks it will read."""
    held = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if held.status == Certificate.Status.VALID:
        held.status = Certificate.Status.REVOKED
        held.revoked_at, held.revoked_reason, held.revoked_by = timezone.now(), reason, by
        held.save(update_fields=["status", "revoked_at", "revoked_reason", "revoked_by"])
    return held
