"""Pictures that come with questions: told by their bytes, never by their names."""

from __future__ import annotations

import base64
import binascii
import io
import re
import unicodedata
import warnings
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import PurePosixPath

from PIL import Image

from quizzes.exchange.base import Picture

MOST_BYTES = 10 * 1024 * 1024
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"GIF87a", "image/gif", ".gif"),
    (b"GIF89a", "image/gif", ".gif"),
)
_UNSAFE = re.compile(r"[^\w.\-]+")
MOST_NAME = 80


def media_type(data: bytes) -> str:
    """The kind of picture these bytes are: PNG, JPEG, GIF or WebP; empty for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind, _suffix in _MAGIC if data.startswith(magic)), "")


def suffix_of(kind: str) -> str:
    """The usual end of a name for this media type."""
    return next((suffix for _magic, one, suffix in _MAGIC if one == kind), ".webp")


def read_picture(name: str, data: bytes, alt: str = "") -> Picture | None:
    """The picture, or None if the bytes are none or too many."""
    kind = media_type(data)
    if not kind or len(data) > MOST_BYTES:
        return None
    return Picture(name=name, data=data, media_type=kind, alt=alt)


def decoded(text: str) -> bytes:
    """The bytes of base64; empty if it is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None if the picture cannot be measured."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as picture:
                return picture.size
    except Exception:
        return None


def safe_name(name: str, taken: Sequence[str] = ()) -> str:
    """A file's name from `name` without folders and odd characters, not among `taken`."""
    path = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/"))
    stem = _UNSAFE.sub("-", path.stem).strip("-.")[:MOST_NAME] or "picture"
    suffix = _UNSAFE.sub("", path.suffix.lower())[:10]
    used = {one.casefold() for one in taken}
    found, count = f"{stem}{suffix}", 1
    while found.casefold() in used:
        count += 1
        found = f"{stem}-{count}{suffix}"
    return found


def pixels_of(area: str, size: tuple[int, int]) -> list[int]:
    """A region «x,y,w,h» or «x,y,r» in per mille of a picture as pixels; empty if it is none.

    The radius is in per mille of the width.
    """
    try:
        numbers = [Decimal(part.strip()) for part in area.split(",")]
    except InvalidOperation:
        return []
    if len(numbers) not in (3, 4) or not all(number.is_finite() for number in numbers):
        return []
    width, height = size
    scales = (width, height, width) if len(numbers) == 3 else (width, height, width, height)
    return [round(number * scale / 1000) for number, scale in zip(numbers, scales, strict=True)]


def area_of(pixels: Sequence[Decimal], size: tuple[int, int]) -> str:
    """The reverse of `pixels_of`: per mille, rounded to whole ones; empty for nonsense."""
    width, height = size
    if len(pixels) not in (3, 4) or not width or not height:
        return ""
    scales = (width, height, width) if len(pixels) == 3 else (width, height, width, height)
    if not all(pixel.is_finite() and 0 <= pixel < 100_000 for pixel in pixels):
        return ""
    return ",".join(
        str(round(pixel * 1000 / scale)) for pixel, scale in zip(pixels, scales, strict=True)
    )
