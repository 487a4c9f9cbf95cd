"""Questions of the bank as drafts, for a format to write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db.models import QuerySet

from quizzes.bank.content import OptionSpec, parse_sources
from quizzes.bank.models import Picture as BankPicture
from quizzes.bank.models import Question
from quizzes.exchange.base import Draft, Picture

_MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg"}
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
    """The questions as drafts, as their editors see them; four queries, and their pictures' files.

    A picture that several questions show is read once.
    """
    files: dict[str, Picture] = {}
    rows = questions.select_related("picture")
    return [
        _draft(one, files) for one in rows.prefetch_related("options__picture", "tagged_items__tag")
    ]


def _draft(question: Question, files: dict[str, Picture]) -> Draft:
    shown = [one for one in (question, *question.options.all()) if one.picture is not None]
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
        picture=_name_of(question.picture),
        pictures=[
            replace(_file(one.picture, files), alt=one.alt)
            for one in shown
            if one.picture is not None
        ],
    )


def _name_of(picture: BankPicture | None) -> str:
    """Its name in a file: the beginning of its digest tells pictures of one file apart."""
    return f"{picture.digest[:16]}.{picture.format}" if picture is not None else ""


def _file(picture: BankPicture, files: dict[str, Picture]) -> Picture:
    name = _name_of(picture)
    if name not in files:
        with picture.file.open("rb") as stored:
            files[name] = Picture(name, stored.read(), _MEDIA_TYPES[picture.format])
    return files[name]


def _options(rows: Iterable[object]) -> list[OptionSpec]:
    options = []
    for row in rows:
        option = {name: getattr(row, name) for name in _OPTION_TEXTS if getattr(row, name)}
        option |= {name: value for name in _OPTION_MORE if (value := getattr(row, name, None))}
        if name := _name_of(getattr(row, "picture", None)):
            option["picture"] = name
        option["key"], option["right"] = getattr(row, "key", ""), getattr(row, "is_right", False)
        options.append({"text": "", **option})
    return options  # type: ignore[return-value]
