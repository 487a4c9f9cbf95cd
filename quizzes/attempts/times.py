"""Giving time: to one person beyond the rules of a quiz, to everybody after an outage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quizzes.attempts.entering import terms_of
from quizzes.attempts.models import Allowance, Attempt, Extension, Incident
from quizzes.attempts.models.times import LONGEST_OUTAGE
from quizzes.attempts.tasks import hand_in_later

# Attempts extended by one statement.
CHUNK = 1000


@transaction.atomic
def allow(*, allowance: Allowance, user: Any = None) -> Allowance:
    """Save what a person may beyond the rules, and move the deadline of her open attempt by it.

    A deadline is only ever moved back in time by taking an allowance smaller, and then never to
    before now. Raises `ValidationError`.
    """
    if user is not None and allowance.given_by_id is None:
        allowance.given_by = user
    allowance.full_clean()
    allowance.save()
    running = (
        Attempt.objects.select_for_update(no_key=True)
        .filter(
            taker_id=allowance.taker_id,
            quiz_id=allowance.quiz_id,
            state=Attempt.State.IN_PROGRESS,
        )
        .first()
    )
    if running is not None:
        _set_deadline(running, allowance)
    return allowance


def _set_deadline(attempt: Attempt, allowance: Allowance) -> None:
    terms = terms_of(taker_id=attempt.taker_id, quiz=allowance.quiz)
    deadline = terms.deadline(attempt.started_at)
    if deadline is not None:
        back = sum(attempt.extensions.values_list("seconds", flat=True))
        deadline = max(deadline + timedelta(seconds=back), timezone.now())
    attempt.attempts_allowed = terms.attempts_allowed
    attempt.deadline = deadline
    attempt.save(update_fields=["attempts_allowed", "deadline"])
    if deadline is not None:
        hand_in_later(attempt)


@dataclass(frozen=True)
class Outage:
    """What declaring an outage would do: how many attempts get time, how many a further attempt."""

    extended: int
    repeated: int


def check_outage(*, began_at: datetime, ended_at: datetime, now: datetime) -> None:
    """Raise `ValidationError` for a span that cannot have been an outage."""
    faults: dict[str, str] = {}
    if began_at > now:
        faults["began_at"] = _("An outage is declared when it has begun.")
    if ended_at > now:
        faults["ended_at"] = _("An outage is declared when it is over.")
    elif ended_at <= began_at:
        faults["ended_at"] = _("The outage ends before it begins.")
    elif ended_at - began_at > LONGEST_OUTAGE:
        faults["ended_at"] = _("After more than a week give the quizzes another closing time.")
    if faults:
        raise ValidationError(faults)


def preview_outage(*, began_at: datetime, ended_at: datetime) -> Outage:
    """What declaring the outage would do now; two queries, nothing is written."""
    return Outage(
        extended=_open_during(began_at, ended_at).count(),
        repeated=_cut_off(began_at, ended_at).count(),
    )


@transaction.atomic
def declare_outage(
    *, began_at: datetime, ended_at: datetime, message: str, user: Any
) -> tuple[Incident, Outage]:
    """Give every attempt the minutes it lost, all or none; the incident and what was done.

    An attempt that was open gets the part of the outage that lay after its start. One that the
    clock handed in because of it stays handed in, and its taker may make one more. Whoever handed
    in herself lost nothing. Raises `ValidationError`, also for an outage declared already or
    overlapping one that is.
    """
    check_outage(began_at=began_at, ended_at=ended_at, now=timezone.now())
    other = Incident.objects.filter(began_at__lt=ended_at, ended_at__gt=began_at).first()
    if other is not None:
        raise ValidationError(
            _("An outage in this time has been declared already: %(outage)s."),
            params={"outage": other},
        )
    incident = Incident.objects.create(
        began_at=began_at, ended_at=ended_at, message=message, declared_by=user
    )
    extended = 0
    running = _open_during(began_at, ended_at).select_for_update(no_key=True)
    for attempts in _chunks(running):
        extended += len(attempts)
        for attempt in attempts:
            lost = ended_at - max(began_at, attempt.started_at)
            assert attempt.deadline is not None
            attempt.deadline += lost
        Extension.objects.bulk_create(
            Extension(
                incident=incident,
                attempt=attempt,
                seconds=(ended_at - max(began_at, attempt.started_at)) // timedelta(seconds=1) or 1,
            )
            for attempt in attempts
        )
        Attempt.objects.bulk_update(attempts, ["deadline"])
        for attempt in attempts:
            hand_in_later(attempt)
    repeated = Extension.objects.bulk_create(
        [
            Extension(incident=incident, attempt_id=pk, gives_attempt=True)
            for pk in _cut_off(began_at, ended_at).values_list("pk", flat=True)
        ],
        batch_size=CHUNK,
    )
    return incident, Outage(extended=extended, repeated=len(repeated))


def _open_during(began_at: datetime, ended_at: datetime) -> QuerySet[Attempt]:
    """Attempts with a deadline that were open in the outage and still are."""
    return Attempt.objects.filter(
        state=Attempt.State.IN_PROGRESS, started_at__lt=ended_at, deadline__gt=began_at
    ).order_by("pk")


def _cut_off(began_at: datetime, ended_at: datetime) -> QuerySet[Attempt]:
    """Attempts that the clock handed in, open in the outage, not passed."""
    return (
        Attempt.objects.filter(
            Q(passed=False) | Q(passed__isnull=True),
            started_at__lt=ended_at,
            deadline__gt=began_at,
            submitted_at__gte=F("deadline"),
        )
        .exclude(state=Attempt.State.IN_PROGRESS)
        .order_by("pk")
    )


def _chunks(found: QuerySet[Attempt]) -> Iterator[list[Attempt]]:
    """The attempts a thousand at a time, each once, though their deadlines change meanwhile."""
    last = 0
    while chunk := list(found.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        yield chunk
