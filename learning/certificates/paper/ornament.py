"""What adorns the sheet: the frame's guilloche, the corners' rosettes, the flower behind the name.

Computed, as a guilloche is: sines that run beside each other out of step. The flower has the five
petals of the flamboyant (hoa phượng), the flower of the city. Lengths are millimetres of an A4
sheet, landscape; y grows downwards. No half-transparent colours, which an archive's viewer may
mix in its own way.
"""

from collections.abc import Callable, Iterator
from functools import cache
from math import cos, pi, sin

WIDTH, HEIGHT = 297.0, 210.0
# The middle line of the frame's band, and half of the band's breadth.
_INSET, _HALF = 13.0, 4.2
_CORNER = 9.0

Point = tuple[float, float]


@cache
def ornament(*, ink: str, accent: str, line: str, tint: str, petal: str) -> str:
    """The whole ornament as an SVG document in these colours (each a CSS hex colour)."""
    inner = _INSET + _HALF
    parts = [
        _rect(_INSET - _HALF - 1.3, ink, 0.5),
        _rect(_INSET - _HALF, line, 0.18, fill=tint),
        _rect(inner, line, 0.18, fill="#ffffff"),
        *(_strokes(_flower(), petal, 0.2),),
        *(_strokes(_band(phases=6, reach=0.92), line, 0.2),),
        *(_strokes(_band(phases=2, reach=0.5), accent, 0.26),),
        *_corners(ink=ink, accent=accent, line=line, tint=tint),
        _rect(inner + 1.1, ink, 0.25),
    ]
    box = f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{WIDTH:g}mm" height="{HEIGHT:g}mm"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{"".join(parts)}</svg>'


def _rect(inset: float, colour: str, breadth: float, *, fill: str = "none") -> str:
    return (
        f'<rect x="{inset:g}" y="{inset:g}" width="{WIDTH - 2 * inset:g}"'
        f' height="{HEIGHT - 2 * inset:g}" fill="{fill}" stroke="{colour}"'
        f' stroke-width="{breadth:g}"/>'
    )


def _strokes(path: str, colour: str, breadth: float) -> str:
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{breadth:g}"/>'


def _band(*, phases: int, reach: float) -> str:
    """Sines along the four sides, from corner to corner, `phases` of them out of step."""
    return "".join(
        _side(start, along, length, phase / phases, reach)
        for start, along, length in _sides()
        for phase in range(phases)
    )


def _sides() -> Iterator[tuple[Point, Point, float]]:
    """Each side's start, its direction and its length between the corners' rosettes."""
    far_x, far_y, clear = WIDTH - _INSET, HEIGHT - _INSET, _INSET + _CORNER * 0.55
    for y in (_INSET, far_y):
        yield (clear, y), (1, 0), WIDTH - 2 * clear
    for x in (_INSET, far_x):
        yield (x, clear), (0, 1), HEIGHT - 2 * clear


def _side(start: Point, along: Point, length: float, phase: float, reach: float) -> str:
    """One sine along one side; `phase` is a part of its wave, which fits the side exactly."""
    waves = round(length / 13)
    across = (along[1], along[0])
    high = _HALF * reach
    return _smooth(
        lambda t: (
            start[0] + along[0] * t * length + across[0] * high * sin(2 * pi * (waves * t + phase)),
            start[1] + along[1] * t * length + across[1] * high * sin(2 * pi * (waves * t + phase)),
        ),
        steps=2 * waves,
        closed=False,
    )


def _flower() -> str:
    """Five petals, woven of rings that swing a little out of step round the middle of the sheet."""
    rings = []
    for size, turned, count in ((72.0, 0.0, 12), (44.0, 0.5, 10)):
        for ring in range(count):
            turn = (turned + (ring / (count - 1) - 0.5) * 0.42) * 2 * pi / 5
            rings.append(_smooth(_petals((WIDTH / 2, 108.0), size, turn), steps=30, closed=True))
    return "".join(rings)


def _petals(middle: Point, size: float, turn: float) -> Callable[[float], Point]:
    def at(t: float) -> Point:
        angle = 2 * pi * t
        r = size * (0.62 + 0.38 * cos(5 * (angle - turn)))
        return middle[0] + 1.12 * r * sin(angle), middle[1] - r * cos(angle)

    return at


def _corners(*, ink: str, accent: str, line: str, tint: str) -> Iterator[str]:
    for x in (_INSET, WIDTH - _INSET):
        for y in (_INSET, HEIGHT - _INSET):
            yield (
                f'<circle cx="{x:g}" cy="{y:g}" r="{_CORNER * 0.78:g}" fill="#ffffff"'
                f' stroke="{ink}" stroke-width="0.4"/>'
                f'<circle cx="{x:g}" cy="{y:g}" r="{_CORNER * 0.7:g}" fill="{tint}"'
                f' stroke="{line}" stroke-width="0.18"/>'
            )
            yield _strokes(_rosette((x, y), _CORNER * 0.66, 0.36, 8), line, 0.18)
            yield _strokes(_rosette((x, y), _CORNER * 0.4, 0.3, 5), accent, 0.24)


def _rosette(middle: Point, size: float, depth: float, rings: int) -> str:
    def at(turn: float) -> Callable[[float], Point]:
        def point(t: float) -> Point:
            angle = 2 * pi * t
            r = size * (1 - depth + depth * cos(5 * (angle - turn)))
            return middle[0] + r * sin(angle), middle[1] - r * cos(angle)

        return point

    return "".join(
        _smooth(at(ring * 2 * pi / rings / 5), steps=15, closed=True) for ring in range(rings)
    )


def _smooth(at: Callable[[float], Point], *, steps: int, closed: bool) -> str:
    """The curve `at(t)`, t from 0 to 1, as cubics through `steps` + 1 of its points."""
    reach = 1 / steps / 3
    drawn = ["M{:.2f} {:.2f}".format(*at(0))]
    for step in range(steps):
        t, u = step / steps, (step + 1) / steps
        (ax, ay), (bx, by) = _slope(at, t), _slope(at, u)
        (px, py), (qx, qy) = at(t), at(u)
        drawn.append(
            f"C{px + ax * reach:.2f} {py + ay * reach:.2f} {qx - bx * reach:.2f}"
            f" {qy - by * reach:.2f} {qx:.2f} {qy:.2f}"
        )
    return "".join(drawn) + ("Z" if closed else "")


def _slope(at: Callable[[float], Point], t: float) -> Point:
    tiny = 1e-5
    (ax, ay), (bx, by) = at(t - tiny), at(t + tiny)
    return (bx - ax) / (2 * tiny), (by - ay) / (2 * tiny)
