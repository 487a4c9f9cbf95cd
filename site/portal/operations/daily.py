"""What has to happen every morning, whichever package it belongs to.

The worker keeps one task waiting for the next morning; done, it leaves the next. Where a timer of
the system calls `manage.py run_day` instead, nothing is done twice: every job is harmless when it
is repeated on the same day.
"""

from __future__ import annotations

import datetime
import logging
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task

log = logging.getLogger(__name__)

# After midnight and before the first person comes to work.
MORNING = datetime.time(0, 10)


def run_jobs() -> dict[str, Any]:
    """Run every job of `settings.DAILY_JOBS`; what each gave back, or the error it raised.

    A job that fails is logged and does not keep the others from running.
    """
    results: dict[str, Any] = {}
    for path in settings.DAILY_JOBS:
        try:
            results[path] = import_string(path)()
        except Exception as error:
            log.exception("the daily job %s failed", path)
            results[path] = error
    return results


@task()
def run_day() -> str:
    """The morning's jobs, and the task of the next morning."""
    results = run_jobs()
    await_morning()
    failed = sum(isinstance(result, Exception) for result in results.values())
    return f"{len(results) - failed} done, {failed} failed"


def await_morning() -> bool:
    """Have the jobs run the next morning, unless they wait for one already; whether it was new."""
    from django_tasks_db.models import DBTaskResult

    waiting = DBTaskResult.objects.filter(
        task_path=run_day.module_path, status="READY", run_after__gt=timezone.now()
    )
    if waiting.exists():
        return False
    run_day.using(run_after=next_morning(timezone.localtime())).enqueue()
    return True


def next_morning(now: datetime.datetime) -> datetime.datetime:
    """The first moment after `now` (local time) at which the jobs are due."""
    today = now.replace(hour=MORNING.hour, minute=MORNING.minute, second=0, microsecond=0)
    return today if today > now else today + datetime.timedelta(days=1)
