"""The triggers of the state machine on SQLite, made when all migrations are done.

SQLite changes a table by copying it: its triggers are lost, and the new table cannot take the old
name while another table's trigger names it. So they go before migrations and come back after. The
triggers themselves are written down in migration 0005; PostgreSQL gets them there.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.recorder import MigrationRecorder

_MIGRATION = "0005_state_machine"


def remove_guards(*, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Before migrations, on SQLite: take the triggers away."""
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            for name in _triggers():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def ensure_guards(*, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """After migrations, on SQLite: make the triggers that are missing, if 0005 is applied."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    if ("attempts", _MIGRATION) not in MigrationRecorder(connection).applied_migrations():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        present = {name for (name,) in cursor.fetchall()}
        for name, statement in _triggers().items():
            if name not in present:
                cursor.execute(statement)


def _triggers() -> dict[str, str]:
    made: dict[str, str] = import_module(
        f"quizzes.attempts.migrations.{_MIGRATION}"
    ).sqlite_triggers()
    return made
