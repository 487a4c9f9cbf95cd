"""The state machine of an attempt, tried with raw SQL: the database itself refuses."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from quizzes.attempts.actions import (
    erase_attempts,
    mark_item,
    save_answer,
    settle_attempt,
    start_attempt,
    submit_attempt,
)
from quizzes.attempts.errors import WaitingForMarksError
from quizzes.attempts.guards import ensure_guards, remove_guards
from quizzes.attempts.models import Attempt, AttemptItem, Erasure
from quizzes.attempts.signals import attempt_graded
from tests.quizzes.factories import EssayFactory, PersonFactory, QuestionFactory, QuizFactory
from tests.quizzes.steps import late, url

pytestmark = pytest.mark.django_db

RESULT = "points = 1, max_points = 3, percent = 33.33, passed = FALSE, gradings = 1"
NOTHING = (
    "submitted_at = NULL, receipt = NULL, points = NULL, max_points = NULL, percent = NULL, "
    "passed = NULL, gradings = 0"
)
WAITING = (
    "state = 'submitted', gradings = 0, points = NULL, max_points = NULL, percent = NULL, "
    "passed = NULL"
)
HANDED_IN = "submitted_at = started_at, receipt = 'BN-TEST'"


def sql(statement, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount


def change(attempt, columns):
    return sql(f"UPDATE attempts_attempt SET {columns} WHERE id = %s", attempt.pk)


@pytest.fixture
def graded(attempt):
    save_answer(attempt=attempt, position=1, sent={"answer": ["a"]})
    return submit_attempt(attempt=attempt)


@pytest.fixture
def essay_quiz(db):
    return QuizFactory(questions=[QuestionFactory(), EssayFactory()], pass_percent=50)


@pytest.fixture
def waiting(taker, essay_quiz):
    attempt = start_attempt(taker=taker, quiz=essay_quiz)
    save_answer(attempt=attempt, position=1, sent={"answer": ["a"]})
    save_answer(attempt=attempt, position=2, sent={"answer": ["Nhãn hiệu giúp nhận ra nguồn gốc."]})
    return submit_attempt(attempt=attempt)


# --- forbidden, whoever asks ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "columns",
    [
        "state = 'graded'",
        "state = 'submitted'",
        f"state = 'submitted', {HANDED_IN}, {RESULT}",
        f"state = 'graded', {HANDED_IN}",
        "points = 1",
        HANDED_IN,
        "gradings = 1",
        "state = 'lost'",
    ],
)
def test_an_open_attempt_has_nothing_of_what_comes_later(attempt, columns):
    with pytest.raises(IntegrityError):
        change(attempt, columns)


@pytest.mark.parametrize(
    "columns",
    [
        f"state = 'in_progress', {NOTHING}",
        WAITING,
        "points = 3",
        "percent = 100, passed = TRUE",
        "passed = TRUE",
        "gradings = 0",
        "gradings = 3",
        "points = 4, gradings = 2",
        "receipt = 'BN-OTHER'",
        "submitted_at = started_at",
        "pass_percent = 0",
    ],
)
def test_a_graded_attempt_goes_nowhere_and_its_result_stays(graded, columns):
    with pytest.raises(IntegrityError):
        change(graded, columns)


@pytest.mark.parametrize("state", ["in_progress", "submitted"])
def test_the_refusal_says_why(graded, state):
    with pytest.raises(IntegrityError, match="never goes back"):
        change(graded, f"state = '{state}'")


def test_a_result_changes_by_a_further_grading(graded):
    assert change(graded, "points = 3, percent = 100, passed = TRUE, gradings = gradings + 1") == 1
    graded.refresh_from_db()
    assert (graded.points, graded.passed, graded.gradings) == (3, True, 2)


@pytest.mark.parametrize(
    "columns",
    ["state = 'in_progress', submitted_at = NULL, receipt = NULL", "receipt = 'BN-OTHER'", RESULT],
)
def test_a_waiting_attempt_goes_forward_only(waiting, columns):
    with pytest.raises(IntegrityError):
        change(waiting, columns)


@pytest.mark.parametrize(
    "columns",
    ["answer = '[\"b\"]'", "saved_at = NULL", "sequence = 99", "client = 'x'", "closed = FALSE"],
)
@pytest.mark.parametrize("which", ["graded", "waiting"])
def test_an_answer_that_was_handed_in_stays(request, which, columns):
    attempt = request.getfixturevalue(which)
    with pytest.raises(IntegrityError):
        sql(f"UPDATE attempts_attemptitem SET {columns} WHERE attempt_id = %s", attempt.pk)


def test_handing_in_closes_the_answers_whoever_does_it(attempt):
    change(attempt, f"state = 'graded', {HANDED_IN}, {RESULT}")
    assert set(attempt.items.values_list("closed", flat=True)) == {True}
    with pytest.raises(IntegrityError):
        sql("UPDATE attempts_attemptitem SET answer = '[\"a\"]' WHERE attempt_id = %s", attempt.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM attempts_attemptitem WHERE attempt_id = %s",
        "DELETE FROM attempts_attempt WHERE id = %s",
    ],
)
def test_what_was_handed_in_is_not_deleted(graded, statement):
    with pytest.raises(IntegrityError):
        sql(statement, graded.pk)


def test_an_open_attempt_may_be_deleted(attempt):
    attempt.delete()
    assert not Attempt.objects.exists()


def test_the_one_door_to_deleting_says_why(graded):
    assert erase_attempts(attempts=[graded], reason="Người học yêu cầu xóa dữ liệu") == 4
    assert not AttemptItem.objects.exists()
    assert Erasure.objects.get(attempt_id=graded.pk).reason == "Người học yêu cầu xóa dữ liệu"


@pytest.mark.parametrize("columns", ["earned = -1.5", "earned = 1.5"])
def test_no_item_earns_or_costs_more_than_it_is_worth(graded, columns):
    with pytest.raises(IntegrityError):
        sql(f"UPDATE attempts_attemptitem SET {columns} WHERE attempt_id = %s", graded.pk)


# --- the way through -----------------------------------------------------------------------------


def test_an_answered_essay_waits_with_its_receipt(waiting):
    assert waiting.state == Attempt.State.SUBMITTED
    assert waiting.receipt.startswith("BN-")
    assert (waiting.points, waiting.passed, waiting.gradings) == (None, None, 0)
    assert list(waiting.items.order_by("position").values_list("earned", "closed")) == [
        (1, True),
        (None, True),
    ]


def test_the_last_mark_grades_and_tells(waiting, taker, essay_quiz):
    told = []

    def listen(**kwargs):
        told.append(kwargs["attempt"].pk)

    attempt_graded.connect(listen)
    try:
        assert settle_attempt(attempt=waiting).is_waiting
        item = waiting.items.get(position=2)
        mark_item(item=item, marking={"points": {"a": "1.5", "b": "0"}, "comment": ""})
        settle_attempt(attempt=waiting)
    finally:
        attempt_graded.disconnect(listen)
    waiting.refresh_from_db()
    # One of one, and 1.5 of 3 points of the rubric for a question worth one.
    assert (waiting.state, waiting.points, waiting.percent) == ("graded", 1.5, 75)
    assert told == [waiting.pk]


def test_an_unanswered_essay_waits_for_nobody(taker, essay_quiz):
    attempt = start_attempt(taker=taker, quiz=essay_quiz)
    save_answer(attempt=attempt, position=1, sent={"answer": ["a"]})
    graded = submit_attempt(attempt=attempt)
    assert (graded.state, graded.points, graded.max_points) == ("graded", 1, 2)


def test_while_an_attempt_waits_no_other_is_started(waiting, taker, essay_quiz):
    with pytest.raises(WaitingForMarksError):
        start_attempt(taker=taker, quiz=essay_quiz)
    item = waiting.items.get(position=2)
    mark_item(item=item, marking={"points": {"a": "2", "b": "1"}, "comment": ""})
    assert start_attempt(taker=taker, quiz=essay_quiz).number == 2


def test_a_late_attempt_with_an_essay_is_handed_in_and_waits(taker):
    quiz = QuizFactory(questions=[EssayFactory()], time_limit_minutes=5)
    attempt = start_attempt(taker=taker, quiz=quiz)
    save_answer(attempt=attempt, position=1, sent={"answer": ["Một ý."]})
    late(attempt)
    with pytest.raises(WaitingForMarksError):
        start_attempt(taker=taker, quiz=quiz)
    attempt.refresh_from_db()
    assert attempt.is_waiting


def test_the_page_of_a_waiting_attempt_says_so(client, waiting):
    html = client.get(url("result", waiting)).content.decode()
    assert waiting.receipt in html
    assert "Nhãn hiệu giúp nhận ra nguồn gốc." in html
    assert client.get(url("attempt", waiting)).url == url("result", waiting)


def test_another_person_does_not_see_it(other, waiting):
    assert other.get(url("result", waiting)).status_code == 404


def test_the_page_of_a_waiting_attempt_costs_few_queries(
    client, taker, django_assert_max_num_queries
):
    for size in (1, 3):
        attempt = start_attempt(
            taker=taker, quiz=QuizFactory(questions=[EssayFactory() for _n in range(size)])
        )
        for position in range(1, size + 1):
            save_answer(attempt=attempt, position=position, sent={"answer": ["Một ý."]})
        submit_attempt(attempt=attempt)
        with django_assert_max_num_queries(9):
            assert client.get(url("result", attempt)).status_code == 200


# --- the triggers themselves ---------------------------------------------------------------------


def trigger_names():
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'attempts%'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'attempts%'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


def test_every_trigger_is_there_and_can_be_taken_back():
    module = import_module("quizzes.attempts.migrations.0005_state_machine")
    assert trigger_names() == set(module.TABLES)
    with transaction.atomic():
        editor = connection.SchemaEditorClass(connection, atomic=False)
        editor.deferred_sql = []
        module.remove(apps, editor)
        assert trigger_names() == set()
        module.install(apps, editor)
        ensure_guards()
        assert trigger_names() == set(module.TABLES)


def test_on_sqlite_they_make_way_for_migrations_and_come_back():
    everything = trigger_names()
    remove_guards()
    assert trigger_names() == (set() if connection.vendor == "sqlite" else everything)
    ensure_guards()
    ensure_guards()
    assert trigger_names() == everything


def test_two_people_wait_for_themselves(waiting, essay_quiz):
    assert start_attempt(taker=PersonFactory(), quiz=essay_quiz).number == 1
