"""Pictures made fit for a question: read, checked, made smaller, written anew. No database."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

# Where the files lie in the media storage.
FOLDER = "questions"
MOST_BYTES = 10 * 1024 * 1024
# Pixels: a photograph of a good camera; a file of this many is read in some 150 MB.
MOST_PIXELS = 40_000_000
MOST_SIDE = 1600
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


@dataclass(frozen=True)
class PictureFile:
    """A picture that comes with a question: the bytes of its file, and what it shows."""

    data: bytes
    alt: str
    alt_en: str = ""


@dataclass(frozen=True)
class Encoded:
    """A picture ready to be kept; `digest` is SHA-256 over `data`, `origin` over what was given."""

    data: bytes
    digest: str
    origin: str
    format: str
    width: int
    height: int


def picture_url(digest: str, file_format: str) -> str:
    """The address of a picture's file."""
    return default_storage.url(f"{FOLDER}/{digest}.{file_format}")


def digest_of(data: bytes) -> str:
    """SHA-256 over the bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def encode(data: bytes) -> Encoded:
    """The picture in `data`, upright, at most `MOST_SIDE` pixels a side, without what cameras add.

    Written anew, so that nothing but a picture gets through. Drawings stay PNG, photographs become
    JPEG. Raises `ValidationError` with a sentence for what is too large, moves or is no picture.
    """
    if len(data) > MOST_BYTES:
        raise ValidationError(
            _("The picture is larger than %(limit)s MB.") % {"limit": MOST_BYTES // 1024**2}
        )
    opened = _opened(data)
    is_png = opened.format in ("PNG", "GIF") or _is_transparent(opened)
    image = ImageOps.exif_transpose(opened)
    image = image.convert("RGBA" if is_png and _is_transparent(opened) else "RGB")
    image.thumbnail((MOST_SIDE, MOST_SIDE))
    image.info.clear()
    written = BytesIO()
    if is_png and image.mode == "RGB" and image.getcolors(256):
        # A drawing of few colours: the same to look at, a third of the weight.
        image = image.quantize(256)
    if is_png:
        image.save(written, "PNG", optimize=True)
    else:
        image.save(written, "JPEG", quality=85, optimize=True, progressive=True)
    made = written.getvalue()
    return Encoded(
        data=made,
        digest=digest_of(made),
        origin=digest_of(data),
        format="png" if is_png else "jpg",
        width=image.width,
        height=image.height,
    )


def _opened(data: bytes) -> Image.Image:
    """The picture, read to its end; `ValidationError` for what is none, or not to be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(data), formats=FORMATS)
            # The size stands in the file's head: nothing has been unpacked yet.
            if image.width * image.height > MOST_PIXELS:
                raise ValidationError(_("The picture has too many pixels. Make it smaller first."))
            if getattr(image, "n_frames", 1) > 1:
                raise ValidationError(_("The picture moves. Choose one that stands still."))
            image.load()
    except ValidationError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise ValidationError(
            _("The picture has too many pixels. Make it smaller first.")
        ) from None
    # Pillow's readers raise whatever a broken file makes them stumble over.
    except Exception:
        raise ValidationError(
            _("This is no picture that can be shown. Choose a PNG, JPEG, WebP or GIF file.")
        ) from None
    return image


def _is_transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
