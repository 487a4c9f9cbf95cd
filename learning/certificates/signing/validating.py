"""What a PDF's signatures are worth: untouched since, made by somebody who is believed."""

from __future__ import annotations

import datetime
import io
import logging
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError

from learning.certificates.signing.authority import TEST_MARK
from learning.certificates.signing.keys import NOT_VALIDATED, trust

BROKEN = (
    PdfError,
    SigningError,
    SignatureValidationError,
    ValidationInfoReadingError,
    *NOT_VALIDATED,
    ValueError,
    KeyError,
    TypeError,
    OSError,
    AssertionError,
    RecursionError,
)
NONE, BAD, UNKNOWN, GOOD = "none", "bad", "unknown", "good"
_SENTENCES = {
    NONE: gettext_lazy("The file bears no digital signature."),
    BAD: gettext_lazy("The digital signature does not hold: the file was changed or is damaged."),
    UNKNOWN: gettext_lazy(
        "Signed by %(who)s, unchanged since; but the authority behind it is not one of ours."
    ),
    GOOD: gettext_lazy("The digital signature holds: signed by %(who)s at %(at)s."),
}
_TEST = gettext_lazy("It was made with a test key and is without value.")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """`state` is one of `none`, `bad`, `unknown` (intact, but nobody believed), `good`."""

    state: str
    who: str = ""
    at: datetime.datetime | None = None
    stamped: bool = False
    level: str = ""
    is_test: bool = False

    @property
    def holds(self) -> bool:
        return self.state == GOOD

    def __str__(self) -> str:
        at = f"{timezone.localtime(self.at):%H:%M %d/%m/%Y}" if self.at else _("an unknown time")
        told = str(_SENTENCES[self.state]) % {"who": self.who, "at": at}
        return f"{told} {_TEST}" if self.is_test and self.state in (GOOD, UNKNOWN) else told


def verdict_on(pdf: bytes) -> Verdict:
    """What the signatures in `pdf` are worth together: the worst of them. Never raises."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        found = list(reader.embedded_regular_signatures)
        if not found:
            return Verdict(NONE)
        verdicts = [_of_one(embedded) for embedded in found]
    except BROKEN as error:
        logger.info("A PDF could not be validated: %s", error)
        return Verdict(BAD if b"/ByteRange" in pdf else NONE)
    order = [BAD, UNKNOWN, GOOD]
    return min(verdicts, key=lambda verdict: order.index(verdict.state))


def _of_one(embedded: Any) -> Verdict:
    believed = trust()
    status = validate_pdf_signature(embedded, believed, believed)
    who = str(status.signing_cert.subject.native.get("common_name", ""))
    stamp = status.timestamp_validity
    told: dict[str, Any] = {
        "who": who,
        "at": stamp.timestamp if stamp else status.signer_reported_dt,
        "stamped": stamp is not None,
        "level": _level(embedded, stamp is not None),
        "is_test": TEST_MARK in who,
    }
    whole = status.modification_level in (
        ModificationLevel.NONE,
        ModificationLevel.LTA_UPDATES,
        ModificationLevel.FORM_FILLING,
    )
    if not (status.intact and status.valid and whole):
        return Verdict(BAD, **told)
    return Verdict(GOOD if status.bottom_line else UNKNOWN, **told)


def _level(embedded: Any, stamped: bool) -> str:
    if not stamped:
        return "B-B"
    return "B-LTA" if embedded.reader.embedded_timestamp_signatures else "B-T"
