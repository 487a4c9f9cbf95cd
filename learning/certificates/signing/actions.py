"""Signing papers: by the server, or taken out and in again. Each is harmless when repeated.

A signature counts only once `validating` has said so; whoever writes the row first has signed it.
"""

from __future__ import annotations

import hashlib
import logging
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.audit.actions import record
from learning.certificates.hashes import note_hash
from learning.certificates.models import Certificate, CertificateFile, PaperHash
from learning.certificates.signing.keys import (
    CannotSignError,
    Keys,
    forget_token,
    load_keys,
    signs_itself,
)
from learning.certificates.signing.making import sign_pdf
from learning.certificates.signing.models import PaperSignature, SigningBatch
from learning.certificates.signing.queries import waiting
from learning.certificates.signing.validating import Verdict, verdict_on

MOST_IN_A_BATCH = 500
# An uploaded ZIP: so many files of so many bytes, however it was packed.
MOST_FILES, MOST_BYTES = 2 * MOST_IN_A_BATCH, 2 * 1024 * 1024
_END = b"%%EOF"
logger = logging.getLogger(__name__)


def sign_paper(paper: CertificateFile, *, keys: Keys | None = None) -> bool:
    """Sign the drawn paper with the server's key, if it has one; whether it is signed now.

    Never raises for a paper that can't be signed: it waits, and its row says why.
    """
    if not signs_itself() or paper.certificate.status != Certificate.Status.VALID:
        return False
    row, _made = PaperSignature.objects.get_or_create(certificate=paper.certificate)
    if row.is_signed:
        return True
    try:
        keys = keys or load_keys()
        with paper.file.open("rb") as drawn:
            signed = sign_pdf(drawn.read(), keys)
        verdict = verdict_on(signed.pdf)
        if not verdict.holds:
            raise CannotSignError(str(verdict))
        _keep(row, signed.pdf, verdict)
    except Exception as error:
        # The key, the token, the timestamps, the disk: whatever it is, the paper waits.
        logger.warning("Certificate %s is not signed: %s", paper.certificate_id, error)
        forget_token()
        told = str(error) if isinstance(error, CannotSignError) else f"{type(error).__name__}"
        PaperSignature.objects.filter(pk=row.pk, signed_at__isnull=True).update(
            tries=F("tries") + 1, last_error=told[:2000]
        )
        return False
    return True


def sign_waiting(*, by: Any | None = None, most: int | None = None) -> tuple[int, int]:
    """Sign what waits, the oldest first; how many were signed, how many still wait.

    Begun again after a stop it goes on where it was. Raises `CannotSignError` if there is no key.
    """
    keys, signed = load_keys(), 0
    papers = waiting()[:most] if most else waiting()
    for paper in papers.iterator(chunk_size=200):
        if sign_paper(paper, keys=keys):
            signed += 1
            _mail(paper)
    if signed:
        record(act="certificates-signed", by=by, count=signed)
    return signed, waiting().count()


@transaction.atomic
def take_out(*, by: Any, most: int = MOST_IN_A_BATCH) -> SigningBatch:
    """A batch of papers that wait, those that were never out first. It may be empty.

    A paper may go out again (a batch got lost); the first that comes back signed counts.
    """
    chosen = list(
        waiting().order_by(F("certificate__signature__batch").asc(nulls_first=True), "pk")[:most]
    )
    batch = SigningBatch.objects.create(taken_by=by, count=len(chosen))
    for paper in chosen:
        PaperSignature.objects.update_or_create(
            certificate=paper.certificate, defaults={"batch": batch}
        )
    if chosen:
        record(act="certificates-taken-out", by=by, count=len(chosen), batch=str(batch))
    return batch


def write_zip(batch: SigningBatch, target: IO[bytes]) -> None:
    """The papers of the batch, each named by its code, as they were drawn."""
    papers = CertificateFile.objects.filter(certificate__signature__batch=batch)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for paper in papers.select_related("certificate").order_by("pk").iterator(chunk_size=200):
            with paper.file.open("rb") as drawn:
                packed.writestr(f"{paper.certificate.code}.pdf", drawn.read())


@dataclass(frozen=True)
class TakenIn:
    """What became of one file: `state` is `signed`, `already` or `refused` (`why` says it)."""

    name: str
    state: str
    certificate: Certificate | None = None
    why: str = ""


