"""What the search looks in: a row a language for every live lesson, every term and every source.

Rows follow from what they tell of, and signals keep them so; a lesson's place in its course and who
may see it are asked when somebody searches. Words are kept without marks, each between spaces, so
that a word is found by plain `LIKE` on SQLite and PostgreSQL alike.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import override
from wagtail.blocks import BaseStructBlock, Block, ChoiceBlock, ListBlock, MultipleChoiceBlock

from learning.courses.models import FindableText, LessonPage, Source, Term
from learning.vietnamese import nfc, search_key

WORD = re.compile(r"[^\W_]+")
_LANGUAGES = [code for code, _name in settings.LANGUAGES]
_FIELDS = ("title", "text", "title_words", "words")
# Practice questions would give their answers away; a picture's words are not read in the lesson.
_UNSEARCHED_BLOCKS = frozenset({"practice"})
_UNSEARCHED_FIELDS = frozenset({"alt"})
_ENDED = re.compile(r"(?<=[.!?:;…])\n")
_held: ContextVar[bool] = ContextVar("courses.findable.held", default=False)


# Vietnamese has some seven thousand syllables: each is looked at once in a process.
word_key = lru_cache(maxsize=10_000)(search_key)


def words_of(text: str) -> str:
    """The words of `text` without marks, each between single spaces: « so huu tri tue »."""
    return f" {' '.join(map(word_key, WORD.findall(nfc(text))))} "


# --- rows ---------------------------------------------------------------------------------------


def _row(
    kind: str, key: object, language: str, title: str, *, named: Iterable[str], texts: Iterable[str]
) -> FindableText:
    """A row; a hit in `named` counts as one in the title, `texts` are what a result shows."""
    # What ends without a full stop, a heading say, is told apart by a dash.
    text = _ENDED.sub(" ", "\n".join(nfc(piece) for piece in texts if piece.strip()))
    text = text.replace("\n", " – ")
    names = " ".join([title, *named])
    return FindableText(
        kind=kind,
        key=str(key),
        language=language,
        title=title[:300],
        text=text,
        title_words=words_of(names)[:400],
        words=words_of(f"{names} {text}"),
    )


def _lesson_row(lesson: LessonPage) -> FindableText:
    return _row(
        FindableText.Kind.LESSON,
        lesson.translation_key,
        lesson.locale.language_code,
        lesson.title,
        named=(),
        texts=[lesson.summary, *_body_texts(lesson)],
    )


def _body_texts(lesson: LessonPage) -> Iterator[str]:
    for child in lesson.body:
        if child.block_type not in _UNSEARCHED_BLOCKS:
            yield from _block_texts(child.block, child.value)


def _block_texts(block: Block, value: Any) -> Iterator[str]:
    """What is written in a block, without what is chosen in it from a list."""
    if isinstance(block, BaseStructBlock):
        for name, child in block.child_blocks.items():
            if name not in _UNSEARCHED_FIELDS:
                yield from _block_texts(child, value.get(name))
    elif isinstance(block, ListBlock):
        for item in value:
            yield from _block_texts(block.child_block, item)
    elif not isinstance(block, ChoiceBlock | MultipleChoiceBlock) and value is not None:
        yield from block.get_searchable_content(value)


def _term_rows(term: Term) -> Iterator[FindableText]:
    every = dict.fromkeys([term.term, *term.also, term.term_en, *term.also_en])
    for language in _LANGUAGES:
        with override(language):
            word, meaning = term.word, term.meaning
        others = [form for form in every if form and form != word]
        texts = [", ".join(others), meaning]
        yield _row(FindableText.Kind.TERM, term.key, language, word, named=others, texts=texts)


def _source_rows(source: Source) -> Iterator[FindableText]:
    issued = f"{source.issued_on:%d/%m/%Y}" if source.issued_on else ""
    facts = ", ".join(filter(None, [source.number, source.issuer, issued]))
    for language in _LANGUAGES:
        title, other = source_titles(source, language)
        named = [source.number, other]
        yield _row(
            FindableText.Kind.SOURCE, source.key, language, title, named=named, texts=[facts]
        )


def source_titles(source: Source, language: str) -> tuple[str, str]:
    """The source's title in `language`, and in the other one, "" where there is none of its own."""
    first, second = source.title, source.title_en
    if language == "en" and second:
        first, second = second, first
    return first, "" if second == first else second


