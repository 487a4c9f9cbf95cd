"""Evidence: what a file is by its content, and what of it is kept. No database."""

import uuid
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.reader import PdfFileReader

from learning.vietnamese import nfc
from quizzes.bank.pictures import encode

MOST_BYTES = 10 * 1024 * 1024
FOLDER = "outside"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_MOST_NAME = 120


@dataclass(frozen=True)
class Evidence:
    """A file fit to be kept: its bytes, «pdf», «jpg» or «png», and what she calls it."""

    data: bytes
    form: str
    name: str

    @property
    def path(self) -> str:
        """Where it will lie: a name that tells nothing and cannot be guessed."""
        return f"{FOLDER}/{uuid.uuid4()}.{self.form}"


def read_evidence(upload: Any) -> Evidence:
    """The uploaded file, judged by its content and not by its name.

    A picture is written anew, upright and without what cameras add (place, time, device); a PDF
    stays as it is. Raises `ValidationError` with a sentence for what is too large or is neither.
    """
    if upload.size > MOST_BYTES:
        raise ValidationError(_("The file is larger than 10 MB. Choose a smaller one."))
    data: bytes = upload.read()
    if data.startswith(_PICTURES):
        picture = encode(data)
        return Evidence(picture.data, picture.format, _name(upload.name, picture.format))
    if b"%PDF-" in data[:1024]:
        _check_pdf(data)
        return Evidence(data, "pdf", _name(upload.name, "pdf"))
    raise ValidationError(_("This is neither a PDF nor a JPG or PNG picture. Choose another file."))


def _check_pdf(data: bytes) -> None:
    """Raise `ValidationError` unless it opens without a password and has a page."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = PdfFileReader(BytesIO(data), strict=False)
            locked = reader.encrypted
            pages = 0 if locked else int(reader.root["/Pages"]["/Count"])
    # A reader of PDF stumbles over broken files in many ways.
    except Exception:
        raise ValidationError(_("The PDF is damaged. Choose another file.")) from None
    if locked:
        raise ValidationError(_("The PDF is locked by a password. Save it without one first."))
    if pages < 1:
        raise ValidationError(_("The PDF is damaged. Choose another file."))


def _name(given: str, form: str) -> str:
    """The name of her file with the extension of what it is."""
    stem = nfc("".join(sign if sign.isprintable() else " " for sign in given or ""))
    stem = stem.replace("/", " ").replace("\\", " ").rpartition(".")[0] or stem
    return f"{stem.strip()[:_MOST_NAME] or 'minh-chung'}.{form}"
