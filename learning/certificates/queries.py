"""Reading the register."""

from typing import Any

from django.db.models import QuerySet

from learning.certificates.models import Certificate


def for_user(user: Any) -> QuerySet[Certificate]:
    """The person's own certificates, the newest first, with their papers."""
    return (
        Certificate.objects.filter(enrolment__user=user)
        .select_related("paper")
        .order_by("-issued_at")
    )


def with_code(code: str) -> Certificate | None:
    """The certificate with this code as printed, valid or revoked."""
    return Certificate.objects.filter(code=code).first()


def replacement_of(certificate: Certificate) -> Certificate | None:
    """The valid certificate that took the place of a revoked one."""
    if certificate.enrolment_id is None:
        return None
    return (
        Certificate.objects.filter(
            enrolment=certificate.enrolment_id, status=Certificate.Status.VALID
        )
        .exclude(pk=certificate.pk)
        .first()
    )
