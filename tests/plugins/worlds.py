"""Worlds of tests, made once through the product's doors and then laid down again as rows.

A course with its pages takes half a second to publish, and several hundred tests begin with the
same one. The first call in a process records which rows of which tables it added and changed; a
later call with the same arguments in a database that looks the same lays down those rows and gives
back the same objects. Where anything differs (a row in a table that was written, the number of rows
in one that was read, arguments that are not plain values), the world is made anew.
TEST_WORLDS=off always makes it anew.
"""

from __future__ import annotations

import functools
import os
import pickle
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from django.db import connection

P = ParamSpec("P")
R = TypeVar("R")
Rows = dict[Any, tuple[Any, ...]]

_PLAIN = (str, int, bool, type(None))
_TABLE = re.compile(r'\b(FROM|JOIN|INTO|UPDATE) "(\w+)"')


@dataclass(frozen=True)
class World:
    """What one making found, added, changed and removed, and what it gave back."""

    tables: tuple[str, ...]
    looks: tuple[Any, ...]
    before: dict[str, Rows]
    added: dict[str, list[tuple[Any, ...]]]
    changed: dict[str, list[tuple[Any, ...]]]
    removed: dict[str, list[Any]]
    result: bytes

    def fits(self) -> bool:
        """Whether the database looks as it did before this world was made."""
        return _looks(self.tables) == self.looks and all(
            _rows(table) == rows for table, rows in self.before.items()
        )


_worlds: dict[Any, World] = {}


def kept_world(make: Callable[P, R]) -> Callable[P, R]:
    """`make`, whose rows are laid down again when it is called with the same plain arguments."""

    @functools.wraps(make)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        plain = all(isinstance(value, _PLAIN) for value in (*args, *kwargs.values()))
        if not plain or os.environ.get("TEST_WORLDS") == "off":
            return make(*args, **kwargs)
        key = (make.__qualname__, args, tuple(sorted(kwargs.items())))
        world = _worlds.get(key)
        if world is None:
            world, result = _record(functools.partial(make, *args, **kwargs))
            _worlds[key] = world
            return result
        if not world.fits():
            return make(*args, **kwargs)
        _lay_down(world)
        return pickle.loads(world.result)  # type: ignore[no-any-return]

    return call


def _record(make: Callable[[], R]) -> tuple[World, R]:
    """Make the world, and tell what it read and wrote: every table is read before and after."""
    every = tuple(connection.introspection.django_table_names(only_existing=True))
    before = {table: _rows(table) for table in every}
    shape = dict(zip(every, _looks(every), strict=True))
    tables: set[str] = set()
    with connection.execute_wrapper(_Watch(tables)):
        result = make()
    read = tuple(sorted(tables & set(before)))
    added: dict[str, list[tuple[Any, ...]]] = {}
    changed: dict[str, list[tuple[Any, ...]]] = {}
    removed: dict[str, list[Any]] = {}
    for table in read:
        after = _rows(table)
        if gone := before[table].keys() - after.keys():
            removed[table] = list(gone)
        for pk, row in after.items():
            if pk not in before[table]:
                added.setdefault(table, []).append(row)
            elif before[table][pk] != row:
                changed.setdefault(table, []).append(row)
    looks = tuple(shape[table] for table in read)
    written = {table: before[table] for table in (*added, *changed, *removed)}
    return World(read, looks, written, added, changed, removed, pickle.dumps(result)), result


class _Watch:
    """Notes which tables are named in what is asked of the database."""

    def __init__(self, tables: set[str]) -> None:
        self.tables = tables

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.tables.update(found[1] for found in _TABLE.findall(sql))
        return execute(sql, params, many, context)


@functools.cache
def _columns(table: str) -> tuple[str, ...]:
    """The table's columns, its primary key first."""
    with connection.cursor() as cursor:
        description = connection.introspection.get_table_description(cursor, table)
        pk = connection.introspection.get_primary_key_column(cursor, table)
    generated = set(_generated(table))
    others = (column.name for column in description if column.name not in generated | {pk})
    return (pk or "", *others)


def _generated(table: str) -> Iterator[str]:
    from django.apps import apps
    from django.db.models import GeneratedField

    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table:
            for field in model._meta.local_fields:
                if isinstance(field, GeneratedField):
                    yield field.column or ""


def _rows(table: str) -> Rows:
    names = ", ".join(f'"{name}"' for name in _columns(table))
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {names} FROM "{table}"')
        return {row[0]: tuple(row) for row in cursor.fetchall()}


def _looks(tables: tuple[str, ...]) -> tuple[Any, ...]:
    """How many rows each table has and its last key, asked in one query."""
    parts = ", ".join(
        f'(SELECT COUNT(*) FROM "{table}"),'
        f' (SELECT MAX(CAST("{_columns(table)[0]}" AS text)) FROM "{table}")'
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}")
        row = cursor.fetchone()
    return tuple(zip(row[::2], row[1::2], strict=True))


def _lay_down(world: World) -> None:
    with connection.cursor() as cursor:
        # Rows come table by table; the keys between them are asked at the end of the transaction.
        for table, keys in world.removed.items():
            pk = _columns(table)[0]
            cursor.executemany(f'DELETE FROM "{table}" WHERE "{pk}" = %s', [(key,) for key in keys])
        for table, rows in world.added.items():
            names = ", ".join(f'"{name}"' for name in _columns(table))
            places = ", ".join(["%s"] * len(_columns(table)))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)
        for table, rows in world.changed.items():
            pk, *others = _columns(table)
            values = ", ".join(f'"{name}" = %s' for name in others)
            cursor.executemany(
                f'UPDATE "{table}" SET {values} WHERE "{pk}" = %s',
                [(*row[1:], row[0]) for row in rows],
            )
