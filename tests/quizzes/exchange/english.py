"""Sentences are compared as they stand in the code, whatever language people read them in."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """English while a test runs; a module takes it by importing it."""
    with translation.override("en"):
        yield
