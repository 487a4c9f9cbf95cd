"""Logos and signatures as they are printed: read, made small, kept as what they became.

Only pictures of dots are taken, and they are written anew, so nothing but dots gets in. Typst is
given text alone, therefore each stands in an SVG frame.
"""

import base64
import hashlib
import io
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from learning.certificates.paper.models import PaperPicture

MOST_BYTES = 2 * 1024 * 1024
# A logo of 2 cm and a signature of 5 cm, at 300 dots an inch; few colours keep the paper light.
_MOST_DOTS = (560, 240)
_COLOURS = 48
_MOST_PIXELS = 40_000_000
_FORMATS = ("PNG", "JPEG", "WEBP")


@dataclass(frozen=True)
class Picture:
    """A picture that is ready to be kept or looked at: `svg` is a whole document."""

    name: str
    svg: str
    digest: str


def read_picture(upload: Any) -> Picture:
    """The uploaded file as it would be printed. Raises `ValidationError`, for its reader."""
    if upload.size > MOST_BYTES:
        raise ValidationError(_("The picture is larger than 2 MB."))
    try:
        opened = Image.open(upload, formats=_FORMATS)
        if opened.width * opened.height > _MOST_PIXELS:
            raise ValidationError(_("The picture has too many pixels."))
        image = ImageOps.exif_transpose(opened).convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError):
        raise ValidationError(_("This is no picture in PNG, JPEG or WebP.")) from None
    svg = _framed(_lightened(image))
    return Picture(
        name=str(upload.name)[-120:], svg=svg, digest=hashlib.sha256(svg.encode()).hexdigest()
    )


def keep_picture(picture: Picture) -> PaperPicture:
    """The picture's row; there is one for all that look the same."""
    kept, _made = PaperPicture.objects.get_or_create(
        digest=picture.digest, defaults={"name": picture.name, "svg": picture.svg}
    )
    return kept


def _lightened(image: Image.Image) -> Image.Image:
    image.thumbnail(_MOST_DOTS)
    return image.quantize(colors=_COLOURS, method=Image.Quantize.FASTOCTREE)


def _framed(image: Image.Image) -> str:
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    data = base64.b64encode(written.getvalue()).decode()
    wide, high = image.size
    size = f'width="{wide}" height="{high}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {wide} {high}">'
        f'<image {size} href="data:image/png;base64,{data}"/></svg>'
    )
