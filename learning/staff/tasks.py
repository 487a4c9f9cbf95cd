"""Lists in the background. Each task may be asked for at any time: nothing is done twice."""

from __future__ import annotations

from django_tasks import task


@task()
def check_list(pk: int) -> None:
    """Check a list from its beginning."""
    from learning.staff.checking import run_check

    run_check(pk=pk)


@task()
def apply_list(pk: int) -> None:
    """Write what is left of a list; where that fails, take it back."""
    from learning.staff.applying import continue_apply, continue_undo

    while continue_apply(pk=pk):
        pass
    while continue_undo(pk=pk):
        pass


@task()
def undo_list(pk: int) -> None:
    """Take back what is left of a list."""
    from learning.staff.applying import continue_undo

    while continue_undo(pk=pk):
        pass
