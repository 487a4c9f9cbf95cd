"""Whose lines of the register may somebody read, and which acts may she ask for or decide?

An HR officer or auditor reads the lines of her units, as they were when the course was completed,
and of the closed units whose place those have taken; the department (permission
«manage_register») all of them. What lies outside is 404.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from learning.certificates.codes import read_code
from learning.certificates.models import Certificate
from learning.organisations.access import is_hr, may_manage, units_managed_by, units_of_hr
from learning.organisations.models import Unit, UnitQuerySet
from learning.organisations.queries import with_predecessors

MANAGE = "certificates.manage_register"


def is_department(user: Any) -> bool:
    """May `user` read the whole register, and decide what others ask for?"""
    return bool(user.is_authenticated and user.is_active and user.has_perm(MANAGE))


def may_read(user: Any) -> bool:
    """May `user` read any line of the register?"""
    return is_department(user) or is_hr(user)


def readable_units(user: Any) -> UnitQuerySet:
    """The units whose lines `user` reads. Raises `Http404` for who reads none."""
    if is_department(user):
        return Unit.objects.all().within(*Unit.get_root_nodes())
    if not is_hr(user):
        raise Http404
    return with_predecessors(units_of_hr(user))


def readable(user: Any) -> QuerySet[Certificate]:
    """The certificates whose lines `user` reads. Raises `Http404` for who reads none."""
    units = readable_units(user)
    if is_department(user):
        return Certificate.objects.all()
    return Certificate.objects.filter(unit_id_then__in=units.order_by().values("pk"))


def get_line(user: Any, code: str) -> Certificate:
    """The certificate, if `user` reads its line. Raises `Http404` otherwise."""
    found = readable(user).filter(code=read_code(code) or "")
    certificate = found.select_related("replaces", "replaced_by", "paper").first()
    if certificate is None:
        raise Http404
    return certificate


def may_ask(user: Any, certificate: Certificate) -> bool:
    """May `user` ask that it be revoked or restored? An auditor may not."""
    if is_department(user):
        return True
    mine = with_predecessors(units_managed_by(user))
    return mine.filter(pk=certificate.unit_id_then or 0).exists()


def manageable_units(user: Any) -> UnitQuerySet:
    """The units for whose certificates `user` may act; none for an auditor or a learner."""
    if is_department(user):
        return readable_units(user)
    return with_predecessors(units_managed_by(user))


def may_act(user: Any) -> bool:
    """May `user` issue and collect certificates for any unit?"""
    return is_department(user) or may_manage(user)
