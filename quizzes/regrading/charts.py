"""The distribution before and after as a small drawing; a table says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 120
STEP = 60
BAR = 24


@dataclass(frozen=True)
class Band:
    """A tenth of the percentage: how many attempts lie in it, and its bars in the drawing."""

    label: str
    before: int
    after: int
    x: str
    x_after: str
    middle: str
    y_before: str
    y_after: str
    height_before: str
    height_after: str

    @property
    def difference(self) -> int:
        """How many more there are afterwards."""
        return self.after - self.before


def bands(before: Sequence[int], after: Sequence[int]) -> list[Band]:
    """The bars of the drawing, from the lowest tenth to the highest."""
    most = max([1, *before, *after])
    found = []
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        low, high = round(old * HEIGHT / most), round(new * HEIGHT / most)
        left = place * STEP + 4
        last = place == len(before) - 1
        found.append(
            Band(
                label=f"{place * 10}–{100 if last else place * 10 + 9}",
                before=old,
                after=new,
                x=str(left),
                x_after=str(left + BAR + 2),
                middle=str(left + BAR + 1),
                y_before=str(HEIGHT - low + 6),
                y_after=str(HEIGHT - high + 6),
                height_before=str(low),
                height_after=str(high),
            )
        )
    return found
