"""The audit log's words for what is done to templates and signatures."""

from django.utils.translation import gettext_lazy as _

from learning.audit.words import register_acts


def register() -> None:
    """Called once when Django is ready."""
    register_acts(
        {
            "certificate-template-changed": _("Certificate template changed"),
            "certificates-signed": _("Certificates signed by the server"),
            "certificates-taken-out": _("Certificates taken out to be signed"),
            "certificates-signed-outside": _("Signed certificates taken in"),
        }
    )
