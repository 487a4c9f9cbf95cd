"""Options that keep their place when the others are shuffled."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.attempts.actions import start_attempt
from quizzes.bank.actions import save_question
from quizzes.bank.content import content_of
from quizzes.bank.kinds import get_kind
from quizzes.bank.kinds.choices import names_other_options
from tests.quizzes.factories import PersonFactory, QuizFactory

TEXTS = ["Một", "Hai", "Ba", "Bốn", "Năm"]


@given(st.sets(st.integers(0, 4)), st.integers())
def test_pinned_options_stay_and_the_others_are_all_there(pinned, seed):
    options = [
        {"text": text, "right": place == 0, "pinned": place in pinned}
        for place, text in enumerate(TEXTS)
    ]
    content = content_of(kind="single", prompt="?", options=options)
    kind = get_kind("single")
    shown = kind.shuffled(kind.order(content), freely=True, chance=random.Random(seed))
    assert sorted(shown) == list("abcde")
    assert all(shown[place] == "abcde"[place] for place in pinned)
    straight = kind.shuffled(kind.order(content), freely=False, chance=random.Random(seed))
    assert straight == list("abcde")


@pytest.mark.django_db
def test_every_person_sees_the_last_option_last():
    options = [
        {"text": "Sáng chế", "right": False},
        {"text": "Nhãn hiệu"},
        {"text": "Kiểu dáng"},
        {"text": "Tất cả đáp án trên", "right": True, "pinned": True},
    ]
    question = save_question(key="q", kind="single", prompt="?", options=options)
    quiz = QuizFactory(questions=[question])
    orders = {
        tuple(start_attempt(taker=PersonFactory(), quiz=quiz).items.get().option_order)
        for _person in range(20)
    }
    assert {order[-1] for order in orders} == {"d"}
    assert len(orders) > 1


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("Cả A và B", True),
        ("Cả hai", True),
        ("Tất cả các đáp án trên", True),
        ("A và C", True),
        ("Không có phương án nào đúng", True),
        ("All of the above", True),
        ("Cả nước", False),
        ("Tất cả mọi người", False),
        ("Sáng chế và nhãn hiệu", False),
    ],
)
def test_options_that_speak_of_others_are_found(text, speaks):
    assert names_other_options(text) == speaks
    options = [{"text": "Một", "right": True}, {"text": text}]
    advice = get_kind("single").advice(content_of(kind="single", prompt="?", options=options))
    assert bool(advice) == speaks
    options[1]["pinned"] = True
    assert get_kind("single").advice(content_of(kind="single", prompt="?", options=options)) == []
