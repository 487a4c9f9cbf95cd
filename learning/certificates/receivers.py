"""What this package hears, and what it tells the floors below of itself."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from learning.audit.words import register_acts, register_things
from learning.certificates.models import Certificate
from learning.privacy.signals import name_corrected

REASON = "Đính chính họ và tên"  # printed in the register, which is Vietnamese always


def connect() -> None:
    """Called once when Django is ready."""
    register_acts(
        {
            "certificate-issued": _("Certificate issued"),
            "certificate-reissued": _("Certificate issued again"),
            "certificate-revoked": _("Certificate revoked"),
            "certificate-restored": _("Certificate restored"),
            "certificate-expired": _("Certificate expired"),
            "certificate-act-asked": _("Revocation or restoration asked for"),
            "certificate-act-declined": _("Revocation or restoration declined"),
            "certificates-issued-in-bulk": _("Certificates issued in bulk"),
            "certificate-shared": _("Sharing link switched on"),
            "certificate-unshared": _("Sharing link switched off"),
            "certificates-bundled": _("Papers of a unit collected"),
        }
    )
    register_things(
        {
            "certificates": _("Register of certificates"),
            "register-line": _("A line of the register of certificates"),
        }
    )
    name_corrected.connect(on_name_corrected, dispatch_uid="certificates.on_name_corrected")


def on_name_corrected(*, user: Any, by: Any | None = None, **_more: Any) -> None:
    """A person's name was put right: her valid certificates are issued again under it."""
    from learning.certificates.actions import reissue_certificate

    valid = Certificate.objects.filter(enrolment__user=user, status=Certificate.Status.VALID)
    for certificate in valid.order_by("pk"):
        reissue_certificate(
            certificate=certificate, full_name=user.get_full_name(), reason=REASON, by=by
        )
