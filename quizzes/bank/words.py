"""The words of a text, and how much two texts share of them. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from quizzes.bank.kinds.comparing import same_words

_WORD = re.compile(r"\w+")


def words_of(texts: Iterable[str]) -> str:
    """The different words of the texts without accents and capitals, sorted, with single spaces."""
    found = _WORD.findall(same_words(" ".join(texts), with_accents=False))
    return " ".join(sorted(set(found)))


def share(words: set[str], others: set[str]) -> float:
    """The Jaccard index of two sets of words: what they share of all they have; 0 for none."""
    together = len(words | others)
    return len(words & others) / together if together else 0.0
