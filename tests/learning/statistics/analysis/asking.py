"""What a reader asks of these screens, and what she finds."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.learning.statistics.screens import listed

PEOPLE = "/thong-ke/nguoi-hoc/"


def screen(client: Any, name: str, **asked: Any) -> Any:
    """The screen's response."""
    return client.get(reverse(f"statistics:{name}"), asked)


def behind(client: Any, address: str) -> list[str]:
    """The names in the list behind a number."""
    return listed(client.get(f"{PEOPLE}?{address}"))


def queries(client: Any, name: str, **asked: Any) -> int:
    """How many queries the screen takes; the second time, when the course is known."""
    screen(client, name, **asked)
    with CaptureQueriesContext(connection) as found:
        assert screen(client, name, **asked).status_code == 200
    return len(found)
