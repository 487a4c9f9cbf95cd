"""Questions of the bank as drafts, for a format to write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from quizzes.bank.content import OptionSpec, parse_sources
from quizzes.bank.models import Question
from quizzes.exchange.base import Draft

_OPTION_TEXTS = ("text", "why", "text_en", "why_en", "match", "match_en")
# Fields that other kinds of question bring with them.
_OPTION_MORE = ("gap", "pinned", "points", "area")


def questions_for(
    *, topic: str = "", kind: str = "", quiz: int | None = None, ids: Sequence[int] = ()
) -> QuerySet[Question]:
    """The questions that fit all of these, by topic and key."""
    found = Question.objects.order_by("topic", "key")
    if topic:
        found = found.filter(topic=topic)
    if kind:
        found = found.filter(kind=kind)
    if quiz is not None:
        found = found.filter(pk__in=Question.objects.filter(places__quiz_id=quiz).values("pk"))
    return found.filter(pk__in=ids) if ids else found


def drafts_of(questions: QuerySet[Question]) -> list[Draft]:
    """The questions as drafts, as their editors see them; three queries."""
    return [_draft(one) for one in questions.prefetch_related("options", "tagged_items__tag")]


def _draft(question: Question) -> Draft:
    return Draft(
        kind=question.kind,
        prompt=question.prompt,
        options=_options(question.options.all()),
        key=question.key,
        topic=question.topic,
        tags=sorted(item.tag.name for item in question.tagged_items.all()),
        difficulty=question.difficulty,
        objective=question.objective,
        reference=question.reference,
        prompt_en=question.prompt_en,
        explanation=question.explanation,
        explanation_en=question.explanation_en,
        sources=parse_sources(question.sources_text),
        settings=dict(question.settings),
    )


def _options(rows: Iterable[object]) -> list[OptionSpec]:
    options = []
    for row in rows:
        option = {name: getattr(row, name) for name in _OPTION_TEXTS if getattr(row, name)}
        option |= {name: value for name in _OPTION_MORE if (value := getattr(row, name, None))}
        option["key"], option["right"] = getattr(row, "key", ""), getattr(row, "is_right", False)
        options.append({"text": "", **option})
    return options  # type: ignore[return-value]
