"""Erasing a person: foretold kind by kind, then done in one transaction, and noted as one act."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from learning.audit.actions import record
from learning.organisations.access import current_unit
from learning.privacy.kept import Fate, Kept, kinds
from learning.privacy.models import DataRequest
from learning.privacy.signals import person_erased

# What lists show in her place. Data, like the names of groups, and so not translated.
ERASED_NAME = "(Đã xóa dữ liệu cá nhân)"


class MayNotEraseError(Exception):
    """She runs the site: somebody takes that away from her first."""


@dataclass(frozen=True)
class Foretold:
    """What an erasure does with one kind; only kinds of which there is anything."""

    kept: Kept
    fate: Fate


def preview_erasure(person: Any) -> list[Foretold]:
    """What an erasure would do, without doing it."""
    told = [Foretold(kept, kept.fate(person)) for kept in kinds()]
    return [line for line in told if line.fate != Fate()]


@transaction.atomic
def erase_person(*, person: Any, by: Any | None, request: DataRequest | None = None) -> list[Fate]:
    """Erase what may go, make the rest nameless; she can log in no longer. Harmless repeated.

    One entry in the audit log tells how many rows of which kind, and nothing of their content.
    Raises `MayNotEraseError` for an administrator.
    """
    held = get_user_model()._default_manager.select_for_update().get(pk=person.pk)
    if held.is_superuser:
        raise MayNotEraseError
    unit = current_unit(held)
    told = [Foretold(kept, kept.fate(held)) for kept in kinds()]
    record(
        act="person-erased",
        by=by,
        about=held,
        unit=unit,
        request=request.pk if request else None,
        kinds={line.kept.slug: line.fate.as_details() for line in told if line.fate != Fate()},
    )
    for line in told:
        line.kept.erase(held)
    _close_requests(held, by=by)
    person_erased.send(sender=type(held), user=held)
    return [line.fate for line in told]


def _close_requests(person: Any, *, by: Any | None) -> None:
    """The erasure that was accepted is done; what else she had asked has no object any more."""
    DataRequest.objects.filter(
        person=person, kind=DataRequest.Kind.ERASURE, state=DataRequest.State.ACCEPTED
    ).update(state=DataRequest.State.DONE)
    DataRequest.objects.unanswered().filter(person=person).update(
        state=DataRequest.State.DONE, answered_at=timezone.now(), answered_by=by
    )
