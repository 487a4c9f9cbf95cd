"""The day after a certificate's last valid day the register gets a line about it."""

from django.db import transaction
from django.utils import timezone

from learning.audit.actions import record
from learning.certificates.actions import unit_then
from learning.certificates.models import Certificate, RegisterEntry
from learning.certificates.register.chain import add_entry, hold_chain


def enter_expired() -> int:
    """Enter every certificate that has expired and is not entered so; how many there were.

    Each in a transaction of its own: a job that is cut off goes on the next time.
    """
    today = timezone.localdate()
    past = Certificate.objects.filter(status=Certificate.Status.VALID, expires_on__lt=today)
    waiting = past.exclude(entries__act=RegisterEntry.Act.EXPIRED).order_by("pk")
    return sum(_enter(pk) for pk in list(waiting.values_list("pk", flat=True)))


@transaction.atomic
def _enter(pk: int) -> bool:
    certificate = Certificate.objects.select_for_update().get(pk=pk)
    entered = certificate.entries.filter(act=RegisterEntry.Act.EXPIRED).exists()
    if entered or certificate.status != Certificate.Status.VALID:
        return False
    held = hold_chain(certificate.issuer)
    add_entry(held, act=RegisterEntry.Act.EXPIRED, certificate=certificate)
    record(act="certificate-expired", by=None, about=certificate, unit=unit_then(certificate))
    return True
