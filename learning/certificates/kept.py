"""What this package keeps about a person, for «Dữ liệu của tôi».

The register is an archive: an erasure leaves the minimum by which a paper can still be checked, and
takes away what links it to the person. The database keeps what is printed as it is.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.certificates.life.bundling import forget_bundles
from learning.certificates.models import Certificate, CertificateFile, ShareLink
from learning.privacy.kept import LAW, Fate, Kept, Row, excuse, register_kept

_DUTY = "done in the course of duty; nameless once the account is"


def register() -> None:
    """Tell of the register; from the app's `ready`."""
    register_kept(CERTIFICATES)
    excuse(
        {
            "certificates.StandingRequest.asked_by": _DUTY,
            "certificates.StandingRequest.decided_by": _DUTY,
            "certificates.TemplateVersion.made_by": _DUTY,
            "certificates.SigningBatch.taken_by": _DUTY,
            "certificates.Bundle.asked_by": "an officer's download, gone when it expires",
        }
    )


def _certificates(user: Any) -> QuerySet[Certificate]:
    return Certificate.objects.filter(enrolment__user=user)


def _rows(user: Any) -> Iterable[Row]:
    for certificate in _certificates(user):
        yield {
            _("Certificate number"): certificate.number_text,
            _("Register number"): certificate.register_number,
            _("Full name"): certificate.full_name,
            _("Position"): certificate.position,
            _("Unit then"): certificate.unit_name,
            _("Course"): certificate.course_title,
            _("Score (%)"): certificate.percent,
            _("Issued at"): certificate.issued_at,
            _("State"): certificate.get_status_display(),
        }


def _count(user: Any) -> int:
    return _certificates(user).count()


def _erase(user: Any) -> None:
    ShareLink.objects.filter(certificate__enrolment__user=user).delete()
    papers = CertificateFile.objects.filter(certificate__enrolment__user=user)
    for paper in papers.exclude(file=""):
        paper.file.delete(save=False)
    papers.update(file="")
    if _count(user):
        forget_bundles(all_of_them=True)
    _certificates(user).update(enrolment=None)


CERTIFICATES = Kept(
    slug="certificates",
    name=gettext_lazy("Your certificates, in the register of those issued"),
    purpose=gettext_lazy("So that anyone can check that a certificate is real"),
    basis=LAW,
    how_long=gettext_lazy("permanently, as the register is an archive (Law on Archives 2024)"),
    on_erasure=gettext_lazy(
        "The register keeps what is printed on the certificate, so that it can still be checked. "
        "The PDF, the sharing link and the link to your account are deleted."
    ),
    count=_count,
    collect=_rows,
    fate=lambda user: Fate(stays=_count(user)),
    erase=_erase,
    models=("certificates.Certificate", "certificates.CertificateFile"),
    rank=25,
)
