"""The queue of the tests: what is due runs at once, what is put off is kept to be looked at."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django_tasks.backends.dummy import DummyBackend
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import Task, TaskResult

# What Wagtail does after every save so that things are found by search and by «where used». It is
# a third of what making a course costs, and few tests look: they say so (`indexed`).
INDEXING = frozenset(
    {"wagtail.tasks.update_reference_index_task", "modelsearch.tasks.insert_or_update_object_task"}
)


class Backend(ImmediateBackend):
    """Runs each task where it is enqueued, unless it has a time in the future."""

    indexing = False

    supports_defer = True
    supports_priority = True

    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        super().__init__(alias, params)
        self.put_off = DummyBackend(alias, params)

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        if task.run_after is not None and task.run_after > timezone.now():
            return self.put_off.enqueue(task, args, kwargs)
        if not Backend.indexing and task.module_path in INDEXING:
            return DummyBackend(self.alias, {}).enqueue(task, args, kwargs)
        return super().enqueue(task, args, kwargs)
