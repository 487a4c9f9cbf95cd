"""What this package hears, and what it tells the floors below of itself."""

from importlib import import_module
from typing import Any

from django.utils.translation import gettext_lazy as _

from learning.audit.words import register_acts, register_things
from learning.certificates.models import Certificate

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
    register_things({"certificates": _("Certificates")})
    corrected = getattr(_privacy_signals(), "name_corrected", None)
    if corrected is not None:
        corrected.connect(on_name_corrected, dispatch_uid="certificates.on_name_corrected")


def _privacy_signals() -> Any:
    """The signals of «Dữ liệu của tôi», where that room has any."""
    try:
        return import_module("learning.privacy.signals")
    except ModuleNotFoundError:
        return None


def on_name_corrected(*, user: Any, by: Any | None = None, **_more: Any) -> None:
    """A person's name was put right: her valid certificates are issued again under it."""
    from learning.certificates.actions import reissue_certificate

    valid = Certificate.objects.filter(enrolment__user=user, status=Certificate.Status.VALID)
    for certificate in valid.order_by("pk"):
        reissue_certificate(
            certificate=certificate, full_name=user.get_full_name(), reason=REASON, by=by
        )
