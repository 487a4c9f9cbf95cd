"""The content of question versions. A version never changes, so what was read once is kept."""

from __future__ import annotations

from collections.abc import Iterable

from quizzes.bank.content import QuestionContent
from quizzes.bank.models import QuestionVersion

# Some 2 KB each, in every process.
_MOST = 4000
_kept: dict[int, QuestionContent] = {}


def read_contents(version_ids: Iterable[int]) -> dict[int, QuestionContent]:
    """The contents of these versions by id, not to be changed; one query at most."""
    wanted = set(version_ids)
    found = {pk: _kept[pk] for pk in wanted & _kept.keys()}
    if missing := wanted - found.keys():
        rows = QuestionVersion.objects.filter(pk__in=missing).values_list("pk", "content")
        news = dict(rows)
        if len(_kept) + len(news) > _MOST:
            forget_contents()
        _kept.update(news)
        found |= news
    return found


def forget_contents() -> None:
    """Read everything anew: for tests, whose rows are rolled back."""
    _kept.clear()
