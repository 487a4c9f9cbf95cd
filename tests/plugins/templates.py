"""Migrated databases, kept from one test run to the next: migrating takes 20 s, copying nothing.

What is kept is named after everything that made it (migrations, what runs after them, versions of
all packages), so it is never out of date; `.cache/` may be deleted at any time. TEST_TEMPLATES=off
migrates afresh.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".cache" / "test-databases"
KEPT = 4
# A database inside the tests' own PostgreSQL; its test databases are copies of it.
POSTGRES_TEMPLATE = "migrated"


def wanted() -> bool:
    return os.environ.get("TEST_TEMPLATES") != "off"


@cache
def key() -> str:
    """Digits that change with whatever a migrated database depends on."""
    digest = hashlib.sha256(sys.version.encode())
    digest.update((ROOT / "requirements-dev.txt").read_bytes())
    for house in ("learning", "quizzes", "site"):
        for path in sorted((ROOT / house).rglob("*.py")):
            content = path.read_bytes()
            if path.parent.name == "migrations" or path.name in ("apps.py", "roles.py"):
                digest.update(str(path.relative_to(ROOT)).encode() + content)
            elif path.name in ("guards.py", "models.py") or "models" in path.parts:
                # Permissions are made from the models' names and options.
                digest.update(content)
    return digest.hexdigest()[:20]


def sqlite_template() -> Path:
    return PLACE / f"{key()}.sqlite3"


def postgres_template() -> Path:
    """The data folder of a PostgreSQL that holds the database `POSTGRES_TEMPLATE`."""
    return PLACE / f"{key()}.postgres"


def contents(vendor: str) -> Path:
    """What a migrated database holds, as Django puts it back after a test with transactions."""
    return PLACE / f"{key()}.{vendor}.json"


@contextmanager
def turn() -> Iterator[None]:
    """One process at a time makes a template; the others wait and copy it."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with (PLACE / "lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def copy(source: Path, target: Path) -> None:
    """`source` as `target`, with owners and times; there wholly or not at all."""
    halfway = target.with_name(f"{target.name}.{os.getpid()}")
    subprocess.run(["cp", "-a", str(source), str(halfway)], check=True)
    halfway.rename(target)


def prune() -> None:
    """Keep the newest few: each change of a migration makes new ones, several files each."""
    found = sorted(PLACE.glob("*.*"), key=lambda path: path.stat().st_mtime, reverse=True)
    kept = list(dict.fromkeys(path.name.partition(".")[0] for path in found))[:KEPT]
    for path in [path for path in found if path.name.partition(".")[0] not in kept]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def ready(make: Any) -> Any:
    """The default database as a fresh, migrated test database; `make` is Django's slow way.

    Returns what `make` returned, or None where a template was copied.
    """
    from django.db import connection

    if connection.vendor == "sqlite":
        return _ready_sqlite(connection, make)
    return _ready_postgres(connection, make)


def _ready_sqlite(connection: Any, make: Any) -> Any:
    name = Path(connection.creation._get_test_db_name())
    with turn():
        if not (sqlite_template().exists() and contents("sqlite").exists()):
            made = make()
            _keep_contents(connection)
            connection.close()
            sqlite_template().unlink(missing_ok=True)
            copy(name, sqlite_template())
            prune()
            return made
    for rest in ("", "-wal", "-shm"):
        Path(f"{name}{rest}").unlink(missing_ok=True)
    copy(sqlite_template(), name)
    _use(connection, str(name))
    return None


def _ready_postgres(connection: Any, make: Any) -> Any:
    creation = connection.creation
    name = creation._get_test_db_name()
    quoted = connection.ops.quote_name
    with turn(), creation._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [POSTGRES_TEMPLATE])
        known = cursor.fetchone() is not None
        made = None if known else make()
        if not known:
            _keep_contents(connection)
        connection.close()
        source, target = (POSTGRES_TEMPLATE, name) if known else (name, POSTGRES_TEMPLATE)
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted(target)}")
        cursor.execute(f"CREATE DATABASE {quoted(target)} TEMPLATE {quoted(source)}")
    _use(connection, name)
    return made


def _use(connection: Any, name: str) -> None:
    from django.conf import settings

    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name
    kept = contents(connection.vendor)
    connection._test_serialized_contents = kept.read_text(encoding="utf-8")


def _keep_contents(connection: Any) -> None:
    contents(connection.vendor).write_text(connection._test_serialized_contents, encoding="utf-8")
