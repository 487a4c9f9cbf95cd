"""The distribution of scores as a drawing; lengths in units of the drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from quizzes.analysis.columns import Form, shown

WIDTH, HEIGHT = 720, 246
_LEFT, _TOP, _BOTTOM = 48, 24, 220
_GAP = 6


@dataclass(frozen=True)
class Bar:
    """A tenth of the scores: how many attempts lie in it, and where it is drawn."""

    label: str
    short: str
    count: str
    share: str
    x: int
    y: int
    width: int
    height: int
    middle: int


@dataclass(frozen=True)
class Tick:
    """A line of the grid with its number."""

    y: int
    label: str


@dataclass(frozen=True)
class Chart:
    """The bars with their grid."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    bottom: int = _BOTTOM


def draw_distribution(bins: Sequence[int]) -> Chart:
    """The bins of a report, of which at least one is not empty, as bars."""
    most, total = max(bins), sum(bins)
    step = _step(most)
    top = step * math.ceil(most / step)
    room = _BOTTOM - _TOP
    place = (WIDTH - _LEFT) // len(bins)
    bars = []
    for n, count in enumerate(bins):
        height = room * count // top
        x = _LEFT + n * place + _GAP // 2
        bars.append(
            Bar(
                label=_label(n, len(bins)),
                short=f"{n * 100 // len(bins)}",
                count=shown(count, Form.WHOLE),
                share=shown(count / total, Form.PERCENT),
                x=x,
                y=_BOTTOM - height,
                width=place - _GAP,
                height=height,
                middle=x + (place - _GAP) // 2,
            )
        )
    ticks = [
        Tick(_BOTTOM - room * value // top, shown(value, Form.WHOLE))
        for value in range(0, top + 1, step)
    ]
    return Chart(tuple(bars), tuple(ticks))


def _label(n: int, bins: int) -> str:
    low, high = n * 100 // bins, (n + 1) * 100 // bins
    if n == bins - 1:
        return f"{low}–{high}%"
    return _("%(low)s to below %(high)s%%") % {"low": low, "high": high}


def _step(most: int) -> int:
    """The distance of the grid's lines: 1, 2 or 5 times a power of ten, four lines at most."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if factor * power * 4 >= most:
                return factor * power
        power *= 10
