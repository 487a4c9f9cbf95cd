"""Reading the register."""

from typing import Any

from django.db.models import QuerySet

from learning.certificates.models import Certificate


def for_user(user: Any) -> QuerySet[Certificate]:
    """The person's own certificates, the newest first, with their papers."""
    return (
        Certificate.objects.filter(enrolment__user=user)
        .select_related("paper", "signature", "share_link", "replaced_by")
        .order_by("-issued_at")
    )
