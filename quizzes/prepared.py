"""Queries of the ORM whose SQL is made once in a process and afterwards only executed.

Making the SQL of a small query takes Django ten times as long as SQLite or PostgreSQL takes to
answer it, and the pages and answers of a whole city's learners ask the same few queries again and
again. Those few are prepared here; everything else is asked the ordinary way. Both wings of the
house use this, so it lies in the lowest room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.sql import UpdateQuery

Row = tuple[Any, ...]
# What is updated, and the new values by the names of their fields.
Update = tuple[QuerySet[Any], dict[str, Any]]
M = TypeVar("M", bound=Model)


class _Slot(Expression):
    """A place in the SQL for the value that each execution brings."""

    def __init__(self, position: int, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.position = position

    def as_sql(self, _compiler: Any, _connection: Any) -> Any:
        return "%s", [self]

    def value(self, values: tuple[Any, ...]) -> Any:
        """The execution's own value, as the database takes it."""
        return self.output_field.get_db_prep_value(values[self.position], connection)


class _Statement:
    """SQL with parameters, made once for each kind of database."""

    def __init__(self, build: Callable[..., Any], fields: tuple[Field[Any, Any], ...]) -> None:
        self._build, self._fields = build, fields
        # By vendor: one process may know two databases.
        self._made: dict[str, tuple[str, list[Any], dict[int, Any]]] = {}

    @contextmanager
    def _executed(self, values: tuple[Any, ...]) -> Iterator[tuple[CursorWrapper, dict[int, Any]]]:
        """The cursor after the execution with these values, and the converters of its columns."""
        if len(values) != len(self._fields):
            raise TypeError(f"{self._build.__name__} takes {len(self._fields)} values")
        made = self._made.get(connection.vendor)
        if made is None:
            slots = [_Slot(n, field) for n, field in enumerate(self._fields)]
            made = self._made[connection.vendor] = self._make(*slots)
        sql, params, converters = made
        with connection.cursor() as cursor:
            cursor.execute(sql, [p.value(values) if isinstance(p, _Slot) else p for p in params])
            yield cursor, converters

    def _make(self, *slots: _Slot) -> tuple[str, list[Any], dict[int, Any]]:
        """SQL, parameters with the slots among them, and converters by column."""
        raise NotImplementedError


class Prepared(_Statement):
    """A `values_list` query with parameters; made by `prepared`."""

    def rows(self, *values: Any) -> list[Row]:
        """All rows for these values; one query."""
        with self._executed(values) as (cursor, converters):
            found = cursor.fetchall()
        return [_converted(row, converters) for row in found] if converters else found

    def first(self, *values: Any) -> Row | None:
        """The first row for these values, or None; one query."""
        rows = self.rows(*values)
        return rows[0] if rows else None

    def _make(self, *slots: _Slot) -> tuple[str, list[Any], dict[int, Any]]:
        compiler = self._build(*slots).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
        return sql, list(params), compiler.get_converters(columns)


class PreparedUpdate(_Statement):
    """An update of the rows of one table; made by `prepared_update`."""

    def execute(self, *values: Any) -> int:
        """Update with these values; how many rows were found. One query."""
        with self._executed(values) as (cursor, _converters):
            return int(cursor.rowcount)

    def _make(self, *slots: _Slot) -> tuple[str, list[Any], dict[int, Any]]:
        rows, changes = self._build(*slots)
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(changes)
        sql, params = query.get_compiler(connection=connection).as_sql()
        return sql, list(params), {}


def _converted(row: Row, converters: dict[int, Any]) -> Row:
    values = list(row)
    for position, (steps, column) in converters.items():
        for step in steps:
            values[position] = step(values[position], column, connection)
    return tuple(values)


class PreparedModels(Generic[M]):
    """A query for whole rows of a model, without their relations; made by `prepared_models`."""

    def __init__(
        self, build: Callable[..., QuerySet[M]], fields: tuple[Field[Any, Any], ...]
    ) -> None:
        self._model: type[M] | None = None
        self._names: list[str] = []

        def columns(*slots: _Slot) -> QuerySet[Any, Any]:
            found = build(*slots)
            self._model = found.model
            self._names = [field.attname for field in found.model._meta.concrete_fields]
            return found.values_list(*self._names)

        columns.__name__ = build.__name__
        self._rows = Prepared(columns, fields)

    def all(self, *values: Any) -> list[M]:
        """All that are found, as the ORM would give them; one query."""
        rows = self._rows.rows(*values)
        assert self._model is not None
        return [self._model.from_db(connection.alias, self._names, row) for row in rows]

    def first(self, *values: Any) -> M | None:
        """The first that is found, or None; one query."""
        found = self.all(*values)
        return found[0] if found else None


def prepared(*fields: Field[Any, Any]) -> Callable[[Callable[..., QuerySet[Any, Any]]], Prepared]:
    """Prepare a function that returns a `values_list`; `fields` are its parameters' types.

    The function is called once, with placeholders: it may filter, join, order, slice and lock with
    them, and must not look at them.
    """
    return lambda build: Prepared(build, fields)


def prepared_models(
    *fields: Field[Any, Any],
) -> Callable[[Callable[..., QuerySet[M]]], PreparedModels[M]]:
    """As `prepared`, for a function that returns a query for models."""
    return lambda build: PreparedModels(build, fields)


def prepared_update(
    *fields: Field[Any, Any],
) -> Callable[[Callable[..., Update]], PreparedUpdate]:
    """As `prepared`, for a function that returns a query and the new values of what it finds."""
    return lambda build: PreparedUpdate(build, fields)
