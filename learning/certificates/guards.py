"""The triggers of the register on SQLite, made when all migrations are done.

SQLite changes a table by copying it, which loses its triggers: they go before migrations and come
back after. They are written down in migration 0004; PostgreSQL gets them there.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.recorder import MigrationRecorder

_MIGRATION = "0004_register_is_only_added_to"


def remove_guards(*, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Before migrations, on SQLite: take the triggers away."""
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            for name in _triggers():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def ensure_guards(*, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """After migrations, on SQLite: make the triggers that are missing, if 0004 is applied."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    if ("certificates", _MIGRATION) not in MigrationRecorder(connection).applied_migrations():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        present = {name for (name,) in cursor.fetchall()}
        for name, statement in _triggers().items():
            if name not in present:
                cursor.execute(statement)


def _triggers() -> dict[str, str]:
    made: dict[str, str] = import_module(
        f"learning.certificates.migrations.{_MIGRATION}"
    ).sqlite_triggers()
    return made
