"""QR codes drawn in the page itself."""

from dataclasses import dataclass

import segno


@dataclass(frozen=True)
class QrCode:
    """A square of `box` modules with a border of two, and the SVG path that fills it."""

    box: int
    path: str


def draw_qr(text: str) -> QrCode:
    """`text` as a QR code that stands a coffee stain (error correction M)."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    path = "".join(
        f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return QrCode(len(rows) + 4, path)
