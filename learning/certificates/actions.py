"""Issuing, issuing again, revoking, restoring: each with its entry in the register.

A certificate is written in the transaction that earned it. Locks are taken in the order
certificate → chain → series, everywhere.
"""

import calendar
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from learning.audit.actions import record
from learning.certificates.codes import new_code
from learning.certificates.life.telling import tell_issued
from learning.certificates.models import (
    Certificate,
    CertificateFile,
    CertificateSeries,
    CourseRule,
    RegisterEntry,
)
from learning.certificates.paper.versions import issuing_terms
from learning.certificates.register.chain import Held, add_entry, hold_chain
from learning.certificates.tasks import render_certificate
from learning.enrolments.models import Enrolment
from learning.organisations.models import Unit
from learning.vietnamese import format_decimal, nfc, search_key

Act = RegisterEntry.Act


@dataclass(frozen=True)
class CertificateFacts:
    """What was true of the holder when she completed; `hours` and `percent` as completed.

    `birth_date` is kept only where the course's rule wants it.
    """

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
    birth_date: date | None = None


class NotValidError(Exception):
    """The certificate is not in the state that the act wants."""


@transaction.atomic
def issue_certificate(
    *, enrolment: Enrolment, holder: CertificateFacts, by: Any | None = None
) -> Certificate:
    """The enrolment's certificate, written, numbered and entered now if there is none.

    Its paper is drawn after commit by a background task. The caller holds the enrolment's row,
    so one enrolment is never issued twice at once; the chain's row orders the numbers.
    """
    issued = Certificate.objects.filter(
        enrolment=enrolment, status=Certificate.Status.VALID
    ).first()
    if issued is not None:
        return issued
    held = hold_chain(settings.CERTIFICATE_ISSUER["code"])
    certificate = _write(held, enrolment=enrolment, holder=holder, rule=_rule(holder.course_key))
    add_entry(held, act=Act.ISSUED, certificate=certificate, by=by)
    _audit("certificate-issued", certificate, by=by)
    return certificate


@transaction.atomic
def reissue_certificate(
    *, certificate: Certificate, full_name: str, reason: str, by: Any | None
) -> Certificate:
    """The certificate again under another name, with a number of its own; the old one stays and
    points to it. Repeated for the same name it gives the one already made.

    Raises `NotValidError` for one that is revoked or replaced under another name.
    """
    old = Certificate.objects.select_for_update().get(pk=certificate.pk)
    name = nfc(full_name)
    if old.status == Certificate.Status.REISSUED and old.replaced_by.full_name == name:
        return old.replaced_by
    if old.status != Certificate.Status.VALID:
        raise NotValidError(old.number_text)
    if old.full_name == name:
        return old
    held = hold_chain(old.issuer)
    old.status = Certificate.Status.REISSUED
    old.save(update_fields=["status"])
    new = _write(
        held, enrolment=old.enrolment, holder=replace(_facts_of(old), full_name=name), replaces=old
    )
    add_entry(held, act=Act.REPLACED, certificate=old, other=new, reason=reason, by=by)
    add_entry(held, act=Act.REISSUED, certificate=new, other=old, reason=reason, by=by)
    _audit("certificate-reissued", new, by=by, reason=reason, replaces=old.number_text)
    return new


@transaction.atomic
def revoke_certificate(
    *, certificate: Certificate, reason: str, by: Any, approved_by: Any | None = None
) -> Certificate:
    """Take the certificate back, with the reason that anyone who checks it will read.

    Screens come here only through a request that a second person approved (`life.requests`).
    """
    held_row = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if held_row.status != Certificate.Status.VALID:
        return held_row
    held = hold_chain(held_row.issuer)
    held_row.status = Certificate.Status.REVOKED
    held_row.revoked_at, held_row.revoked_reason, held_row.revoked_by = held.now, reason, by
    held_row.save(update_fields=["status", "revoked_at", "revoked_reason", "revoked_by"])
    add_entry(
        held,
        act=Act.REVOKED,
        certificate=held_row,
        reason=reason,
        by=by,
        approved_by=approved_by,
    )
    _audit("certificate-revoked", held_row, by=approved_by or by, reason=reason)
    return held_row


