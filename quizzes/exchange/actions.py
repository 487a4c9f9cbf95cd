"""Writes of the exchange: keeping a file, choosing of it, writing the chosen into the bank."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quizzes.bank.actions import save_question
from quizzes.bank.models import Question
from quizzes.bank.models.questions import new_question_key
from quizzes.exchange.access import may_import, may_publish, may_update
from quizzes.exchange.base import Entry, FileError
from quizzes.exchange.checking import SKIP, Checked, check_entries, picture_files
from quizzes.exchange.formats import all_formats
from quizzes.exchange.models import Import
from quizzes.exchange.recognising import recognise

MOST_BYTES = 10 * 1024 * 1024
MOST_QUESTIONS = 5000
KEPT = timedelta(days=7)


def read_file(*, data: bytes, format: str) -> list[Entry]:
    """The entries of a file; `FileError` if it is none of this format, is empty or too long."""
    entries = all_formats()[format].read(data)
    if not entries:
        raise FileError(_("There are no questions in the file."))
    if len(entries) > MOST_QUESTIONS:
        raise FileError(
            _("The file has %(count)s questions; at most %(most)s come in at once.")
            % {"count": len(entries), "most": MOST_QUESTIONS}
        )
    return entries


@transaction.atomic
def keep_file(
    *, user: Any, data: bytes, name: str = "", format: str = "", topic: str = "", known: str = SKIP
) -> Import:
    """Keep an uploaded file, and forget those that are old. Without `format` it is recognised.

    Raises `FileError` for a file that cannot be read at all.
    """
    if len(data) > MOST_BYTES:
        raise FileError(_("The file is larger than 10 MB."))
    format = format or recognise(name, data)
    read_file(data=data, format=format)
    remove_old_imports()
    return Import.objects.create(
        user=user, data=data, name=name[:200], format=format, topic=topic, known=known
    )


def remove_old_imports() -> int:
    """Delete what was uploaded more than a week ago; how many there were."""
    return Import.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def check_import(found: Import, user: Any) -> list[Checked]:
    """Every entry of the file, checked. Who may not change questions updates none."""
    known = found.known if may_update(user) else SKIP
    entries = read_file(data=bytes(found.data), format=found.format)
    return check_entries(entries, topic=found.topic, known=known)


def chosen_of(found: Import, checked: list[Checked]) -> set[int]:
    """The places of the entries chosen: until somebody chose, those without errors and notes."""
    if found.chosen is None:
        return {one.index for one in checked if one.is_clear}
    return {one.index for one in checked if one.can_be_chosen} & set(found.chosen)


@transaction.atomic
def choose(*, found: Import, chosen: Collection[int]) -> None:
    """Keep which entries are chosen; nothing for an import that was applied."""
    Import.objects.filter(pk=found.pk, applied_at=None).update(chosen=sorted(chosen))
    found.chosen = sorted(chosen)


@transaction.atomic
def set_reading(*, found: Import, format: str, topic: str, known: str) -> None:
    """Read the file otherwise; the choice begins anew. `FileError` if it cannot be read so."""
    read_file(data=bytes(found.data), format=format)
    Import.objects.filter(pk=found.pk, applied_at=None).update(
        format=format, topic=topic, known=known, chosen=None
    )
    found.refresh_from_db()


@transaction.atomic
def apply_import(*, found: Import, user: Any, publish: bool = False) -> list[int]:
    """Write the entries chosen into the bank, all or none; the ids of the questions.

    Applied again it writes nothing and gives the same ids. Without the right to publish all are
    drafts. Raises `PermissionDenied` for somebody else's import, `ValidationError` if nothing is
    chosen or the bank refuses an entry, with its line.
    """
    if found.user_id != user.pk or not may_import(user):
        raise PermissionDenied
    locked = Import.objects.select_for_update().get(pk=found.pk)
    if locked.applied_at is not None:
        return list(locked.result or ())
    checked = check_import(locked, user)
    chosen = chosen_of(locked, checked)
    if not chosen:
        raise ValidationError(_("Choose at least one question."))
    rows = [one for one in checked if one.index in chosen]
    present = Question.objects.in_bulk([one.known for one in rows if one.known])
    publish = publish and may_publish(user)
    written = [_write(one, present.get(one.known or 0), user, publish) for one in rows]
    locked.applied_at, locked.result = timezone.now(), written
    locked.save(update_fields=["applied_at", "result"])
    return written


def _write(one: Checked, present: Question | None, user: Any, publish: bool) -> int:
    """Save one question; what no file says of a question stays as it is."""
    draft = one.entry.draft
    assert draft is not None
    kept: dict[str, Any] = {}
    if present:
        kept = {
            name: getattr(present, name) for name in ("source_keys", "valid_from", "valid_until")
        }
    try:
        question = save_question(
            key=draft.key or new_question_key(),
            kind=draft.kind,
            prompt=draft.prompt,
            prompt_en=draft.prompt_en,
            options=draft.options,
            explanation=draft.explanation,
            explanation_en=draft.explanation_en,
            sources=draft.sources,
            reference=draft.reference,
            objective=draft.objective,
            difficulty=draft.difficulty,
            topic=draft.topic,
            tags=draft.tags or None,
            settings=draft.settings,
            picture=draft.picture,
            pictures=picture_files(draft),
            user=user,
            publish=publish,
            **kept,
        )
    except ValidationError as error:
        raise ValidationError(
            [f"{_('Line')} {one.entry.line}: {message}" for message in error.messages]
        ) from error
    return int(question.pk)
