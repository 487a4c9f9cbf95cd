"""Which papers are signed, and which wait."""

from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from learning.certificates.models import Certificate, CertificateFile
from learning.certificates.signing.models import PaperSignature


def waiting() -> QuerySet[CertificateFile]:
    """Papers of valid certificates that are drawn and not signed, the oldest first."""
    return (
        CertificateFile.objects.filter(
            rendered_at__isnull=False, certificate__status=Certificate.Status.VALID
        )
        .filter(
            Q(certificate__signature__isnull=True)
            | Q(certificate__signature__signed_at__isnull=True)
        )
        .select_related("certificate")
        .order_by("certificate_id")
    )


def counts() -> dict[str, int]:
    """How many papers are signed, wait, and are out to be signed."""
    signatures = PaperSignature.objects.all()
    return {
        "signed": signatures.filter(signed_at__isnull=False).count(),
        "waiting": waiting().count(),
        "out": waiting().filter(certificate__signature__batch__isnull=False).count(),
    }


def waits_for_signature(paper: CertificateFile) -> bool:
    """Whether its letter waits: it is to bring the signed paper, and there is none yet."""
    if not settings.CERTIFICATE_SIGNING["mail_waits"]:
        return False
    signed = PaperSignature.objects.filter(
        certificate=paper.certificate_id, signed_at__isnull=False
    )
    return not signed.exists()


def best_file(paper: CertificateFile) -> Any:
    """The file to hand over: the signed paper if there is one, else the paper as it was drawn."""
    signature = getattr(paper.certificate, "signature", None)
    return signature.file if signature is not None and signature.is_signed else paper.file
