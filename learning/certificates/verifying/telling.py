"""What is told of a certificate: what its paper shows, how it stands, and nothing more."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from learning.certificates.badges.keys import has_key
from learning.certificates.models import Certificate

State = Certificate.State


# Issued again two times at most costs no query of its own; more often than that, one each.
_NEWER = "replaced_by__replaced_by__replaced_by"


@dataclass(frozen=True)
class Standing:
    """How a certificate stands today."""

    state: Certificate.State
    replacement: Certificate | None
    newest: Certificate | None

    @property
    def is_valid(self) -> bool:
        return self.state is State.VALID


def find(code: str) -> Certificate | None:
    """The certificate with this code as printed, however it stands, with its neighbours."""
    return (
        Certificate.objects.filter(code=code)
        .select_related(_NEWER, "replaces", "paper")
        .prefetch_related("hashes")
        .first()
    )


def standing_of(certificate: Certificate) -> Standing:
    """Its state, what replaced it, and the last of the row where that was replaced again."""
    replacement = getattr(certificate, "replaced_by", None)
    if replacement is None and certificate.status == Certificate.Status.REVOKED:
        replacement = _issued_after(certificate)
    newest = replacement
    for _step in range(20):
        following = getattr(newest, "replaced_by", None) if newest else None
        if following is None:
            break
        newest = following
    return Standing(certificate.state(), replacement, newest)


def _issued_after(certificate: Certificate) -> Certificate | None:
    """A valid one of the same enrolment: a revoked one may have been issued afresh."""
    if certificate.enrolment_id is None:
        return None
    return (
        Certificate.objects.filter(enrolment=certificate.enrolment_id, status="valid")
        .exclude(pk=certificate.pk)
        .first()
    )


def address_of(certificate: Certificate, *, name: str = "certificates:verify_code") -> str:
    """The full address of its page, the same in every language."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + reverse(name, args=[certificate.code])


def for_machines(certificate: Certificate, standing: Standing) -> dict[str, Any]:
    """The answer in JSON (README.md, «Checking by machine»)."""
    told: dict[str, Any] = {
        "code": certificate.code,
        "number": certificate.number_text,
        "register_number": certificate.register_number,
        "state": str(standing.state),
        "full_name": certificate.full_name,
        "birth_date": _day(certificate.birth_date),
        "position": certificate.position,
        "unit": certificate.unit_name,
        "course": certificate.course_title,
        "goal": certificate.goal_name,
        "result": certificate.result,
        "hours": float(certificate.hours),
        "started_on": _day(certificate.started_on),
        "completed_on": _day(certificate.completed_on),
        "issued_on": _day(timezone.localdate(certificate.issued_at)),
        "expires_on": _day(certificate.expires_on),
        "issuer": {"parent": certificate.issuer_parent, "name": certificate.issuer_name},
        "signer": certificate.signer_name,
        "trial": certificate.is_trial,
        "revoked_on": None,
        "revoked_reason": None,
        "replaced_by": _other(standing.replacement),
        "replaces": _other(certificate.replaces),
        "papers": [{"kind": kept.kind, "sha256": kept.sha256} for kept in certificate.hashes.all()],
        "address": address_of(certificate),
        "badge": address_of(certificate, name="certificates:badge") if has_key() else None,
        "checked_at": timezone.localtime().isoformat(timespec="seconds"),
    }
    if certificate.revoked_at is not None:
        told["revoked_on"] = _day(timezone.localdate(certificate.revoked_at))
        told["revoked_reason"] = certificate.revoked_reason
    return told


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _other(certificate: Certificate | None) -> dict[str, str] | None:
    if certificate is None:
        return None
    return {
        "code": certificate.code,
        "number": certificate.number_text,
        "address": address_of(certificate),
    }


def signature_checker() -> Callable[[bytes], Any] | None:
    """`signing.validate`, if the house has it: what it says of a PDF's signature."""
    try:
        module = import_module("learning.certificates.signing")
    except ModuleNotFoundError:
        return None
    return getattr(module, "validate", None)
