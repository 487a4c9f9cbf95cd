"""Digital signatures of papers: made by the server, or outside and taken in; believed only after
validation.

A paper that can't be signed now waits and says why; the certificate stands without it.
"""

from typing import Any


def validate(content: bytes) -> Any:
    """What is to be said of the signature in a PDF, as one sentence (`validating.Verdict`)."""
    from learning.certificates.signing.validating import verdict_on

    return verdict_on(content)
