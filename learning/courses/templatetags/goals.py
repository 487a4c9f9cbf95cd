from collections.abc import Collection
from functools import lru_cache
from typing import Any

from django import template

from learning.courses.goals import GOALS
from learning.courses.outline import GoalPlace
from learning.courses.ring import Segment, ring_segments, ring_ticks

register = template.Library()


@lru_cache(maxsize=512)
def _segments(lit: frozenset[int] | None, upcoming: frozenset[int]) -> list[Segment]:
    return ring_segments(size=400, outer=181, inner=147, lit=lit, upcoming=upcoming)


@lru_cache(maxsize=1)
def _ticks() -> str:
    return ring_ticks(size=400, radius=186)


@register.inclusion_tag("components/ring.html")
def goal_ring(
    lit: Collection[int | str] = (), upcoming: Collection[int | str] = ()
) -> dict[str, Any]:
    """The learner's ring: goals whose lessons were read are lit, those of the next are outlined."""
    return {
        "segments": _segments(frozenset(map(int, lit)), frozenset(map(int, upcoming))),
        "ticks": _ticks(),
        "count": len(lit),
        "total": len(GOALS),
    }


@register.inclusion_tag("components/ring_way.html")
def goal_ring_way(places: Collection[GoalPlace], lit: Collection[int | str] = ()) -> dict[str, Any]:
    """The ring as a way into lessons: each goal that is told of leads to its place.

    Goals whose lessons were read say so; all are coloured, as the ring is here to choose from.
    """
    found = {place.number: place for place in places}
    return {
        "ways": [
            (segment, found[segment.number], segment.number in set(map(int, lit)))
            for segment in _segments(None, frozenset())
            if segment.number in found
        ],
        "ticks": _ticks(),
        "count": len(found),
    }


@register.simple_tag
def all_goals_ring() -> list[Segment]:
    """All segments lit, for the hero's drawing (a square of 560)."""
    return ring_segments(size=560, outer=254, inner=210, lit=None)


@register.filter
def goal_name(number: int | str) -> Any:
    """The name of the goal with this number, in the reader's language."""
    return GOALS[int(number) - 1].name
