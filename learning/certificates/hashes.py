"""The PDFs that this house gave out, known by their SHA-256."""

import re

from learning.certificates.models import Certificate, PaperHash

_SHA256 = re.compile(r"[0-9a-f]{64}")


def note_hash(*, certificate: Certificate, sha256: str, kind: PaperHash.Kind) -> PaperHash:
    """Remember that a PDF with this hash is a paper of `certificate`; once, however often.

    Called by whatever makes or takes in a paper (drawn, signed), in its transaction.
    """
    noted, _made = PaperHash.objects.get_or_create(
        sha256=sha256, defaults={"certificate": certificate, "kind": kind}
    )
    return noted


def read_sha256(text: str) -> str | None:
    """`text` as 64 lower-case hexadecimal digits; None if it is no SHA-256."""
    typed = text.strip().lower()
    return typed if _SHA256.fullmatch(typed) else None


def paper_with(sha256: str) -> PaperHash | None:
    """The paper with this hash and its certificate, if it is one of ours."""
    return (
        PaperHash.objects.filter(sha256=sha256)
        .select_related("certificate", "certificate__replaced_by")
        .first()
    )
