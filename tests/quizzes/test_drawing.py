"""Which questions an attempt asks: drawn, unseen first, only what is valid, by a blueprint."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from quizzes.attempts.actions import start_attempt, submit_attempt
from quizzes.attempts.errors import NothingToAskError
from quizzes.bank.actions import save_quiz
from quizzes.bank.drawing import Pool, pick, pools, question_count
from quizzes.bank.models import Question
from quizzes.bank.queries import AskableQuestion
from tests.quizzes.factories import PersonFactory, QuestionFactory, QuizFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


def asked(attempt):
    """The ids of the questions of an attempt, in order."""
    return list(attempt.items.order_by("position").values_list("version__question_id", flat=True))


# --- picking -------------------------------------------------------------------------------------


@given(
    size=st.integers(0, 30),
    count=st.none() | st.integers(1, 40),
    seen=st.sets(st.integers(0, 30)),
    seed=st.integers(),
)
def test_picking_takes_unseen_questions_first_and_keeps_their_order(size, count, seen, seed):
    questions = [AskableQuestion(n, n, "single", 1, ("a",)) for n in range(size)]
    picked = [q.question_id for q in pick(questions, count, seen=seen, chance=random.Random(seed))]
    assert picked == sorted(set(picked))
    assert len(picked) == (size if count is None else min(count, size))
    unseen = set(range(size)) - seen
    assert len(set(picked) & unseen) == min(len(unseen), len(picked))


def test_every_question_of_a_pool_can_come():
    questions = [AskableQuestion(n, n, "single", 1, ("a",)) for n in range(6)]
    chance = random.Random(1)
    drawn = {q.question_id for _n in range(60) for q in pick(questions, 2, seen=(), chance=chance)}
    assert drawn == set(range(6))


# --- in an attempt -------------------------------------------------------------------------------


def test_an_attempt_asks_as_many_as_the_quiz_draws():
    quiz = QuizFactory(size=6, draw=2)
    attempt = start_attempt(taker=PersonFactory(), quiz=quiz)
    assert len(asked(attempt)) == 2
    assert question_count(quiz, on=timezone.localdate()) == 2


def test_trying_again_meets_what_was_not_asked_before():
    quiz, taker = QuizFactory(size=6, draw=2), PersonFactory()
    met = []
    for _try in range(3):
        attempt = start_attempt(taker=taker, quiz=quiz)
        met += asked(attempt)
        submit_attempt(attempt=attempt)
    assert len(set(met)) == 6
    # Then everything has been seen, and may come again.
    assert len(asked(start_attempt(taker=taker, quiz=quiz))) == 2


def test_a_question_is_asked_only_on_the_days_it_is_valid():
    day = timezone.localdate()
    early = QuestionFactory(valid_from=day + timedelta(days=1))
    late = QuestionFactory(valid_until=day - timedelta(days=1))
    now = QuestionFactory(valid_from=day, valid_until=day)
    quiz = QuizFactory(questions=[early, late, now])
    assert asked(start_attempt(taker=PersonFactory(), quiz=quiz)) == [now.pk]


def test_a_quiz_whose_questions_are_all_out_of_date_asks_nothing():
    late = QuestionFactory(valid_until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(NothingToAskError):
        start_attempt(taker=PersonFactory(), quiz=QuizFactory(questions=[late]))


def test_a_pool_that_grew_too_small_is_told():
    quiz = QuizFactory(size=3, draw=3)
    assert [pool.is_too_small for pool in pools(quiz, on=TODAY)] == [False]
    Question.objects.filter(pk=quiz.places.first().question_id).update(valid_until=TODAY)
    assert pools(quiz, on=TODAY + timedelta(days=1)) == [Pool(quiz.title, 3, 2)]
    assert pools(quiz, on=TODAY + timedelta(days=1))[0].is_too_small


def test_a_blueprint_draws_so_many_of_each():
    first, second = QuizFactory(size=4), QuizFactory(size=5)
    final = save_quiz(
        key="cuoi", title="Cuối khóa", question_keys=[], draws=[(first.key, 2), (second.key, 3)]
    )
    own = [set(q.places.values_list("question_id", flat=True)) for q in (first, second)]
    found = asked(start_attempt(taker=PersonFactory(), quiz=final))
    assert [len(set(found) & pool) for pool in own] == [2, 3]
    assert question_count(final, on=TODAY) == 5


def test_a_question_in_two_pools_is_asked_once():
    shared = QuestionFactory.create_batch(3)
    first, second = QuizFactory(questions=shared), QuizFactory(questions=shared)
    final = save_quiz(
        key="cuoi", title="Cuối khóa", question_keys=[], draws=[(first.key, 2), (second.key, 2)]
    )
    found = asked(start_attempt(taker=PersonFactory(), quiz=final))
    assert sorted(found) == sorted(question.pk for question in shared)


@pytest.mark.parametrize("size", [10, 100])
def test_drawing_costs_the_same_whatever_the_pools_size(size, django_assert_max_num_queries):
    quiz, taker = QuizFactory(size=size, draw=5), PersonFactory()
    submit_attempt(attempt=start_attempt(taker=taker, quiz=quiz))
    with django_assert_max_num_queries(9):
        start_attempt(taker=taker, quiz=quiz)


# --- two languages -------------------------------------------------------------------------------


def test_a_question_is_asked_and_reviewed_in_the_readers_language(client):
    question = QuestionFactory(
        prompt_en="What is asked?",
        explanation_en="Because.",
        options=[
            {"text": "Đúng", "right": True, "why": "Vì.", "text_en": "Right", "why_en": "So."},
            {"text": "Sai", "why": "Không.", "text_en": "Wrong", "why_en": "No."},
        ],
    )
    taker = PersonFactory()
    client.force_login(taker)
    attempt = start_attempt(taker=taker, quiz=QuizFactory(questions=[question]))
    vietnamese = client.get(f"/bai-lam/{attempt.pk}/").content.decode()
    english = client.get(f"/en/bai-lam/{attempt.pk}/").content.decode()
    assert question.prompt in vietnamese
    assert "What is asked?" not in vietnamese
    assert "What is asked?" in english
    assert "Wrong" in english
    submit_attempt(attempt=attempt)
    result = client.get(f"/en/bai-lam/{attempt.pk}/ket-qua/").content.decode()
    assert "Because." in result
    assert "So." in result


def test_what_is_not_translated_stays_vietnamese(client):
    question, taker = QuestionFactory(), PersonFactory()
    client.force_login(taker)
    attempt = start_attempt(taker=taker, quiz=QuizFactory(questions=[question]))
    assert question.prompt in client.get(f"/en/bai-lam/{attempt.pk}/").content.decode()


def test_a_translation_makes_a_new_version_and_its_absence_none():
    question = QuestionFactory()
    assert "en" not in question.current_version.content
    assert QuestionFactory(key=question.key, prompt=question.prompt).versions.count() == 1
    told = QuestionFactory(key=question.key, prompt=question.prompt, prompt_en="In English?")
    assert told.versions.count() == 2
    assert told.current_version.content["en"]["prompt"] == "In English?"
