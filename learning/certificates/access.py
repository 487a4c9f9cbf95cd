"""Who may have the paper itself. (That a certificate is real, anyone may check.)"""

from typing import Any

from django.http import Http404

from learning.certificates.codes import read_code
from learning.certificates.models import Certificate
from learning.organisations.access import current_unit, units_of_hr


def get_certificate(user: Any, code: str) -> Certificate:
    """The certificate with its paper, for its holder, the HR officers above her present unit and
    superusers. Raises `Http404` for anyone else, as for a code that doesn't exist."""
    certificate = (
        Certificate.objects.filter(code=read_code(code) or "")
        .select_related("paper", "enrolment__user")
        .first()
    )
    if certificate is None or not _may_have(user, certificate):
        raise Http404
    return certificate


def _may_have(user: Any, certificate: Certificate) -> bool:
    if user.is_superuser:
        return True
    if certificate.enrolment is None:  # the holder was erased: no one's but the register's
        return False
    holder = certificate.enrolment.user
    if holder.pk == user.pk:
        return True
    unit = current_unit(holder)
    return unit is not None and units_of_hr(user).filter(pk=unit.pk).exists()
