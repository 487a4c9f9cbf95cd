"""The holder is told what becomes of her certificates."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from learning.certificates.models import Certificate, StandingRequest
from learning.notices.actions import Told, tell
from learning.notices.kinds import Kind, register_kind

ISSUED, REVOKED, RESTORED = "certificate-issued", "certificate-revoked", "certificate-restored"
_FIELDS = ("number", "course", "reason")


def register() -> None:
    """Make the kinds of notices known; from the app's `ready`."""
    kinds = (
        (
            ISSUED,
            _("A certificate was issued to me"),
            _("Certificate no. {number}"),
            _("Certificate no. {number} for «{course}» was issued to you."),
        ),
        (
            REVOKED,
            _("My certificate was revoked"),
            _("Certificate no. {number} was revoked"),
            _("Certificate no. {number} for «{course}» was revoked. Reason: {reason}"),
        ),
        (
            RESTORED,
            _("My certificate was restored"),
            _("Certificate no. {number} is valid again"),
            _("Certificate no. {number} for «{course}» is valid again. Reason: {reason}"),
        ),
    )
    for slug, name, subject, body in kinds:
        required = slug != ISSUED
        register_kind(Kind(slug, name, subject, body, fields=_FIELDS, required=required))


def tell_issued(certificate: Certificate) -> None:
    """A line on the holder's page; the letter with the PDF goes out when the paper is drawn."""
    _tell(ISSUED, certificate, key=str(certificate.pk), reason="", by_mail=False)


def tell_standing(certificate: Certificate, *, reason: str, request: StandingRequest) -> None:
    """It was revoked or restored: the holder is told, by mail too."""
    kind = REVOKED if request.kind == StandingRequest.Kind.REVOKE else RESTORED
    _tell(kind, certificate, key=f"request:{request.pk}", reason=reason, by_mail=True)


def _tell(kind: str, certificate: Certificate, *, key: str, reason: str, by_mail: bool) -> None:
    if certificate.enrolment is None:
        return
    facts = {
        "number": certificate.number_text,
        "course": certificate.course_title,
        "reason": reason,
    }
    told = Told(
        person_id=certificate.enrolment.user_id,
        key=f"{kind}:{key}",
        facts=facts,
        link=reverse("certificates:mine"),
    )
    tell(kind=kind, people=[told], by_mail=by_mail)
