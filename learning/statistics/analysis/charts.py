"""Where bars and lines of these screens lie. Numbers leave here as text: SVG wants points."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from learning.statistics.analysis.trend import Point, Step, Trend

# The narrow chart shows no more points than fit beside each other on a phone.
MOST_NARROW = 31


@dataclass(frozen=True)
class Bar:
    """One rectangle; `kind` 1 completed, 2 started, 3 newly assigned."""

    kind: int
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Mark:
    """A place on a scale and what stands there."""

    at: str
    label: str


@dataclass(frozen=True)
class Frame:
    """The measures of one chart."""

    width: int
    left: int
    right: int
    top: int
    plot: int

    @property
    def bottom(self) -> int:
        """Where the axis lies."""
        return self.top + self.plot

    @property
    def height(self) -> int:
        """With the labels below the axis."""
        return self.bottom + 26

    @property
    def span(self) -> int:
        """How wide the plot is."""
        return self.width - self.left - self.right

    @property
    def end(self) -> int:
        """Where the plot ends."""
        return self.width - self.right

    @property
    def label_y(self) -> int:
        """The base line of the labels below the axis."""
        return self.bottom + 20

    @property
    def number_x(self) -> int:
        """Where the numbers of the scale end."""
        return self.left - 8


@dataclass(frozen=True)
class CountChart:
    """Three bars a point, from a common ground."""

    frame: Frame
    bars: tuple[Bar, ...]
    scale: tuple[Mark, ...]
    labels: tuple[Mark, ...]


@dataclass(frozen=True)
class LineChart:
    """The rate as a line over its area; without points no line."""

    frame: Frame
    line: str
    area: str
    dots: tuple[tuple[str, str], ...]
    scale: tuple[Mark, ...]
    labels: tuple[Mark, ...]


@dataclass(frozen=True)
class TrendCharts:
    """The charts of a trend for one width; `cut` points are in the table only."""

    counts: CountChart
    rate: LineChart
    cut: int


def trend_charts(trend: Trend) -> dict[str, TrendCharts]:
    """For a wide and for a narrow screen."""
    return {
        "wide": _charts(trend, trend.points, width=1080, left=56, plots=(220, 130), room=62),
        "narrow": _charts(
            trend, trend.points[-MOST_NARROW:], width=340, left=42, plots=(170, 120), room=58
        ),
    }


def _charts(
    trend: Trend,
    points: Sequence[Point],
    *,
    width: int,
    left: int,
    plots: tuple[int, int],
    room: int,
) -> TrendCharts:
    counts, rate = (Frame(width, left, 20, 10, plot) for plot in plots)
    slot = counts.span / len(points)
    centres = [left + slot * (place + 0.5) for place in range(len(points))]
    every = max(1, round(room / slot + 0.49))
    labels = tuple(
        Mark(f"{x:.1f}", _day(point.first, long=len(points) > 52 and trend.step == Step.WEEK))
        for place, (x, point) in enumerate(zip(centres, points, strict=True))
        # From the newest back: the last one is always told.
        if (len(points) - 1 - place) % every == 0
    )
    return TrendCharts(
        counts=_counts(counts, points, centres, slot, labels),
        rate=_rate(rate, points, centres, labels),
        cut=len(trend.points) - len(points),
    )


def _counts(
    frame: Frame,
    points: Sequence[Point],
    centres: Sequence[float],
    slot: float,
    labels: tuple[Mark, ...],
) -> CountChart:
    most = max(max(point.assigned, point.started, point.completed) for point in points)
    step = _round_step(most)
    top = step * max(1, -(-most // step))
    bar = min(18.0, slot * 0.84 / 3)
    bars = []
    for x, point in zip(centres, points, strict=True):
        for place, count in enumerate((point.assigned, point.started, point.completed)):
            height = frame.plot * count / top
            if count:
                bars.append(
                    Bar(
                        kind=3 - place,
                        x=f"{x + bar * (place - 1.5):.2f}",
                        y=f"{frame.bottom - max(height, 1):.2f}",
                        width=f"{bar * 0.92:.2f}",
                        height=f"{max(height, 1):.2f}",
                    )
                )
    scale = tuple(
        Mark(f"{frame.bottom - frame.plot * value / top:.1f}", f"{value:,}".replace(",", "."))
        for value in range(0, top + 1, step)
    )
    return CountChart(frame, tuple(bars), scale, labels)


def _rate(
    frame: Frame, points: Sequence[Point], centres: Sequence[float], labels: tuple[Mark, ...]
) -> LineChart:
    spots = [
        (f"{x:.1f}", f"{frame.bottom - frame.plot * min(point.rate, Decimal(100)) / 100:.1f}")
        for x, point in zip(centres, points, strict=True)
        if point.rate is not None
    ]
    line = " L".join(f"{x},{y}" for x, y in spots)
    ground = f",{frame.bottom}"
    return LineChart(
        frame=frame,
        line=f"M{line}" if spots else "",
        area=f"M{spots[0][0]}{ground} L{line} L{spots[-1][0]}{ground} Z" if spots else "",
        dots=tuple(spots) if len(spots) <= MOST_NARROW else tuple(spots[-1:]),
        scale=tuple(
            Mark(f"{frame.bottom - frame.plot * share / 100:.1f}", f"{share}%")
            for share in (0, 50, 100)
        ),
        labels=labels,
    )


def _day(day: datetime.date, *, long: bool) -> str:
    return f"{day:%m/%Y}" if long else f"{day:%d/%m}"


def _round_step(most: int) -> int:
    """Steps of 1, 2 or 5 and noughts, so that four or five of them reach the highest bar."""
    size = 1
    while True:
        for one in (1, 2, 5):
            if one * size * 5 >= most:
                return one * size
        size *= 10
