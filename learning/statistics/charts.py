"""Where the bars of the charts lie. Numbers leave here as text: SVG wants points, not commas."""

from collections.abc import Sequence
from dataclasses import dataclass

from learning.statistics.figures import Figures
from learning.statistics.queries import GoalProgress, Row

WIDTH, LEFT, BAR_WIDTH = 1080, 230, 710
ROW_HEIGHT, BAR_HEIGHT, TOP = 40, 22, 4
MOST_ROWS = 30
LABEL_LETTERS = 27


@dataclass(frozen=True)
class Part:
    """One rectangle of a bar; `kind` 1 completed, 2 in progress, 3 not started."""

    kind: int
    x: str
    width: str


@dataclass(frozen=True)
class Bar:
    """One unit's line: for the wide chart in its units, for the narrow one in percent."""

    row: Row
    label: str
    y: int
    text_y: int
    parts: tuple[Part, ...]
    narrow: tuple[Part, ...]


@dataclass(frozen=True)
class Tick:
    """One line of the scale."""

    x: str
    label: str


@dataclass(frozen=True)
class StackedChart:
    """Shares of completed, in progress and not started; `left_out` rows are in the table only."""

    bars: tuple[Bar, ...]
    height: int
    bottom: int
    ticks: tuple[Tick, ...]
    left_out: int
    width: int = WIDTH


def stacked_chart(rows: Sequence[Row]) -> StackedChart:
    """The chart of these rows, the empty ones and those beyond the thirtieth left out."""
    full = [row for row in rows if row.figures.assigned]
    drawn = full[:MOST_ROWS]
    bottom = TOP + ROW_HEIGHT * len(drawn) + 2
    return StackedChart(
        bars=tuple(
            Bar(
                row=row,
                label=_shorten(row.unit.label),
                y=TOP + 5 + ROW_HEIGHT * place,
                text_y=TOP + 21 + ROW_HEIGHT * place,
                parts=_parts(row.figures, left=LEFT, width=BAR_WIDTH, gap=1.5),
                narrow=_parts(row.figures, left=0, width=100, gap=0.6),
            )
            for place, row in enumerate(drawn)
        ),
        height=bottom + 28,
        bottom=bottom,
        ticks=tuple(
            Tick(x=f"{LEFT + BAR_WIDTH * share / 100:.1f}", label=f"{share}%")
            for share in (0, 25, 50, 75, 100)
        ),
        left_out=len(full) - len(drawn),
    )


@dataclass(frozen=True)
class GoalChart:
    """A bar of 100 with what is done and a line at the target, in percent of the staff."""

    done: str
    target: str


def goal_chart(goal: GoalProgress) -> GoalChart:
    """The bar of one goal."""
    return GoalChart(done=f"{goal.percent or 0:.1f}", target=f"{goal.target_percent:.1f}")


def _parts(figures: Figures, *, left: float, width: float, gap: float) -> tuple[Part, ...]:
    counts = (figures.completed, figures.in_progress, figures.not_started)
    parts = []
    x = left
    for kind, count in enumerate(counts, start=1):
        share = width * count / figures.assigned
        if count:
            parts.append(Part(kind, f"{x:.2f}", f"{max(share - gap, 0.4):.2f}"))
        x += share
    return tuple(parts)


def _shorten(label: str) -> str:
    return label if len(label) <= LABEL_LETTERS else f"{label[: LABEL_LETTERS - 1].rstrip()}…"
