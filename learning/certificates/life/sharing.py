"""The link by which a holder shows her certificate with its paper, as long as she wants."""

import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from learning.audit.actions import record
from learning.certificates.actions import unit_then
from learning.certificates.models import Certificate, ShareLink


@transaction.atomic
def switch_sharing(*, certificate: Certificate, on: bool, by: Any) -> ShareLink | None:
    """Switch the link on or off. Switched on again it has another address: the old one stays dead.

    None where it is switched off and never was on.
    """
    held = Certificate.objects.select_for_update().get(pk=certificate.pk)
    link = ShareLink.objects.filter(certificate=held).first()
    if link is None and not on:
        return None
    if link is not None and link.is_on == on:
        return link
    link = link or ShareLink(certificate=held)
    link.is_on, link.changed_at = on, timezone.now()
    if on:
        link.token = secrets.token_urlsafe(24)
    link.save()
    act = "certificate-shared" if on else "certificate-unshared"
    record(act=act, by=by, about=held, unit=unit_then(held))
    return link


def shared(token: str) -> Certificate | None:
    """The certificate shown at this link, while it is on."""
    link = (
        ShareLink.objects.filter(token=token, is_on=True)
        .select_related("certificate", "certificate__paper", "certificate__signature")
        .first()
    )
    return link.certificate if link else None