@transaction.atomic
def restore_certificate(
    *, certificate: Certificate, reason: str, by: Any, approved_by: Any | None = None
) -> Certificate:
    """Undo a revocation; the register keeps both.

    Raises `NotValidError` if the enrolment has got another valid one meanwhile.
    """
    held_row = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if held_row.status != Certificate.Status.REVOKED:
        return held_row
    others = Certificate.objects.filter(
        enrolment=held_row.enrolment_id, status=Certificate.Status.VALID
    )
    if held_row.enrolment_id is not None and others.exists():
        raise NotValidError(held_row.number_text)
    held = hold_chain(held_row.issuer)
    held_row.status = Certificate.Status.VALID
    held_row.revoked_at, held_row.revoked_reason, held_row.revoked_by = None, "", None
    held_row.save(update_fields=["status", "revoked_at", "revoked_reason", "revoked_by"])
    add_entry(
        held,
        act=Act.RESTORED,
        certificate=held_row,
        reason=reason,
        by=by,
        approved_by=approved_by,
    )
    _audit("certificate-restored", held_row, by=approved_by or by, reason=reason)
    return held_row


def _write(
    held: Held,
    *,
    enrolment: Enrolment | None,
    holder: CertificateFacts,
    rule: CourseRule | None = None,
    replaces: Certificate | None = None,
) -> Certificate:
    """The row of a new certificate, under the chain's lock; its paper is asked for after commit."""
    year = timezone.localdate(held.now).year
    number = _take_number(held.chain.issuer, year)
    number_text = f"{number:04d}/{year}/GCN-{held.chain.issuer}"
    certificate = Certificate.objects.create(
        enrolment=enrolment,
        code=new_code(),
        issuer=held.chain.issuer,
        year=year,
        number=number,
        number_text=number_text,
        register_number=f"{number:04d}",
        full_name=holder.full_name,
        birth_date=holder.birth_date if _keeps_birth_date(rule, replaces) else None,
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
        result=replaces.result if replaces else result_text(holder.percent),
        issued_at=held.now,
        expires_on=replaces.expires_on if replaces else last_day(rule, held.now),
        is_trial=settings.DEMO,
        **issuing_terms(
            course_key=holder.course_key, language=replaces.language if replaces else ""
        ),
        replaces=replaces,
        name_search=search_key(f"{holder.full_name} {number_text} {holder.unit_name}")[:400],
    )
    CertificateFile.objects.create(certificate=certificate)
    tell_issued(certificate)
    transaction.on_commit(lambda: render_certificate.enqueue(certificate.pk))
    return certificate


def _take_number(issuer: str, year: int) -> int:
    """The next number of the series; whoever asks holds the chain until it is committed."""
    series, _made = CertificateSeries.objects.get_or_create(issuer=issuer, year=year)
    series.last_number += 1
    series.save(update_fields=["last_number"])
    return series.last_number


def _rule(course_key: UUID) -> CourseRule | None:
    return CourseRule.objects.filter(course_key=course_key).first()


def _keeps_birth_date(rule: CourseRule | None, replaces: Certificate | None) -> bool:
    return replaces is not None or (rule is not None and rule.print_birth_date)


def result_text(percent: Decimal | None) -> str:
    """«Đạt (92,5%)»; no per cent where nothing was scored. The register is Vietnamese always."""
    return "Đạt" if percent is None else f"Đạt ({format_decimal(percent)}%)"


def last_day(rule: CourseRule | None, issued_at: datetime) -> date | None:
    """The last valid day by the course's rule: the day of issue some months later, or the last
    of that month where it has no such day. None: for good."""
    if rule is None or rule.valid_months is None:
        return None
    issued = timezone.localdate(issued_at)
    years, month = divmod(issued.month - 1 + rule.valid_months, 12)
    year, month = issued.year + years, month + 1
    return date(year, month, min(issued.day, calendar.monthrange(year, month)[1]))


def _facts_of(old: Certificate) -> CertificateFacts:
    return CertificateFacts(
        full_name=old.full_name,
        position=old.position,
        unit_id=old.unit_id_then,
        unit_name=old.unit_name,
        course_key=old.course_key,
        course_title=old.course_title,
        course_revision=old.course_revision,
        goal_name=old.goal_name,
        hours=old.hours,
        started_on=old.started_on,
        completed_on=old.completed_on,
        percent=old.percent,
        birth_date=old.birth_date,
    )


def unit_then(certificate: Certificate) -> Unit | None:
    """The unit whose name it bears, if there still is one."""
    return Unit.objects.filter(pk=certificate.unit_id_then or 0).first()


def _audit(act: str, certificate: Certificate, *, by: Any | None, **details: Any) -> None:
    record(act=act, by=by, about=certificate, unit=unit_then(certificate), **details)
