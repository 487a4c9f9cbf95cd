"""Applying a regrade in the background, chunk by chunk."""

from __future__ import annotations

from django_tasks import task


@task()
def run_regrade(regrade_pk: int) -> None:
    """Apply what is left of a regrade. May be asked for at any time: nothing is done twice."""
    from quizzes.regrading.actions import continue_regrade

    while continue_regrade(pk=regrade_pk):
        pass
