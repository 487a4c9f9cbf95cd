"""«One of these keys», for thousands of keys at a time."""

from __future__ import annotations

from typing import Any

from django.db.models import Lookup


class Among(Lookup[bool]):
    """`Among(F("user_id"), keys)`: as `user_id__in`, but PostgreSQL gets the keys as one array.

    A placeholder for each of two thousand keys takes longer to read than their rows.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """One placeholder a key. No keys: nothing is among them."""
        left, params = self.process_lhs(compiler, connection)
        keys: list[Any] = self.rhs
        marks = ",".join(["%s"] * len(keys)) or "NULL"
        return f"{left} IN ({marks})", (*params, *keys)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """One array."""
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*params, list(self.rhs))
