"""Work after the commit: drawing the paper, mailing it.

The certificate stands whatever happens here: a paper that can't be drawn now is drawn later, and
the learner's completion never waits for it.
"""

import hashlib
import logging
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from learning.certificates.hashes import note_hash
from learning.certificates.mail import send_paper
from learning.certificates.models import CertificateFile, PaperHash
from learning.certificates.paper.rendering import render_pdf
from learning.certificates.signing.actions import sign_paper
from learning.certificates.signing.queries import waits_for_signature

logger = logging.getLogger(__name__)

MAX_TRIES = 8
# Minutes before the next try, by how many have failed.
PAUSES = (1, 5, 30, 60, 120, 240, 480)
_ERROR_LENGTH = 2000


@task()
def render_certificate(certificate_pk: int) -> None:
    """Draw, keep and mail the paper of one certificate; what was done before is not done again.

    Never raises for a paper that fails: the failure is noted on its row and tried again later, at
    most `MAX_TRIES` times; `manage.py render_certificates` starts afresh.
    """
    paper = (
        CertificateFile.objects.filter(certificate=certificate_pk)
        .select_related("certificate__enrolment__user")
        .first()
    )
    if paper is None:
        return
    try:
        if paper.rendered_at is None:
            _draw(paper)
        # One that can't be signed now waits for `sign_certificates`, and its letter with it.
        sign_paper(paper)
        if not waits_for_signature(paper):
            send_paper(paper)
    except Exception as error:
        # Whatever it is (storage, fonts, the mail server), it must reach neither the learner's
        # request nor the worker: it is kept with the paper instead.
        logger.exception("The paper of certificate %s failed", certificate_pk)
        _note_failure(paper, error)
    else:
        CertificateFile.objects.filter(pk=paper.pk).exclude(last_error="").update(last_error="")


def _draw(paper: CertificateFile) -> None:
    """Draw the paper and keep it with its hash.

    No lock is held meanwhile. Two workers may draw at once; whose row update comes first has made
    the paper, the other one throws its own away.
    """
    pdf = render_pdf(paper.certificate)
    sha256 = hashlib.sha256(pdf).hexdigest()
    stored = paper.file.storage.save(
        paper.file.field.generate_filename(paper, f"{paper.certificate.code}.pdf"),
        ContentFile(pdf),
    )
    won = CertificateFile.objects.filter(pk=paper.pk, rendered_at__isnull=True).update(
        file=stored, sha256=sha256, rendered_at=timezone.now()
    )
    if won:
        note_hash(certificate=paper.certificate, sha256=sha256, kind=PaperHash.Kind.DRAWN)
    else:
        paper.file.storage.delete(stored)
    paper.refresh_from_db(fields=["file", "sha256", "rendered_at"])


def _note_failure(paper: CertificateFile, error: Exception) -> None:
    """Write the failure down and ask for the next try, if the queue can wait and tries are left."""
    told = f"{type(error).__name__}: {error}"[:_ERROR_LENGTH]
    CertificateFile.objects.filter(pk=paper.pk).update(tries=F("tries") + 1, last_error=told)
    paper.refresh_from_db(fields=["tries", "last_error"])
    # A backend that runs tasks at once can't put one off: trying again here would never end.
    if paper.tries < MAX_TRIES and render_certificate.get_backend().supports_defer:
        pause = timedelta(minutes=PAUSES[min(paper.tries, len(PAUSES)) - 1])
        render_certificate.using(run_after=timezone.now() + pause).enqueue(paper.certificate_id)