def take_in(*, by: Any, files: Iterable[tuple[str, IO[bytes]]]) -> list[TakenIn]:
    """Signed papers come back: PDFs, or ZIPs of them. Each is matched by what it holds, not by its
    name: its beginning must be the paper as drawn, to the byte, and its signature must hold."""
    taken = [_take_one(name, content) for name, content in _pdfs(files)]
    count = sum(one.state == "signed" for one in taken)
    if count:
        record(act="certificates-signed-outside", by=by, count=count)
    return taken


def _pdfs(files: Iterable[tuple[str, IO[bytes]]]) -> Iterable[tuple[str, bytes]]:
    left = MOST_FILES
    for name, opened in files:
        if not zipfile.is_zipfile(opened):
            opened.seek(0)
            left -= 1
            yield name, opened.read(MOST_BYTES + 1)
            continue
        with zipfile.ZipFile(opened) as packed:
            for entry in packed.infolist():
                if entry.is_dir() or not entry.filename.lower().endswith(".pdf"):
                    continue
                if left <= 0:
                    return
                left -= 1
                yield entry.filename, _entry(packed, entry)


def _entry(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The entry's bytes, as far as they may go; nothing if it is damaged or encrypted."""
    try:
        with packed.open(entry) as inside:
            return inside.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
        return b""


def _take_one(name: str, content: bytes) -> TakenIn:
    if not content.startswith(b"%PDF-") or len(content) > MOST_BYTES:
        return TakenIn(name, "refused", why=_("This is no PDF, or it is damaged or above 2 MB."))
    paper = _paper_in(content)
    if paper is None:
        return TakenIn(
            name,
            "refused",
            why=_(
                "It does not begin with a paper of this house as it was drawn: it is another"
                " file, it was changed, or the tool wrote it anew."
            ),
        )
    certificate = paper.certificate
    row, _made = PaperSignature.objects.get_or_create(certificate=certificate)
    if row.is_signed:
        return TakenIn(name, "already", certificate)
    if certificate.status != Certificate.Status.VALID:
        return TakenIn(name, "refused", certificate, _("The certificate is no longer valid."))
    verdict = verdict_on(content)
    if not verdict.holds:
        return TakenIn(name, "refused", certificate, str(verdict))
    if not _keep(row, content, verdict):
        return TakenIn(name, "already", certificate)
    _mail(paper)
    return TakenIn(name, "signed", certificate)


def _mail(paper: CertificateFile) -> None:
    """The letter that waited for the signature; one that has gone is not sent again."""
    from learning.certificates.tasks import render_certificate

    if paper.mailed_at is None:
        transaction.on_commit(lambda: render_certificate.enqueue(paper.certificate_id))


def _paper_in(content: bytes) -> CertificateFile | None:
    """The paper that the first revision of a PDF is: a signature is added behind it."""
    end = content.find(_END)
    if end < 0:
        return None
    end += len(_END)
    for ending in (b"", b"\n", b"\r\n", b"\r"):
        if content[end:].startswith(ending):
            sha256 = hashlib.sha256(content[: end + len(ending)]).hexdigest()
            paper = (
                CertificateFile.objects.filter(sha256=sha256).select_related("certificate").first()
            )
            if paper is not None:
                return paper
    return None


def _keep(row: PaperSignature, pdf: bytes, verdict: Verdict) -> bool:
    """Keep a signature that holds; false if another one was first, whose file stays."""
    certificate, sha256 = row.certificate, hashlib.sha256(pdf).hexdigest()
    storage = row.file.storage
    stored = storage.save(
        row.file.field.generate_filename(row, f"{certificate.code}.pdf"),
        ContentFile(pdf),
    )
    with transaction.atomic():
        won = PaperSignature.objects.filter(pk=row.pk, signed_at__isnull=True).update(
            file=stored,
            sha256=sha256,
            signed_at=timezone.now(),
            signer=verdict.who[:250],
            level=verdict.level,
            is_test=verdict.is_test,
            last_error="",
        )
        if won:
            note_hash(certificate=certificate, sha256=sha256, kind=PaperHash.Kind.SIGNED)
    if not won:
        storage.delete(stored)
    row.refresh_from_db()
    return bool(won)
