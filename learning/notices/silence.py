"""Whom nothing but required messages is mailed, as the packages above know it."""

from collections.abc import Callable, Collection

_known: list[Callable[[Collection[int]], set[int]]] = []


def register_silence(among: Callable[[Collection[int]], set[int]]) -> None:
    """`among` gives those of some people who are mailed nothing optional; from an app's `ready`."""
    if among not in _known:
        _known.append(among)


def silent_among(people: Collection[int]) -> set[int]:
    """Those of these people; as many queries as packages have registered."""
    return {person for among in _known for person in among(people)}