# --- keeping them -------------------------------------------------------------------------------


@transaction.atomic
def rebuild_findable() -> None:
    """Make the rows what they ought to be; writes only those that differ."""
    wanted: dict[tuple[str, str, str], FindableText] = {}
    for lesson in LessonPage.objects.live().select_related("locale").order_by("path"):
        _want(wanted, [_lesson_row(lesson)])
    for term in Term.objects.order_by("pk"):
        _want(wanted, _term_rows(term))
    for source in Source.objects.order_by("pk"):
        _want(wanted, _source_rows(source))
    kept = {_identity(row): row for row in FindableText.objects.all()}
    changed = []
    for identity, row in kept.items():
        if identity in wanted and _differ(row, wanted[identity]):
            row_now = wanted[identity]
            row_now.pk = row.pk
            changed.append(row_now)
    gone = [row.pk for identity, row in kept.items() if identity not in wanted]
    FindableText.objects.filter(pk__in=gone).delete()
    FindableText.objects.bulk_update(changed, _FIELDS, batch_size=100)
    FindableText.objects.bulk_create(
        [row for identity, row in wanted.items() if identity not in kept], batch_size=100
    )


def _want(wanted: dict[tuple[str, str, str], FindableText], rows: Iterable[FindableText]) -> None:
    wanted.update((_identity(row), row) for row in rows)


def _identity(row: FindableText) -> tuple[str, str, str]:
    return row.kind, row.key, row.language


def _differ(row: FindableText, other: FindableText) -> bool:
    return any(getattr(row, name) != getattr(other, name) for name in _FIELDS)


@contextmanager
def rebuilt_once() -> Iterator[None]:
    """Write many things inside: the rows are made anew once at the end, not with each of them."""
    token = _held.set(True)
    try:
        yield
    finally:
        _held.reset(token)
    if not _held.get():
        rebuild_findable()


def _save(rows: Iterable[FindableText]) -> None:
    for row in rows:
        FindableText.objects.update_or_create(
            kind=row.kind,
            key=row.key,
            language=row.language,
            defaults={name: getattr(row, name) for name in _FIELDS},
        )


def _forget(kind: str, key: object, **where: str) -> None:
    FindableText.objects.filter(kind=kind, key=str(key), **where).delete()


# --- receivers, connected in receivers.py -------------------------------------------------------


def lesson_published(*, instance: LessonPage, **_signal: object) -> None:
    """A lesson went live, or another text of it."""
    if not _held.get():
        _save([_lesson_row(instance)])


def lesson_gone(*, instance: LessonPage, **_signal: object) -> None:
    """A lesson was unpublished, as it also is when it is deleted."""
    _forget(
        FindableText.Kind.LESSON,
        instance.translation_key,
        language=instance.locale.language_code,
    )


def term_saved(*, instance: Term, **_signal: object) -> None:
    """A term is new or another."""
    if not _held.get():
        _save(_term_rows(instance))


def term_gone(*, instance: Term, **_signal: object) -> None:
    """A term was deleted."""
    _forget(FindableText.Kind.TERM, instance.key)


def source_saved(*, instance: Source, **_signal: object) -> None:
    """A source is new or another."""
    if not _held.get():
        # As it is stored: a date that was given as text is a date now.
        _save(_source_rows(Source.objects.get(pk=instance.pk)))


def source_gone(*, instance: Source, **_signal: object) -> None:
    """A source was deleted."""
    _forget(FindableText.Kind.SOURCE, instance.key)
