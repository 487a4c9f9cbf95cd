"""Changes to many questions at once, and taking questions out of use. Each leaves its trace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from quizzes.bank.models import Question

RETIRE, REUSE = "bank.retire", "bank.reuse"


@transaction.atomic
def retire(*, question: Question, why: str, user: Any = None) -> bool:
    """Take the question out of use: nothing new asks it, attempts keep it. False if it was out."""
    changed = Question.objects.filter(pk=question.pk, retired_at__isnull=True).update(
        retired_at=timezone.now(), retired_by=user, retired_why=why.strip()[:300]
    )
    question.refresh_from_db(fields=["retired_at", "retired_by", "retired_why"])
    if changed:
        log(instance=question, action=RETIRE, user=user, data={"why": question.retired_why})
    return bool(changed)


@transaction.atomic
def reuse(*, question: Question, user: Any = None) -> bool:
    """Put a retired question back into use. False if it was not retired."""
    changed = Question.objects.filter(pk=question.pk, retired_at__isnull=False).update(
        retired_at=None, retired_by=None, retired_why=""
    )
    question.refresh_from_db(fields=["retired_at", "retired_by", "retired_why"])
    if changed:
        log(instance=question, action=REUSE, user=user)
    return bool(changed)


@dataclass(frozen=True)
class Changes:
    """What is to be set in many questions; None leaves a field as it is."""

    topic: str | None = None
    difficulty: int | None = None
    objective: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    clear_days: bool = False
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    # publish, unpublish, retire or reuse; empty for none.
    then: str = ""
    why: str = ""

    def fields(self) -> dict[str, Any]:
        """The fields with their new values."""
        given = {
            name: getattr(self, name)
            for name in ("topic", "difficulty", "objective", "valid_from", "valid_until")
        }
        if self.clear_days:
            given |= {"valid_from": given["valid_from"], "valid_until": given["valid_until"]}
            return {
                name: value
                for name, value in given.items()
                if value is not None or name.startswith("valid_")
            }
        return {name: value for name, value in given.items() if value is not None}


@dataclass
class Edited:
    """What came of a change: how many questions, and which were refused with the reason."""

    changed: int = 0
    refused: list[tuple[Question, str]] = field(default_factory=list)


def edit_many(*, questions: Iterable[Question], changes: Changes, user: Any) -> Edited:
    """Change each question by itself: one that is refused takes nothing from the others.

    A question's draft and what is live of it get the same: nothing of this is part of a version,
    so attempts never notice. Each change is a revision and an entry of the log.
    """
    done = Edited()
    for question in questions:
        try:
            with transaction.atomic():
                done.changed += _edit(question, changes, user)
        except ValidationError as error:
            done.refused.append((question, " ".join(error.messages)))
    return done


def _edit(question: Question, changes: Changes, user: Any) -> bool:
    draft: Question = question.get_latest_revision_as_object()
    changed = _set(draft, changes)
    has_own_draft = question.live and question.has_unpublished_changes
    if changed:
        if has_own_draft and _set(question, changes):
            question.full_clean(exclude=["tags"])
            question.save()
        draft.full_clean(exclude=["tags"])
        revision = draft.save_revision(user=user, log_action=True)
        if question.live and not has_own_draft:
            revision.publish(user=user, skip_permission_checks=True)
        elif not question.live:
            # What the list shows of a draft lies in its row.
            draft.save()
    return _then(question, changes, user) or changed


def _set(question: Question, changes: Changes) -> bool:
    changed = False
    for name, value in changes.fields().items():
        if getattr(question, name) != value:
            setattr(question, name, value)
            changed = True
    if (
        question.valid_from and question.valid_until
    ) and question.valid_from > question.valid_until:
        raise ValidationError(_("Its days would end before they begin."))
    before = {tag.name for tag in question.tags.all()}
    after = (before | set(changes.add_tags)) - set(changes.remove_tags)
    if after != before:
        question.tags.set(sorted(after))
        changed = True
    return changed


def _then(question: Question, changes: Changes, user: Any) -> bool:
    """What follows the change of fields: publishing, taking back, retiring, using again."""
    current = Question.objects.get(pk=question.pk)
    if changes.then == "publish":
        return _publish(current, user)
    if changes.then == "unpublish" and current.live:
        current.unpublish(user=user)
        return True
    if changes.then == "retire":
        return retire(question=current, why=changes.why, user=user)
    if changes.then == "reuse":
        return reuse(question=current, user=user)
    return False


def _publish(question: Question, user: Any) -> bool:
    from quizzes.bank.content import content_from
    from quizzes.bank.kinds import get_kind

    if question.live and not question.has_unpublished_changes:
        return False
    draft: Question = question.get_latest_revision_as_object()
    get_kind(draft.kind).validate(content_from(draft))
    revision = question.get_latest_revision() or draft.save_revision(user=user)
    revision.publish(user=user)
    return True


def tag_names(text: str) -> tuple[str, ...]:
    """Tags typed one after the other with commas between, each once."""
    names: Sequence[str] = [" ".join(name.split()) for name in text.split(",")]
    return tuple(dict.fromkeys(name for name in names if name))
