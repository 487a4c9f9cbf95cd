"""Handing in by the clock, when time is over and nobody has pressed the button."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from quizzes.attempts.models import Attempt

log = logging.getLogger(__name__)

# A worker that comes so late was not running: perhaps nothing was, and an administrator will
# want to give the lost minutes back before attempts are closed for good.
LATE = timedelta(minutes=3)
WAIT_AFTER_OUTAGE = timedelta(minutes=15)


def hand_in_later(attempt: Attempt) -> None:
    """Have the attempt handed in when its last moment has passed, once this transaction is kept."""
    moment = attempt.last_moment
    assert moment is not None
    later = hand_in_when_over.using(run_after=moment + timedelta(seconds=1))
    transaction.on_commit(partial(later.enqueue, attempt.pk))


@task()
def hand_in_when_over(attempt_id: int, waited: bool = False) -> str:
    """Hand the attempt in with what was saved; what was done, for the log.

    Harmless at any time and any number of times: a deadline that was moved is waited for.
    """
    from quizzes.attempts.actions import submit_attempt

    attempt = Attempt.objects.filter(pk=attempt_id).first()
    if attempt is None or not attempt.is_open:
        return "handed in already"
    now = timezone.now()
    moment = attempt.last_moment
    if moment is None:
        return "no deadline"
    if now <= moment:
        hand_in_later(attempt)
        return "later"
    if now - moment > LATE and not waited:
        log.warning(
            "attempt %s was over %s before the worker came: waiting for word of an outage",
            attempt_id,
            now - moment,
        )
        hand_in_when_over.using(run_after=now + WAIT_AFTER_OUTAGE).enqueue(attempt_id, True)
        return "waits after an outage"
    submit_attempt(attempt=attempt)
    return "handed in"
