"""Writes: people are told things, once; what they see and wish is kept."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from learning.audit.actions import record
from learning.notices.kinds import get_kind
from learning.notices.models import DeadAddress, Letter, Notice, Unsubscription
from learning.notices.times import next_allowed

# What comes within this time of the first goes into the same letter.
GATHER = datetime.timedelta(minutes=5)
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Told:
    """One notice to be: `key` is its name for ever; `facts` must be JSON; `link` a path.

    `required` (None: as its kind) says that she is mailed whatever she wishes.
    """

    person_id: int
    key: str
    facts: dict[str, Any] = field(default_factory=dict)
    link: str = ""
    required: bool | None = None


def tell(
    *, kind: str, people: Iterable[Told], by_mail: bool = True, at: datetime.datetime | None = None
) -> int:
    """Tell people something; the number of notices that are new.

    A key that exists already is left as it is: the same call twice tells once. Mail goes out from
    `at` on (now), gathered for some minutes and outside quiet hours. Raises `KeyError` for a kind
    that is not registered.
    """
    required = get_kind(kind).required
    start = at or timezone.now()
    notices = [
        Notice(
            person_id=one.person_id,
            kind=kind,
            key=one.key,
            facts=one.facts,
            link=one.link,
            required=required if one.required is None else one.required,
            by_mail=by_mail,
            not_before=next_allowed(start + GATHER),
        )
        for one in people
    ]
    with transaction.atomic():
        made = 0
        for first in range(0, len(notices), _BATCH):
            made += _insert(notices[first : first + _BATCH])
        if made and by_mail:
            transaction.on_commit(lambda: _wake(notices[0].not_before))
    return made


def _insert(notices: list[Notice]) -> int:
    """Insert those whose key is new. The unique key decides between two that come at once."""
    keys = [notice.key for notice in notices]
    known = set(Notice.objects.filter(key__in=keys).values_list("key", flat=True))
    fresh = {notice.key: notice for notice in notices if notice.key not in known}
    Notice.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    return len(fresh)


def _wake(at: datetime.datetime) -> None:
    from learning.notices.tasks import deliver

    if deliver.get_backend().supports_defer:
        deliver.using(run_after=at).enqueue()


def mark_seen(*, person: Any) -> int:
    """The person has looked at her list; the number of notices that were new to her."""
    unseen = Notice.objects.filter(person=person, seen_at__isnull=True)
    return unseen.update(seen_at=timezone.now())


@transaction.atomic
def set_unsubscribed(*, person_id: int, kinds: Iterable[str], of: Iterable[str]) -> None:
    """Of the kinds `of`, mail the person all but `kinds`. Required kinds cannot be left."""
    asked = {slug for slug in of if not get_kind(slug).required}
    left = asked & set(kinds)
    Unsubscription.objects.filter(person_id=person_id, kind__in=asked - left).delete()
    Unsubscription.objects.bulk_create(
        [Unsubscription(person_id=person_id, kind=slug) for slug in sorted(left)],
        ignore_conflicts=True,
    )


@transaction.atomic
def note_bounce(*, address: str, reason: str) -> None:
    """Nobody is reached at the address: nothing more is mailed there until HR corrects it."""
    DeadAddress.objects.get_or_create(address=address.lower(), defaults={"reason": reason[:500]})
    Letter.objects.alias(bare=Lower("address")).filter(
        bare=address.lower(), state__in=[Letter.State.QUEUED, Letter.State.SENT]
    ).update(state=Letter.State.BOUNCED, error=reason[:500])


@transaction.atomic
def resend(*, letter: Letter, by: Any = None) -> bool:
    """Queue a failed or bounced letter again; its address is taken as reachable. False if it is
    in neither state. `by` stands in the audit log."""
    changed = Letter.objects.filter(
        pk=letter.pk, state__in=[Letter.State.FAILED, Letter.State.BOUNCED]
    ).update(
        state=Letter.State.QUEUED,
        attempts=0,
        error="",
        sent_at=None,
        handed_at=None,
        next_try_at=next_allowed(timezone.now()),
    )
    if changed:
        record(act="letter-sent-again", by=by, about=letter, error=letter.error)
        DeadAddress.objects.filter(address=letter.address.lower()).delete()
        transaction.on_commit(lambda: _wake(next_allowed(timezone.now())))
    return bool(changed)
