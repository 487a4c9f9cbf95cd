"""Handing in through its address: the result, the deadline, what is frozen, what it costs."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from quizzes.attempts.actions import start_attempt, submit_attempt
from quizzes.attempts.signals import attempt_graded
from quizzes.attempts.standing import Standing, standing
from quizzes.bank.actions import save_question
from tests.quizzes.factories import (
    PersonFactory,
    QuestionFactory,
    QuizFactory,
)
from tests.quizzes.steps import answer_all, given, late, save, url

# --- handing in ----------------------------------------------------------------------------------


def test_before_handing_in_the_unanswered_questions_are_listed(client, attempt):
    save(client, attempt, 2, "a")
    context = client.get(url("submit", attempt)).context
    assert [place.position for place in context["unanswered"]] == [1, 3]


def test_handing_in_gives_score_receipt_and_review(client, attempt):
    save(client, attempt, 1, "a")
    save(client, attempt, 2, "b")
    reply = client.post(url("submit", attempt), follow=True)
    assert reply.redirect_chain[-1][0] == url("result", attempt)
    attempt.refresh_from_db()
    assert attempt.points == 1
    assert attempt.max_points == 3
    assert attempt.percent == Decimal("33.33")
    assert attempt.passed is False
    html = reply.content.decode()
    for text in (attempt.receipt, "Lý do kín của a", "Lý do kín của b", "Điều 3 Luật"):
        assert text in html
    assert 'href="/khoa-hoc/chuyen-de-1/"' in html
    assert [item.earned for item in attempt.items.order_by("position")] == [1, 0, 0]


def test_passing_needs_the_pass_mark_exactly(client, taker):
    quiz = QuizFactory(size=10, pass_percent=70)
    for right, passed in ((6, False), (7, True)):
        attempt = start_attempt(taker=taker, quiz=quiz)
        for position in range(1, 11):
            save(client, attempt, position, "a" if position <= right else "b")
        graded = submit_attempt(attempt=attempt)
        assert (graded.percent, graded.passed) == (right * 10, passed)
    assert standing(taker_id=taker.pk, quiz=quiz) == Standing(Decimal(70), True, graded)


def test_handing_in_twice_counts_once(client, attempt):
    told = []

    def listen(**kwargs):
        told.append(kwargs["attempt"].pk)

    attempt_graded.connect(listen)
    try:
        answer_all(client, attempt)
        first = client.post(url("submit", attempt))
        attempt.refresh_from_db()
        receipt, at = attempt.receipt, attempt.submitted_at
        second = client.post(url("submit", attempt))
    finally:
        attempt_graded.disconnect(listen)
    attempt.refresh_from_db()
    assert first.url == second.url == url("result", attempt)
    assert told == [attempt.pk]
    assert (attempt.receipt, attempt.submitted_at) == (receipt, at)


def test_a_listener_that_fails_takes_the_grading_back(attempt):
    def fail(**kwargs):
        raise RuntimeError("no certificate today")

    attempt_graded.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            submit_attempt(attempt=attempt)
    finally:
        attempt_graded.disconnect(fail)
    attempt.refresh_from_db()
    assert attempt.is_open


def test_after_handing_in_nothing_can_be_changed(client, attempt):
    client.post(url("submit", attempt))
    reply = save(client, attempt, 1, "a")
    assert reply.status_code == 409
    assert reply.json()["code"] == "closed"
    assert reply.json()["url"] == url("result", attempt)
    assert not given().exists()
    assert client.get(url("attempt", attempt)).url == url("result", attempt)
    assert client.get(url("submit", attempt)).url == url("result", attempt)
    form = client.post(url("save", attempt, 1), {"answer": "a", "go": "2"})
    assert form.url == url("result", attempt)


def test_someone_else_has_an_attempt_of_her_own(client, attempt):
    stranger = PersonFactory()
    theirs = start_attempt(taker=stranger, quiz=attempt.quiz)
    assert theirs != attempt
    assert theirs.number == 1


# --- the deadline --------------------------------------------------------------------------------


def test_after_the_deadline_saving_is_refused_and_what_was_saved_counts(client, taker):
    attempt = start_attempt(taker=taker, quiz=QuizFactory(time_limit_minutes=10))
    assert attempt.deadline - attempt.started_at == timedelta(minutes=10)
    save(client, attempt, 1, "a")
    late(attempt)
    reply = save(client, attempt, 2, "a")
    assert reply.status_code == 409
    assert reply.json()["code"] == "late"
    assert reply.json()["error"]
    assert reply.json()["url"] == url("submit", attempt)
    form = client.post(url("save", attempt, 2), {"answer": "a", "go": "3"}, follow=True)
    assert form.redirect_chain[0][0] == url("submit", attempt)
    assert reply.json()["error"] in form.content.decode()
    client.post(url("submit", attempt))
    attempt.refresh_from_db()
    assert attempt.points == 1


def test_without_a_limit_there_is_no_deadline(attempt):
    assert attempt.deadline is None


# --- what was asked stays as it was asked --------------------------------------------------------


def test_an_edit_in_the_middle_changes_nothing_for_who_is_sitting(client, taker):
    question = QuestionFactory(key="k", prompt="Bản cũ?")
    quiz = QuizFactory(questions=[question])
    attempt = start_attempt(taker=taker, quiz=quiz)
    save(client, attempt, 1, "a")
    save_question(
        key="k",
        kind="single",
        prompt="Bản mới?",
        options=[{"key": "a", "text": "Nay sai"}, {"key": "b", "text": "Nay đúng", "right": True}],
    )
    quiz.pass_percent = 0
    quiz.save()
    page = client.get(url("attempt", attempt)).content.decode()
    assert "Bản cũ?" in page
    assert "Bản mới?" not in page
    assert save(client, attempt, 1, "c").status_code == 200
    assert save(client, attempt, 1, "a").status_code == 200
    graded = submit_attempt(attempt=attempt)
    assert graded.points == 1
    assert graded.pass_percent == 70
    assert "Bản cũ?" in client.get(url("result", attempt)).content.decode()
    fresh = start_attempt(taker=taker, quiz=quiz)
    assert "Bản mới?" in client.get(url("attempt", fresh)).content.decode()


# --- cost ----------------------------------------------------------------------------------------


@pytest.fixture(params=[1, 3, 25])
def sized(request, taker):
    return start_attempt(taker=taker, quiz=QuizFactory(size=request.param))


def test_saving_an_answer_costs_few_queries(client, sized, django_assert_max_num_queries):
    save(client, sized, 1, "b")
    with django_assert_max_num_queries(8):
        assert save(client, sized, 1, "a").status_code == 200


def test_the_question_page_costs_few_queries(client, sized, django_assert_max_num_queries):
    save(client, sized, 1, "b")
    with django_assert_max_num_queries(8):
        assert client.get(url("attempt", sized)).status_code == 200


def test_handing_in_and_the_result_cost_few_queries(client, sized, django_assert_max_num_queries):
    save(client, sized, 1, "a")
    with django_assert_max_num_queries(11):
        submit_attempt(attempt=sized)
    # Among them the rulings, what was computed again, which of her attempts counts, and the
    # number of unread notices in the header.
    with django_assert_max_num_queries(10):
        assert client.get(url("result", sized)).status_code == 200


@pytest.mark.parametrize("size", [1, 3, 25])
def test_starting_costs_the_same_whatever_the_size(taker, size, django_assert_max_num_queries):
    quiz = QuizFactory(size=size)
    with django_assert_max_num_queries(8):
        start_attempt(taker=taker, quiz=quiz)


def test_the_reply_is_json_for_the_script_only(client, attempt):
    reply = save(client, attempt, 1, "a")
    assert json.loads(reply.content)["position"] == 1
    page = client.post(url("save", attempt, 1), {"answer": "a"}, HTTP_ACCEPT="text/html,*/*;q=0.8")
    assert page.status_code == 302
