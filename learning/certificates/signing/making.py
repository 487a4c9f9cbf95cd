"""Putting a signature into a PDF: PAdES, added at the end, so that the paper's bytes stay."""

from __future__ import annotations

import io
import logging
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    SigDSSPlacementPreference,
    TimestampDSSContentSettings,
)
from pyhanko.sign.timestamps import TimestampRequestError

from learning.certificates.signing.keys import NOT_VALIDATED, CannotSignError, Keys, trust

FIELD = "ChuKySo"
_DIGEST = "sha256"
# The field is not seen: beside the sheet, as PDF/UA wants what is not tagged, and not hidden, as
# PDF/A wants it.
_OUT_OF_SIGHT = InvisSigSettings(box_out_of_bounds=True)
# How many hexadecimal digits a signature without a timestamp takes, by its certificate. The
# first one is made twice, to see how long it gets; every digit too many costs whoever reads it.
_ROOM: dict[bytes, int] = {}
_GAP = re.compile(rb"/ByteRange ?\[ ?0 (\d+) (\d+) ")
logger = logging.getLogger(__name__)
# It warns at each signature that lists of revoked certificates come from files, as was chosen.
logging.getLogger("pyhanko.sign.signers.pdf_signer").setLevel(logging.ERROR)


class _AsItWas(IncrementalPdfFileWriter):
    """Adds a revision and leaves what the paper says of itself.

    Written anew, the description loses the form that PDF/A wants; a signature's time stands in the
    signature. For the same reason what is needed to validate later is put in together with the
    signature and the timestamp, not in revisions of its own.
    """

    def _update_meta(self) -> None:
        """Nothing to update."""


@dataclass(frozen=True)
class Signed:
    """A signed PDF, and the level of PAdES that it reached."""

    pdf: bytes
    level: str


def sign_pdf(pdf: bytes, keys: Keys) -> Signed:
    """`pdf` signed to B-LTA or B-T with timestamps, to B-B without.

    B-LTA wants to know that nothing is revoked; where no authority tells, B-T is made. Raises
    `CannotSignError`, also when the timestamp authority doesn't answer: none is left out silently.
    """
    # The paper ends without a line's end; what follows it has to begin on a line of its own.
    pdf = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    try:
        if keys.timestamps is None:
            return Signed(_signed(pdf, keys), "B-B")
        try:
            return Signed(_signed(pdf, keys, for_good=True), "B-LTA")
        except (*NOT_VALIDATED, SigningError) as error:
            logger.warning("Signing to B-T, not to B-LTA: %s", error)
            return Signed(_signed(pdf, keys), "B-T")
    except (TimestampRequestError, OSError) as error:
        raise CannotSignError(_("The timestamp authority does not answer.")) from error
    except (SigningError, PdfError, ValueError) as error:
        raise CannotSignError(f"{type(error).__name__}: {error}") from error


def _signed(pdf: bytes, keys: Keys, *, for_good: bool = False) -> bytes:
    meant = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=_DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=for_good,
        dss_settings=DSSContentSettings(
            include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
        ),
        validation_context=trust(strict=True) if for_good else None,
    )
    signer = PdfSigner(
        meant,
        keys.signer,
        timestamper=keys.timestamps,
        new_field_spec=SigFieldSpec(FIELD, invis_sig_settings=_OUT_OF_SIGHT),
    )
    written = io.BytesIO()
    signer.sign_pdf(
        _AsItWas(io.BytesIO(pdf)),
        bytes_reserved=None if keys.timestamps else _ROOM.get(_known_by(keys)),
        output=written,
    )
    if keys.timestamps is None:
        _learn_room(keys, written.getvalue())
    if not for_good or keys.timestamps is None:
        return written.getvalue()
    sealed = io.BytesIO()
    PdfTimeStamper(keys.timestamps, invis_settings=_OUT_OF_SIGHT).timestamp_pdf(
        _AsItWas(written),
        _DIGEST,
        validation_context=trust(strict=True),
        output=sealed,
        dss_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
    )
    return sealed.getvalue()


def _known_by(keys: Keys) -> bytes:
    return keys.signer.signing_cert.sha256 if keys.signer.signing_cert else b""


def _learn_room(keys: Keys, signed: bytes) -> None:
    """What was kept for this signature will do for the next: the estimate has room to spare."""
    if _known_by(keys) not in _ROOM and (gaps := _GAP.findall(signed)):
        begin, end = (int(place) for place in gaps[-1])
        _ROOM[_known_by(keys)] = end - begin - len("<>")
