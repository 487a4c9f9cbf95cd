"""The worker's part: write the letters that are due, send them, come back for the rest."""

import datetime

from django.db.models import Min
from django.utils import timezone
from django_tasks import task

from learning.notices.models import Letter, Notice
from learning.notices.sending import CLAIM_ENDS, send_batch, write_letters
from learning.notices.times import next_allowed


@task()
def deliver() -> None:
    """Send everything that is due; nothing in quiet hours. May be asked for at any time."""
    run()
    again = _next_time()
    # A backend that runs tasks at once can't put one off: asking again here would never end.
    if again is not None and deliver.get_backend().supports_defer:
        deliver.using(run_after=again).enqueue()


def run() -> int:
    """Send what is due now; the number of letters handled."""
    now = timezone.now()
    if next_allowed(now) > now:
        return 0
    write_letters(now=now)
    handled = 0
    while count := send_batch(now=timezone.now()):
        handled += count
    return handled


def _next_time() -> datetime.datetime | None:
    """When something still waiting is due; None if nothing waits."""
    state = Letter.State
    notices = Notice.objects.filter(letter__isnull=True, by_mail=True)
    queued = Letter.objects.filter(state=state.QUEUED)
    claimed = Letter.objects.filter(state=state.SENDING)
    times = [
        notices.aggregate(at=Min("not_before"))["at"],
        queued.aggregate(at=Min("next_try_at"))["at"],
    ]
    oldest = claimed.aggregate(at=Min("claimed_at"))["at"]
    times.append(oldest + CLAIM_ENDS if oldest else None)
    due = min((time for time in times if time is not None), default=None)
    if due is None:
        return None
    # Never at once: whatever failed a moment ago would fail again.
    return next_allowed(max(due, timezone.now() + datetime.timedelta(minutes=1)))
