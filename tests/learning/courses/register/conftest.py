from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import timezone


@pytest.fixture
def set_clock(monkeypatch) -> Callable[[datetime], None]:
    """The server's clock, put to another time for this test."""
    return lambda at: monkeypatch.setattr(timezone, "now", lambda: at)
