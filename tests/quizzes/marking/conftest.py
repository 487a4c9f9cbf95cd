from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from portal.accounts.roles import EDITORS
from quizzes.bank.models import Question, Quiz
from tests.quizzes.factories import EssayFactory, PersonFactory, QuestionFactory, QuizFactory


def make_marker() -> Any:
    """An editor, who may mark."""
    person = PersonFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=EDITORS))
    return person


@pytest.fixture
def marker(db: None) -> Any:
    return make_marker()


@pytest.fixture
def second(db: None) -> Any:
    """Another marker."""
    return make_marker()


def browser_of(person: Any) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


@pytest.fixture
def essay(db: None) -> Question:
    return EssayFactory(prompt="Vì sao cần nhãn hiệu?")


@pytest.fixture
def quiz(essay: Question) -> Quiz:
    return QuizFactory(questions=[QuestionFactory(), essay], pass_percent=50)
