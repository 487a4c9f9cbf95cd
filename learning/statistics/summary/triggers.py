"""Every change of a fact leaves its marks, in the transaction of the change.

Triggers, because facts change in many ways: one by one, by bulk updates, by hand on the database.
On PostgreSQL once a statement, with the distinct pairs it touched; on SQLite once a row. They are
made after the migrations; SQLite changes a table by copying it, which loses its triggers, so there
they go before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.recorder import MigrationRecorder

_MIGRATION = ("statistics", "0002_kept_figures")
_MARK = "statistics_mark"
_ENROLMENT = "enrolments_enrolment"

# Table: the (unit, course) pairs that a row `r` of it belongs to. `{rows}` is where rows come from.
_PAIRS = {
    _ENROLMENT: "SELECT r.unit_id, r.course_key FROM {rows} WHERE r.unit_id IS NOT NULL",
    "progress_coursecompletion": (
        f"SELECT e.unit_id, e.course_key FROM {{rows}} JOIN {_ENROLMENT} e"
        " ON e.id = r.enrolment_id WHERE e.unit_id IS NOT NULL"
    ),
    "certificates_certificate": (
        f"SELECT e.unit_id, e.course_key FROM {{rows}} JOIN {_ENROLMENT} e"
        " ON e.id = r.enrolment_id WHERE e.unit_id IS NOT NULL"
    ),
    "attempts_attempt": (
        f"SELECT e.unit_id, e.course_key FROM {{rows}} JOIN {_ENROLMENT} e"
        " ON e.user_id = r.taker_id WHERE r.submitted_at IS NOT NULL AND e.unit_id IS NOT NULL"
    ),
    "organisations_membership": "SELECT r.unit_id, NULL{null} FROM {rows}",
}
_EVENTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
# Of these many updates change nothing that is counted: an answer saved, a page of a paper made.
_WATCHED = {
    "attempts_attempt": ("submitted_at", "practice", "origin", "started_at", "taker_id"),
    "certificates_certificate": ("status", "enrolment_id", "issued_at", "revoked_at"),
    _ENROLMENT: (
        *("unit_id", "course_key", "user_id", "round", "is_current", "due_on", "exempt_on"),
        *("withdrawn_on", "created_at", "started_at"),
    ),
}


def remove_triggers(*, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Before migrations, on SQLite: take the triggers away."""
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            for name in _sqlite():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def ensure_triggers(*, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """After migrations: make the triggers as they are written here, once there are marks."""
    connection = connections[using]
    if _MIGRATION not in MigrationRecorder(connection).applied_migrations():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, statement in _sqlite().items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(statement)
        else:
            for statement in _postgresql():
                cursor.execute(statement)


def _name(table: str, event: str) -> str:
    return f"statistics_mark_{table}_{event.lower()}"


def _sqlite() -> dict[str, str]:
    """The triggers by name: a row at a time."""
    made = {}
    for table, pairs in _PAIRS.items():
        for event, sides in _EVENTS.items():
            body = "".join(
                f"INSERT INTO {_MARK} (unit_id, course_key) "
                + pairs.format(rows="(SELECT 1)", null="").replace("r.", f"{side}.")
                + ";"
                for side in sides
            )
            when = ""
            if event == "UPDATE" and table in _WATCHED:
                changed = " OR ".join(f"OLD.{one} IS NOT NEW.{one}" for one in _WATCHED[table])
                when = f"WHEN {changed} "
            name = _name(table, event)
            made[name] = (
                f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {when}"
                f"BEGIN {body} END"
            )
    return made


def _postgresql() -> Iterator[str]:
    """Functions and triggers, one statement after the other: the rows of a statement at once."""
    for table, pairs in _PAIRS.items():
        for event, sides in _EVENTS.items():
            name = _name(table, event)
            found = " UNION ".join(
                pairs.format(rows=f"{_rows(table, event, side)} r", null="::uuid") for side in sides
            )
            yield (
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"INSERT INTO {_MARK} (unit_id, course_key) SELECT DISTINCT * FROM ({found}) pairs;"
                " RETURN NULL; END $$"
            )
            tables = " ".join(f"{side} TABLE AS {side.lower()}_rows" for side in sides)
            yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
            yield (
                f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {tables} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            )


def _rows(table: str, event: str, side: str) -> str:
    """The rows of one side, of an update only those in which something watched has changed."""
    rows = f"{side.lower()}_rows"
    if event != "UPDATE" or table not in _WATCHED:
        return rows
    changed = " OR ".join(f"o.{one} IS DISTINCT FROM n.{one}" for one in _WATCHED[table])
    return (
        f"(SELECT {side[0].lower()}.* FROM old_rows o JOIN new_rows n ON n.id = o.id "
        f"WHERE {changed})"
    )
