"""In the background. Asked for twice, the file is made once."""

from __future__ import annotations

from django.utils import translation
from django_tasks import task


@task()
def make_export(pk: int) -> None:
    """Make a file that waits."""
    from learning.statistics.exporting.making import run_export

    with translation.override("vi"):
        run_export(pk)
