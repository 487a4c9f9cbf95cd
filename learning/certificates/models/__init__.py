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
from learning.certificates.models.register import RegisterChain, RegisterCheck, RegisterEntry

# The tables of templates and signatures live beside what draws and signs.
from learning.certificates.paper.models import PaperPicture, PaperTemplate, TemplateVersion
from learning.certificates.signing.models import PaperSignature, SigningBatch

__all__ = [
    "Bundle",
    "Certificate",
    "CertificateFile",
    "CertificateSeries",
    "CourseRule",
    "PaperHash",
    "PaperPicture",
    "PaperSignature",
    "PaperTemplate",
    "RegisterChain",
    "RegisterCheck",
    "RegisterEntry",
    "ShareLink",
    "SigningBatch",
    "StandingRequest",
    "TemplateVersion",
    "private_storage",
]
