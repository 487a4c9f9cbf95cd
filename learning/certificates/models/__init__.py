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

# The tables of the papers' templates live beside what draws them.
from learning.certificates.paper.models import PaperPicture, PaperTemplate, TemplateVersion

__all__ = [
    "Bundle",
    "Certificate",
    "CertificateFile",
    "CertificateSeries",
    "CourseRule",
    "PaperHash",
    "PaperPicture",
    "PaperTemplate",
    "RegisterChain",
    "RegisterEntry",
    "ShareLink",
    "StandingRequest",
    "TemplateVersion",
    "private_storage",
]
