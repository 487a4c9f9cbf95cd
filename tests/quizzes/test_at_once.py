"""The same thing done by several at once, with real threads and real transactions.

On both databases: SQLite from its file (WAL, one writer at a time), PostgreSQL with row locks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizzes.attempts.actions import save_answer, start_attempt, submit_attempt
from quizzes.attempts.errors import AttemptClosedError
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.attempts.signals import attempt_graded
from tests.quizzes.factories import PersonFactory, QuizFactory
from tests.quizzes.steps import given
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

THREADS = 8


def browser_of(person: Any) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def test_starting_at_once_is_one_attempt():
    person, quiz = PersonFactory(), QuizFactory()
    found = at_once(*[lambda: start_attempt(taker=person, quiz=quiz).pk] * THREADS)
    assert len(set(found)) == 1
    assert Attempt.objects.count() == 1
    assert AttemptItem.objects.count() == 3


def test_handing_in_at_once_counts_once():
    person = PersonFactory()
    attempt = start_attempt(taker=person, quiz=QuizFactory())
    for position in (1, 2, 3):
        save_answer(attempt=attempt, position=position, sent={"answer": ["a"]})
    told: list[int] = []

    def listen(**kwargs: Any) -> None:
        told.append(kwargs["attempt"].pk)

    browsers = [browser_of(person) for _n in range(THREADS)]
    address = reverse("attempts:submit", args=[attempt.pk])
    attempt_graded.connect(listen)
    try:
        replies = at_once(*[lambda b=b: b.post(address) for b in browsers])
    finally:
        attempt_graded.disconnect(listen)
    result = reverse("attempts:result", args=[attempt.pk])
    assert {(reply.status_code, reply.url) for reply in replies} == {(302, result)}
    assert told == [attempt.pk]
    attempt.refresh_from_db()
    assert (attempt.points, attempt.passed) == (3, True)


def test_of_many_saves_at_once_the_newest_stays():
    attempt = start_attempt(taker=PersonFactory(), quiz=QuizFactory())
    keys = ["a", "b", "c", "d"] * 3

    def job(sequence: int) -> Callable[[], Any]:
        return lambda: save_answer(
            attempt=attempt,
            position=1,
            sent={"answer": [keys[sequence]]},
            client="tab",
            sequence=sequence + 1,
        )

    at_once(*[job(sequence) for sequence in range(len(keys))])
    answer = given().get()
    assert answer.sequence == len(keys)
    assert answer.answer == [keys[-1]]


def test_an_acknowledged_answer_is_graded_whoever_comes_first():
    """Saving and handing in race: either the answer counts, or its saving is refused."""
    for _round in range(5):
        attempt = start_attempt(taker=PersonFactory(), quiz=QuizFactory())

        def answer(position: int, attempt: Attempt = attempt) -> bool:
            try:
                save_answer(attempt=attempt, position=position, sent={"answer": ["a"]})
            except AttemptClosedError:
                return False
            return True

        *saved, graded = at_once(
            *[lambda p=p: answer(p) for p in (1, 2, 3)],
            lambda attempt=attempt: submit_attempt(attempt=attempt),
        )
        assert graded.points == sum(saved)
        assert given().filter(attempt=attempt).count() == sum(saved)


def test_handing_in_and_starting_again_at_once_never_leaves_two_open():
    person, quiz = PersonFactory(), QuizFactory()
    first = start_attempt(taker=person, quiz=quiz)
    at_once(
        *[lambda: submit_attempt(attempt=first)] * 3,
        *[lambda: start_attempt(taker=person, quiz=quiz)] * 5,
    )
    numbers = list(Attempt.objects.order_by("number").values_list("number", "state"))
    assert numbers[0] == (1, "graded")
    assert numbers[1:] in ([], [(2, "in_progress")])
