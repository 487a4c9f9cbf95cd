"""True or false for each statement: the share of those judged rightly."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from quizzes.bank.actions import save_question
from quizzes.bank.content import content_of
from quizzes.bank.kinds import get_kind
from tests.quizzes.samples import SAMPLES
from tests.quizzes.test_kinds import hand_in, send, sit

KIND = get_kind("statements")
SAMPLE = SAMPLES["statements"]
rights = st.lists(st.booleans(), min_size=2, max_size=8)


def question(truths):
    options = [{"text": f"Câu {n}", "right": right} for n, right in enumerate(truths)]
    return content_of(kind="statements", prompt="?", options=options)


@given(rights, st.data())
def test_the_mark_is_the_exact_share_of_statements_judged_rightly(truths, data):
    content = question(truths)
    keys = [option["key"] for option in content["options"]]
    said = data.draw(st.dictionaries(st.sampled_from(keys), st.booleans()))
    answer = [f"{key}={str(value).lower()}" for key, value in said.items()]
    good = sum(said.get(key) == right for key, right in zip(keys, truths, strict=True))
    assert KIND.grade(content, answer) == Fraction(good, len(truths))


@given(rights)
def test_one_more_judged_rightly_is_never_worth_less(truths):
    content = question(truths)
    right = KIND.right_answer(content)
    marks = [KIND.grade(content, right[:n]) for n in range(len(right) + 1)]
    assert marks == sorted(marks)
    assert (marks[0], marks[-1]) == (0, 1)


@pytest.mark.django_db
def test_two_of_three_earn_two_thirds_and_the_review_says_which(client, taker):
    attempt = sit(taker, SAMPLE)
    send(client, attempt, {"answer:a": ["true"], "answer:b": ["true"], "answer:c": ["true"]})
    assert attempt.items.get().answer == ["b=true", "a=true", "c=true"]
    review = hand_in(client, attempt)
    assert str(attempt.points) == "0.6666"
    assert review.count("Lý do kín") == 3
    assert review.count("answer--bad") == 1
    assert review.count("Trả lời đúng") == 2
    # The score is told in points where a question may be right in part.
    assert "0,67 <small>" in re.sub(r"\s+", " ", review) or "/ 1 điểm" in review


@pytest.mark.django_db
def test_a_statement_is_true_or_false(client, taker):
    attempt = sit(taker, SAMPLE)
    for fields in ({"answer:a": ["maybe"]}, {"answer": ["a"]}, {"answer:a": ["true", "false"]}):
        assert send(client, attempt, fields).status_code == 400


@pytest.mark.django_db
def test_one_statement_is_too_few():
    with pytest.raises(ValidationError):
        save_question(key="k", kind="statements", prompt="?", options=[{"text": "Một"}])
