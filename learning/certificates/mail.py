"""The letter that brings the paper to its holder."""

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from learning.certificates.models import Certificate, CertificateFile
from learning.certificates.paper.rendering import verification_address
from learning.certificates.signing.queries import best_file


def send_paper(paper: CertificateFile) -> None:
    """Mail the paper to its holder, once. Nothing happens without an address or once revoked.

    The row is marked before the letter goes out: a worker that dies in between sends nothing, and
    no one ever gets two letters because of it. The paper lies on the holder's page anyway, so a
    lost letter costs less than a doubled one. Only a letter that the mail server refused is
    unmarked, and the error raised, so that it is tried again.
    """
    certificate = paper.certificate
    user = certificate.enrolment.user if certificate.enrolment else None
    if user is None or not user.is_active or not user.email:
        return
    if certificate.status != Certificate.Status.VALID or paper.mailed_at is not None:
        return
    now = timezone.now()
    mine = CertificateFile.objects.filter(pk=paper.pk, mailed_at__isnull=True)
    if not mine.update(mailed_at=now):
        return
    try:
        _letter(paper, user.email).send()
    except Exception:
        CertificateFile.objects.filter(pk=paper.pk, mailed_at=now).update(mailed_at=None)
        raise


def _letter(paper: CertificateFile, address: str) -> EmailMessage:
    certificate = paper.certificate
    with translation.override(certificate.language):
        subject = _("Certificate no. %(number)s") % {"number": certificate.number_text}
        context = {"certificate": certificate, "address": verification_address(certificate)}
        text = render_to_string("certificates/mail.txt", context)
    letter = EmailMessage(subject=subject, body=text, to=[address])
    with best_file(paper).open("rb") as pdf:
        letter.attach(f"{certificate.code}.pdf", pdf.read(), "application/pdf")
    return letter
