"""The worker's part: what is marked is counted again, soon and over and over."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django_tasks import task

from learning.statistics.summary.keeping import refresh

# Screens are exact between two turns as well: they count what is marked themselves.
PAUSE = datetime.timedelta(minutes=2)


@task()
def refresh_figures() -> str:
    """Count again what is marked, and come back; how much it was."""
    done = refresh()
    await_refresh()
    return f"{done} counted"


def await_refresh() -> bool:
    """Have the next turn wait, unless one does already; whether it was new."""
    from django_tasks_db.models import DBTaskResult

    # A backend that runs tasks at once can't put one off: asking again here would never end.
    if not refresh_figures.get_backend().supports_defer:
        return False
    waiting = DBTaskResult.objects.filter(task_path=refresh_figures.module_path, status="READY")
    if waiting.exists():
        return False
    refresh_figures.using(run_after=timezone.now() + PAUSE).enqueue()
    return True
