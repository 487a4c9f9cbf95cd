"""What is kept: certificates, the register that tells their story, what was asked."""

from learning.certificates.models.life import (
    Bundle,
    CourseRule,
    ShareLink,
    StandingRequest,
)
from learning.certificates.models.record import (
    Certificate,
    CertificateFile,
    CertificateSeries,
    PaperHash,
    private_storage,
)
from learning.certificates.models.register import RegisterChain, RegisterEntry

__all__ = [
    "Bundle",
    "Certificate",
    "CertificateFile",
    "CertificateSeries",
    "CourseRule",
    "PaperHash",
    "RegisterChain",
    "RegisterEntry",
    "ShareLink",
    "StandingRequest",
    "private_storage",
]
