"""The ring of 17 goals: geometry of its segments, clockwise from twelve o'clock."""

from collections.abc import Collection
from dataclasses import dataclass
from math import asin, cos, pi, sin
from typing import Any

from learning.courses.goals import GOALS

_GAP = 3.0


@dataclass(frozen=True)
class Segment:
    """One goal's segment: its SVG path, where its number stands, and its state on, next or off."""

    number: int
    name: Any
    path: str
    x: str
    y: str
    state: str


def ring_segments(
    *,
    size: float,
    outer: float,
    inner: float,
    lit: Collection[int] | None,
    upcoming: Collection[int] = (),
) -> list[Segment]:
    """The segments in a square of `size`, between the radii `outer` and `inner` (same units).

    Neighbours stand `_GAP` apart with parallel edges. `lit` None lights all of them.
    """
    centre, step = size / 2, 2 * pi / len(GOALS)
    segments = []
    for goal in GOALS:
        start, end = (goal.number - 1) * step, goal.number * step
        corners = [
            _point(centre, radius, angle)
            for radius, angle in (
                (outer, start + asin(_GAP / 2 / outer)),
                (outer, end - asin(_GAP / 2 / outer)),
                (inner, end - asin(_GAP / 2 / inner)),
                (inner, start + asin(_GAP / 2 / inner)),
            )
        ]
        (a, b), (c, d), (e, f), (g, h) = corners
        x, y = _point(centre, (outer + inner) / 2, (start + end) / 2)
        state = "on" if lit is None or goal.number in lit else "off"
        if state == "off" and goal.number in upcoming:
            state = "next"
        segments.append(
            Segment(
                goal.number,
                goal.name,
                f"M{a},{b}A{outer:g},{outer:g} 0 0 1 {c},{d}L{e},{f}"
                f"A{inner:g},{inner:g} 0 0 0 {g},{h}Z",
                x,
                y,
                state,
            )
        )
    return segments


def ring_ticks(*, size: float, radius: float, count: int = 68) -> str:
    """The path of the ticks around the ring, as on a ship's compass; every fourth is longer."""
    centre = size / 2
    marks = []
    for place in range(count):
        angle = 2 * pi * place / count
        x, y = _point(centre, radius, angle)
        u, v = _point(centre, radius + (9 if place % 4 == 0 else 4), angle)
        marks.append(f"M{x},{y}L{u},{v}")
    return "".join(marks)


def _point(centre: float, radius: float, angle: float) -> tuple[str, str]:
    return f"{centre + radius * sin(angle):.1f}", f"{centre - radius * cos(angle):.1f}"
