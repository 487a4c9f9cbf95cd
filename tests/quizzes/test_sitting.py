"""A sitting through its addresses: start, answer, resume; who may, and what is never told."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quizzes.attempts.actions import start_attempt, submit_attempt
from quizzes.attempts.errors import NoAttemptsLeftError, NothingToAskError
from quizzes.attempts.models import Attempt, AttemptItem
from tests.quizzes.factories import (
    MultipleFactory,
    QuestionFactory,
    QuizFactory,
    TrueFalseFactory,
)
from tests.quizzes.steps import JSON, given, late, save, url

# --- starting ------------------------------------------------------------------------------------


def test_starting_twice_is_one_attempt(taker):
    quiz = QuizFactory()
    first = start_attempt(taker=taker, quiz=quiz, origin="x", return_to="/khoa-hoc/")
    assert start_attempt(taker=taker, quiz=quiz) == first
    assert Attempt.objects.count() == 1
    assert AttemptItem.objects.count() == 3


def test_a_new_attempt_is_numbered_after_the_last(taker, attempt):
    submit_attempt(attempt=attempt)
    second = start_attempt(taker=taker, quiz=attempt.quiz)
    assert (attempt.number, second.number) == (1, 2)


def test_no_more_attempts_than_allowed(taker):
    quiz = QuizFactory(attempts_allowed=1)
    submit_attempt(attempt=start_attempt(taker=taker, quiz=quiz))
    with pytest.raises(NoAttemptsLeftError):
        start_attempt(taker=taker, quiz=quiz)


def test_the_last_attempt_left_open_too_long_is_graded_before_the_refusal(taker):
    quiz = QuizFactory(attempts_allowed=1, time_limit_minutes=5)
    only = start_attempt(taker=taker, quiz=quiz)
    late(only)
    with pytest.raises(NoAttemptsLeftError):
        start_attempt(taker=taker, quiz=quiz)
    only.refresh_from_db()
    assert only.state == Attempt.State.GRADED


def test_a_quiz_without_published_questions_is_not_started(taker):
    with pytest.raises(NothingToAskError):
        start_attempt(taker=taker, quiz=QuizFactory(questions=[]))
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("path", ["https://ac.example/", "//ac.example/", "javascript:alert(1)"])
def test_the_way_back_stays_on_this_site(taker, path):
    assert start_attempt(taker=taker, quiz=QuizFactory(), return_to=path).return_to == ""


def test_options_are_shuffled_but_true_stays_above_false(taker):
    questions = [*QuestionFactory.create_batch(12, wrong=7), TrueFalseFactory()]
    attempt = start_attempt(taker=taker, quiz=QuizFactory(questions=questions))
    orders = [item.option_order for item in attempt.items.order_by("position")]
    assert any(order != sorted(order) for order in orders[:-1])
    assert all(sorted(order) == list("abcdefgh") for order in orders[:-1])
    assert orders[-1] == ["a", "b"]


# --- who may see it ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["attempt", "submit", "result"])
def test_only_the_taker_sees_an_attempt(client, other, attempt, name):
    address = url(name, attempt)
    assert client.get(address, follow=True).status_code == 200
    assert other.get(address).status_code == 404
    anonymous = Client().get(address)
    assert anonymous.status_code == 302
    assert anonymous.url.startswith(reverse("accounts:login"))


def test_only_the_taker_writes_to_an_attempt(other, attempt):
    assert save(other, attempt, 1, "a").status_code == 404
    assert other.post(url("submit", attempt)).status_code == 404
    assert Client().post(url("submit", attempt)).status_code == 302
    assert not given().exists()
    attempt.refresh_from_db()
    assert attempt.is_open


def test_a_lost_session_is_told_to_the_script_with_the_way_back(attempt):
    reply = save(Client(), attempt, 2, "a")
    assert reply.status_code == 401
    assert reply.json()["error"]
    assert reply.json()["url"].startswith(reverse("accounts:login"))
    assert "cau%3D2" in reply.json()["url"]
    form = Client().post(url("save", attempt, 2), {"answer": "a"})
    assert form.status_code == 302
    assert "cau%3D2" in form.url


# --- answering -----------------------------------------------------------------------------------


def test_a_saved_answer_is_acknowledged_and_there_again(client, attempt):
    reply = save(client, attempt, 2, "b")
    assert reply.status_code == 200
    body = reply.json()
    assert body["position"] == 2
    assert body["answered"] == 1
    saved = given().get()
    assert body["saved_at"] == saved.saved_at.isoformat()
    assert timezone.localtime(saved.saved_at).strftime("%H:%M:%S") in body["saved_label"]
    page = Client()
    page.force_login(attempt.taker)  # another device
    html = page.get(url("attempt", attempt), {"cau": 2}).content.decode()
    assert 'value="b" checked' in html
    assert body["saved_label"] in html


def test_without_script_the_form_saves_and_goes_on(client, attempt):
    reply = client.post(url("save", attempt, 1), {"answer": "c", "go": "2"})
    assert reply.status_code == 302
    assert reply.url == url("attempt", attempt) + "?cau=2"
    assert given().get().answer == ["c"]
    last = client.post(url("save", attempt, 3), {"answer": "c", "go": "review"})
    assert last.url == url("submit", attempt)


def test_an_answer_can_be_changed_and_taken_back(client, taker):
    attempt = start_attempt(taker=taker, quiz=QuizFactory(questions=[MultipleFactory()]))
    assert save(client, attempt, 1, "a", "c").json()["answered"] == 1
    assert save(client, attempt, 1, "a", "b").json()["answered"] == 1
    assert sorted(given().get().answer) == ["a", "b"]
    assert save(client, attempt, 1).json()["answered"] == 0
    assert given().get().answer == []


def test_an_older_save_never_overwrites_a_newer_one_of_the_same_browser(client, attempt):
    newer = save(client, attempt, 1, "b", client="tab", sequence=5).json()
    older = save(client, attempt, 1, "c", client="tab", sequence=4)
    assert older.status_code == 200
    assert older.json()["saved_at"] == newer["saved_at"]
    assert given().get().answer == ["b"]


def test_the_same_save_twice_gets_the_same_acknowledgement(client, attempt):
    first = save(client, attempt, 1, "b", client="tab", sequence=5)
    again = save(client, attempt, 1, "b", client="tab", sequence=5)
    assert first.json() == again.json()
    assert given().count() == 1


def test_another_browser_may_change_the_answer(client, attempt):
    save(client, attempt, 1, "b", client="office", sequence=9)
    save(client, attempt, 1, "c", client="home", sequence=1)
    assert given().get().answer == ["c"]


@pytest.mark.parametrize(
    "data", [{"answer": "zz"}, {"answer": ["a", "b"]}, {"answer": "a", "sequence": "x"}]
)
def test_what_cannot_be_an_answer_is_refused(client, attempt, data):
    reply = client.post(url("save", attempt, 1), data, **JSON)
    assert reply.status_code == 400
    assert reply.json()["error"]
    assert not given().exists()


def test_a_position_that_does_not_exist_is_not_found(client, attempt):
    assert save(client, attempt, 99, "a").status_code == 404


def test_a_get_never_saves(client, attempt):
    assert client.get(url("save", attempt, 1), {"answer": "a"}).status_code == 405
    client.get(url("attempt", attempt))
    client.get(url("submit", attempt))
    assert not given().exists()
    attempt.refresh_from_db()
    assert attempt.is_open


# --- the key stays on the server -----------------------------------------------------------------


def test_the_key_does_not_reach_the_browser_before_the_review(client, attempt):
    answers = [save(client, attempt, n, "a").content.decode() for n in (1, 2, 3)]
    pages = [
        client.get(url("attempt", attempt), {"cau": n}).content.decode() for n in (1, 2, 3)
    ] + [client.get(url("submit", attempt)).content.decode()]
    for text in answers + pages:
        assert "kín" not in text
        assert "right" not in text.lower()
        assert "is_right" not in text
    # The options look alike but for their texts: nothing marks the right one.
    client.post(url("submit", attempt))
    assert "Giải thích kín" in client.get(url("result", attempt)).content.decode()


def test_the_acknowledgement_says_nothing_about_being_right(client, attempt):
    right, wrong = save(client, attempt, 1, "a"), save(client, attempt, 2, "b")
    assert (
        set(right.json())
        == set(wrong.json())
        == {
            "position",
            "saved_at",
            "saved_label",
            "answered",
        }
    )


def test_an_open_attempt_has_no_result_page(client, attempt):
    reply = client.get(url("result", attempt))
    assert reply.status_code == 302
    assert reply.url == url("attempt", attempt)
