"""Whether what a file says can be asked, and whether the bank has it already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from quizzes.bank.actions import read_pictures
from quizzes.bank.content import QuestionContent, content_of
from quizzes.bank.kinds import get_kind, kind_names
from quizzes.bank.models import Question
from quizzes.bank.pictures import PictureFile
from quizzes.bank.words import words_of
from quizzes.exchange.base import Draft, Entry

UPDATE, SKIP = "update", "skip"
_FIELDS = ("key", "topic", "objective", "reference", "difficulty", "kind")
_MOST_TAG = 100
# What a database or a JSON text cannot hold.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Checked:
    """An entry with everything there is to say about it; `index` is its place, from 0.

    `known` is the id of the question it updates. Without errors there is a draft and a content.
    """

    index: int
    entry: Entry
    content: QuestionContent | None
    errors: tuple[str, ...]
    notes: tuple[str, ...]
    known: int | None = None

    @property
    def can_be_chosen(self) -> bool:
        """Whether it may be written at all."""
        return not self.errors

    @property
    def is_clear(self) -> bool:
        """Whether it is chosen without a person's having looked at it."""
        return not self.errors and not self.notes


@dataclass(frozen=True)
class Present:
    """A question that the bank has."""

    pk: int
    key: str
    prompt: str
    locked: bool


def check_entries(
    entries: Sequence[Entry], *, topic: str = "", known: str = UPDATE
) -> list[Checked]:
    """Each entry, checked; three queries. `topic` is for those that name none."""
    drafts = [entry.draft for entry in entries if entry.draft]
    keys = {draft.key for draft in drafts if draft.key}
    by_key = {one.key: one for one in _present(key__in=keys)} if keys else {}
    words = {words_of([draft.prompt]) for draft in drafts} - {""}
    by_words = _by_words(words)
    seen_keys: dict[str, int] = {}
    seen_contents: dict[str, int] = {}
    checked = []
    for index, entry in enumerate(entries):
        errors, notes = list(entry.errors), list(entry.notes)
        content, found = None, None
        if entry.draft:
            place_topic(entry.draft, topic)
            content = _content(entry.draft, errors)
            notes += _repeated(entry, seen_keys, seen_contents, errors)
            found = by_key.get(entry.draft.key)
            notes += _in_bank(entry.draft, found, by_words, known, errors)
        checked.append(
            Checked(
                index=index,
                entry=entry,
                content=content if not errors else None,
                errors=tuple(errors),
                notes=tuple(notes),
                known=found.pk if found else None,
            )
        )
    return checked


def picture_files(draft: Draft) -> dict[str, PictureFile]:
    """The draft's pictures as the bank takes them, by their names in the file."""
    return {one.name: PictureFile(one.data, one.alt) for one in draft.pictures}


def place_topic(draft: Draft, topic: str) -> None:
    """Give the draft this topic if it names none."""
    draft.topic = draft.topic or topic


def _present(**where: Any) -> Iterator[Present]:
    rows = Question.objects.filter(**where).order_by("pk")
    names = ("pk", "key", "prompt", "locked")
    return (Present(**row) for row in rows.values(*names))


def _by_words(words: set[str]) -> dict[str, Present]:
    """Questions of the bank that say the same, by their words."""
    if not words:
        return {}
    counts = {len(one.split()) for one in words}
    rows = Question.objects.filter(word_count__in=counts, words__in=words).order_by("-pk")
    return {
        text: Present(pk, key, prompt, locked)
        for text, pk, key, prompt, locked in rows.values_list(
            "words", "pk", "key", "prompt", "locked"
        )
    }


def _content(draft: Draft, errors: list[str]) -> QuestionContent | None:
    """The content as it would be frozen; what keeps it from being asked goes to `errors`."""
    if any(_UNSTORABLE.search(text) for text in _texts(vars(draft))):
        errors.append(_("It holds characters that cannot be stored."))
        return None
    if draft.kind not in kind_names():
        errors.append(_("Unknown kind of question: %(kind)s") % {"kind": draft.kind})
        return None
    kind = get_kind(draft.kind)
    content = None
    try:
        kept = kind.clean_settings(draft.settings)
        read = read_pictures(
            picture=draft.picture, options=draft.options, files=picture_files(draft)
        )
        content = content_of(
            kind=draft.kind,
            prompt=draft.prompt,
            prompt_en=draft.prompt_en,
            explanation=draft.explanation,
            explanation_en=draft.explanation_en,
            sources=draft.sources,
            options=draft.options,
            settings=kept,
            picture=draft.picture,
            pictures=read.texts,
        )
        kind.validate(content)
    except ValidationError as error:
        errors.extend(error.messages)
    except ValueError:
        errors.append(_("A question cannot have that many options."))
    errors.extend(_field_faults(draft))
    return content


def _texts(value: Any) -> Iterator[str]:
    """Every text anywhere in `value`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _field_faults(draft: Draft) -> Iterator[str]:
    """What of its fields the bank's columns refuse."""
    given = {name: getattr(draft, name) for name in _FIELDS}
    if not draft.key:
        given.pop("key")
    question = Question(**given)
    names = {field.name for field in question._meta.get_fields()}
    try:
        question.clean_fields(exclude=names - set(given) - {""})
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            label = capfirst(str(getattr(question._meta.get_field(name), "verbose_name", name)))
            yield from (f"{label}: {message}" for message in messages)
    if any(len(tag) > _MOST_TAG for tag in draft.tags):
        yield _("A tag has at most %(most)s characters.") % {"most": _MOST_TAG}


def _repeated(
    entry: Entry, keys: dict[str, int], contents: dict[str, int], errors: list[str]
) -> Iterable[str]:
    """What the file has twice: a key is an error, the same words are worth a look."""
    draft = entry.draft
    assert draft is not None
    if draft.key and draft.key in keys:
        errors.append(
            _("The key «%(key)s» stands already at line %(line)s.")
            % {"key": draft.key, "line": keys[draft.key]}
        )
    keys.setdefault(draft.key, entry.line)
    words = " / ".join([words_of([draft.prompt]), *(o.get("text", "") for o in draft.options)])
    first = contents.setdefault(words, entry.line)
    if first != entry.line:
        return [_("Says the same as the question at line %(line)s.") % {"line": first}]
    return []


def _in_bank(
    draft: Draft,
    found: Present | None,
    by_words: dict[str, Present],
    known: str,
    errors: list[str],
) -> Iterable[str]:
    notes = []
    if found:
        if known == SKIP:
            errors.append(_("The bank has this key already: skipped."))
        elif found.locked:
            errors.append(_("The question with this key is locked."))
        else:
            notes.append(
                _("Updates «%(prompt)s»; what the file does not say becomes empty.")
                % {"prompt": found.prompt[:80]}
            )
        return notes
    twin = by_words.get(words_of([draft.prompt]))
    if twin:
        notes.append(
            _("The bank has a question of the same words: «%(prompt)s» (%(key)s).")
            % {"prompt": twin.prompt[:80], "key": twin.key}
        )
    return notes
