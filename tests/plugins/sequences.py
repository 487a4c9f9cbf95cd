"""Keys of rows begin at ten thousand, as after a year of use.

A number of four digits is written with a point in Vietnamese («10.269»): a template that puts a
key into an address or a hidden field without `unlocalize` works in a young database only.
"""

from __future__ import annotations

from django.db import connection

FIRST = 10_000


def begin_high() -> None:
    """Let every table's generated keys begin at `FIRST` at least; repeated, nothing more."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT name, 0 FROM sqlite_master"
                " WHERE sql LIKE '%%AUTOINCREMENT%%'"
                " AND name NOT IN (SELECT name FROM sqlite_sequence)",
                [],
            )
            cursor.execute("UPDATE sqlite_sequence SET seq = MAX(seq, %s)", [FIRST])
            return
        cursor.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass,"
            " GREATEST(COALESCE(last_value, 0), %s))"
            " FROM pg_sequences WHERE schemaname = current_schema()",
            [FIRST],
        )
