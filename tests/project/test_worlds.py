"""A world laid down again is the one that was made."""

from __future__ import annotations

import pytest
from wagtail.models import Page

from tests.factories import make_course
from tests.plugins.worlds import _rows, connection

pytestmark = pytest.mark.django_db


def contents() -> dict[str, set[tuple[object, ...]]]:
    tables = connection.introspection.django_table_names(only_existing=True)
    return {table: set(_rows(table).values()) for table in tables}


@pytest.fixture(scope="module")
def seen() -> dict[int, object]:
    return {}


@pytest.mark.parametrize("time", [1, 2, 3])
def test_every_row_is_as_it_was_made(time: int, seen: dict[int, object]) -> None:
    made = make_course(modules=1, lessons=1, title="Thế giới được giữ")
    assert Page.find_problems() == ([], [], [], [], [])
    assert made.page.title == "Thế giới được giữ"
    seen[time] = contents()
    assert seen[time] == seen[1]
