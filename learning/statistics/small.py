"""Groups too small to be told to who may not see the persons. Pure: paths and counts, no database.

A group of fewer than `SMALL` people is withheld, and so is everything from which it could be
reckoned: beside every withheld line of a table stands another one (the next smallest), until
those withheld are at least two and at least `SMALL` people together; and what lies below a
withheld unit is withheld too. What is withheld depends on the whole tree that a reader may ask
about and not on her question, so that no two of her answers give away what one of them withholds.

A line of nobody is told: it is zero. Answers about different days are not guarded against each
other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SMALL = 5


@dataclass(frozen=True)
class Withheld:
    """Paths of the units that are withheld with all below them, and of those whose own people
    (not those of units below) are."""

    units: frozenset[str] = frozenset()
    direct: frozenset[str] = frozenset()

    def __or__(self, other: Withheld) -> Withheld:
        return Withheld(self.units | other.units, self.direct | other.direct)

    def has(self, path: str, *, direct: bool = False) -> bool:
        """Whether this line is withheld."""
        return path in (self.direct if direct else self.units)


NOTHING_WITHHELD = Withheld()


def withhold(
    own: Mapping[str, int], *, top: str, step: int, forced: Withheld = NOTHING_WITHHELD
) -> Withheld:
    """What is not told of the tree at and below `top`.

    `own` are the people of each unit without those below it, by the unit's path, which grows by
    `step` characters a level; every unit of the tree is a key. `forced` is withheld for another
    reason, and guarded in the same way.
    """
    below: dict[str, list[str]] = defaultdict(list)
    whole = dict.fromkeys(own, 0)
    for path in sorted(own, key=len, reverse=True):
        whole[path] += own[path]
        parent = path[:-step]
        if path != top and parent in whole:
            whole[parent] += whole[path]
            below[parent].append(path)
    units: set[str] = set()
    direct: set[str] = set()

    def close(path: str) -> None:
        units.add(path)
        direct.add(path)
        for child in below[path]:
            close(child)

    def open_(path: str) -> None:
        lines = [(whole[child], child, False) for child in sorted(below[path])]
        lines.append((own[path], path, True))
        chosen = _chosen(lines, forced)
        for line in lines:
            _size, where, is_direct = line
            if is_direct:
                direct.update({where} if line in chosen else ())
            elif line in chosen:
                close(where)
            else:
                open_(where)

    if 0 < whole[top] < SMALL or forced.has(top):
        close(top)
    else:
        open_(top)
    return Withheld(frozenset(units), frozenset(direct))


Line = tuple[int, str, bool]


def _chosen(lines: Iterable[Line], forced: Withheld) -> set[Line]:
    """The lines of one table that are withheld."""
    lines = list(lines)
    chosen = {line for line in lines if 0 < line[0] < SMALL or forced.has(line[1], direct=line[2])}
    others = sorted(line for line in lines if line not in chosen and line[0])
    while others and _tells(chosen):
        chosen.add(others.pop(0))
    return chosen


def _tells(chosen: set[Line]) -> bool:
    """Whether the sum of what is withheld, which the table gives away, tells of a small group."""
    known = sum(size for size, _path, _direct in chosen)
    return known > 0 and (known < SMALL or sum(1 for line in chosen if line[0]) < 2)
