from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quizzes.attempts.actions import start_attempt
from quizzes.attempts.models import Attempt
from tests.quizzes.factories import PersonFactory, QuizFactory


@pytest.fixture
def taker(db: None) -> Any:
    return PersonFactory()


@pytest.fixture
def client(taker: Any) -> Client:
    """The taker's browser."""
    browser = Client()
    browser.force_login(taker)
    return browser


@pytest.fixture
def other(db: None) -> Client:
    """Another person's browser."""
    browser = Client()
    browser.force_login(PersonFactory())
    return browser


@pytest.fixture
def attempt(taker: Any) -> Attempt:
    """An open attempt of three questions, each with the right answer «a»."""
    return start_attempt(
        taker=taker, quiz=QuizFactory(), origin="test", return_to="/khoa-hoc/chuyen-de-1/"
    )
