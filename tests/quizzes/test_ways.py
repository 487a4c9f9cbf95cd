"""Ways through an attempt: one after the other, practice, one page; and what is told after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from quizzes.attempts.actions import start_attempt, submit_attempt
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.attempts.telling import RIGHT_AFTER
from tests.quizzes.factories import QuizFactory
from tests.quizzes.steps import JSON, answer_all, save, url

pytestmark = pytest.mark.django_db

KEY = ("Lý do kín", "Giải thích kín", "Điều 3 Luật")


def page(client, attempt):
    return client.get(url("attempt", attempt))


def press(client, attempt, position, go, *keys):
    return client.post(url("save", attempt, position), {"answer": keys, "go": go})


# --- one after the other, never back -------------------------------------------------------------


@pytest.fixture
def one_way(taker):
    return start_attempt(taker=taker, quiz=QuizFactory(may_go_back=False))


def test_without_a_way_back_the_page_shows_where_she_stands(client, one_way):
    assert page(client, one_way).context["sheet"].question.position == 1
    # Asking for another one does not help, and reading writes nothing.
    reply = client.get(url("attempt", one_way), {"cau": 3})
    assert reply.context["sheet"].question.position == 1
    assert "?cau=" not in reply.content.decode()
    press(client, one_way, 1, "2", "a")
    assert page(client, one_way).context["sheet"].question.position == 2


def test_a_question_that_was_left_takes_no_answer(client, one_way):
    press(client, one_way, 1, "2", "a")
    reply = save(client, one_way, 1, "b")
    assert (reply.status_code, reply.json()["code"]) == (409, "passed-by")
    assert one_way.items.get(position=1).answer == ["a"]
    # Nor one that has not been reached.
    assert save(client, one_way, 3, "a").json()["code"] == "passed-by"
    assert one_way.items.get(position=3).answer == []


def test_pressing_next_twice_leaves_one_question(client, one_way):
    press(client, one_way, 1, "2", "a")
    press(client, one_way, 1, "2", "b")
    assert Attempt.objects.get().reached == 2


def test_after_the_last_question_it_is_handed_in(client, one_way):
    for position in (1, 2, 3):
        press(client, one_way, position, str(position + 1), "a")
    assert page(client, one_way).url == url("submit", one_way)
    before = client.get(url("submit", one_way))
    assert before.context["may_return"] is False
    client.post(url("submit", one_way))
    assert Attempt.objects.get().percent == 100


# --- practice ------------------------------------------------------------------------------------


@pytest.fixture
def practice(taker):
    return start_attempt(taker=taker, quiz=QuizFactory(mode="practice"))


def test_practice_tells_after_each_question(client, practice):
    assert not any(text in page(client, practice).content.decode() for text in KEY)
    press(client, practice, 1, "check", "b")
    shown = client.get(url("attempt", practice), {"cau": 1})
    assert shown.context["sheet"].checked.right is False
    assert all(text in shown.content.decode() for text in KEY)
    # The others are still closed.
    other = client.get(url("attempt", practice), {"cau": 2}).content.decode()
    assert not any(text in other for text in KEY)


def test_an_answer_that_was_checked_stays(client, practice):
    press(client, practice, 1, "check", "b")
    press(client, practice, 1, "check", "a")
    reply = save(client, practice, 1, "a")
    assert (reply.status_code, reply.json()["code"]) == (409, "checked")
    assert practice.items.get(position=1).answer == ["b"]


def test_a_test_that_counts_checks_nothing_before_its_end(client, attempt):
    press(client, attempt, 1, "check", "b")
    assert AttemptItem.objects.filter(checked_at__isnull=False).count() == 0
    assert not any(text in page(client, attempt).content.decode() for text in KEY)


# --- all questions on one page -------------------------------------------------------------------


@pytest.fixture
def whole(taker):
    return start_attempt(taker=taker, quiz=QuizFactory(paging="whole"))


def test_one_page_shows_every_question_and_no_key(client, whole):
    reply = page(client, whole)
    html = reply.content.decode()
    assert [sheet.question.position for sheet in reply.context["sheets"]] == [1, 2, 3]
    assert all(f'name="cau-{n}"' in html for n in (1, 2, 3))
    assert not any(text in html for text in KEY)


def test_one_page_is_saved_as_a_whole_without_the_script(client, whole):
    reply = client.post(url("save_all", whole), {"cau-1": "a", "cau-3": "b", "go": "review"})
    assert reply.url == url("submit", whole)
    answers = [item.answer for item in whole.items.order_by("position")]
    assert answers == [["a"], [], ["b"]]
    # A field that is not an option of the question is refused; the others are kept.
    client.post(url("save_all", whole), {"cau-1": "xyz", "cau-2": "a", "cau-3": "b"})
    assert [item.answer for item in whole.items.order_by("position")] == [["a"], ["a"], ["b"]]


def test_each_answer_of_one_page_is_saved_by_itself_with_the_script(client, whole):
    assert save(client, whole, 2, "a").json()["answered"] == 1


@pytest.mark.parametrize("questions", [1, 3])
def test_one_page_costs_the_same_however_many_questions(
    client, taker, questions, django_assert_num_queries
):
    attempt = start_attempt(taker=taker, quiz=QuizFactory(paging="whole", size=questions))
    page(client, attempt)
    with django_assert_num_queries(7):
        page(client, attempt)


def test_save_all_is_for_the_taker(other, whole):
    assert other.post(url("save_all", whole), {"cau-1": "a"}).status_code == 404
    assert whole.items.get(position=1).answer == []


# --- what is told --------------------------------------------------------------------------------


def result_of(client, taker, **rules):
    attempt = start_attempt(taker=taker, quiz=QuizFactory(**rules))
    answer_all(client, attempt, "b")
    return submit_attempt(attempt=attempt)


def told(client, attempt):
    reply = client.get(url("result", attempt))
    html = reply.content.decode()
    return {
        name
        for name, seen in (
            ("score", reply.context["summary"].total > 0 or "score__n" in html),
            ("answers", "Phương án b" in html),
            ("key", "Phương án đầu" in html and "review__a" in html),
            ("explanation", any(text in html for text in KEY)),
        )
        if seen
    }


@pytest.mark.parametrize(
    ("rule", "seen"),
    [
        (["score", "answers", "key", "explanation"], {"score", "answers", "key", "explanation"}),
        (["score", "answers", "key"], {"score", "answers", "key"}),
        (["score", "answers"], {"score", "answers"}),
        (["score", "answers", "explanation"], {"score", "answers"}),
        (["score"], {"score"}),
        ([], set()),
    ],
)
def test_each_phase_tells_what_the_quiz_lets_it(client, taker, rule, seen):
    attempt = result_of(client, taker, review_right_after=rule)
    assert told(client, attempt) == seen
    html = client.get(url("result", attempt)).content.decode()
    # Whatever is held back, the receipt is there.
    assert attempt.receipt in html
    if "key" not in seen:
        assert "Lựa chọn đúng" not in html
        assert not any(text in html for text in KEY)


def test_the_phases_follow_one_another(client, taker, monkeypatch):
    closes_at = timezone.now() + timedelta(hours=2)
    attempt = result_of(
        client,
        taker,
        closes_at=closes_at,
        review_right_after=["score"],
        review_while_open=[],
        review_after_closing=["score", "answers", "key"],
    )
    assert told(client, attempt) == {"score"}
    monkeypatch.setattr(timezone, "now", lambda: attempt.submitted_at + RIGHT_AFTER)
    assert told(client, attempt) == set()
    monkeypatch.setattr(timezone, "now", lambda: closes_at)
    assert told(client, attempt) == {"score", "answers", "key"}


def test_a_refused_save_tells_nothing_of_the_key(client, attempt):
    replies = [
        save(client, attempt, 1, "khong-co"),
        save(client, attempt, 9, "a"),
        client.post(url("save", attempt, 1), {"answer:x": "a"}, **JSON),
        client.post(url("save", attempt, 1), {"answer": "a", "sequence": "mot"}, **JSON),
    ]
    assert [reply.status_code for reply in replies] == [400, 404, 400, 400]
    for reply in replies:
        assert not any(text in reply.content.decode() for text in KEY)
