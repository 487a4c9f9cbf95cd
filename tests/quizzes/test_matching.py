"""Matching: rows and their counterparts, the share of rows that have theirs."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from quizzes.attempts.actions import start_attempt
from quizzes.bank.content import content_of
from quizzes.bank.kinds import get_kind
from tests.quizzes.factories import QuizFactory
from tests.quizzes.samples import SAMPLES
from tests.quizzes.steps import url
from tests.quizzes.test_kinds import hand_in, send, sit

KIND = get_kind("matching")
SAMPLE = SAMPLES["matching"]


def question(matches, loose=()):
    return content_of(
        kind="matching",
        prompt="?",
        options=[
            *({"text": f"Hàng {n}", "match": match} for n, match in enumerate(matches)),
            *({"match": match} for match in loose),
        ],
    )


@given(st.lists(st.sampled_from(["Một", "Hai", "Ba"]), min_size=2, max_size=8), st.data())
def test_the_mark_is_the_exact_share_of_rows_whatever_the_order_shown(matches, data):
    content = question(matches, ["Thừa"])
    order = KIND.shuffled(
        KIND.order(content), freely=True, chance=random.Random(data.draw(st.integers()))
    )
    shown = KIND.asked(content, order, [])
    texts = {option.key: option.text for option in shown.options}
    assert sorted(texts.values()) == sorted({*matches, "Thừa"})
    chosen = data.draw(
        st.fixed_dictionaries({}, optional={p.name: st.sampled_from([*texts]) for p in shown.parts})
    )
    answer = KIND.read({f"answer:{name}": [value] for name, value in chosen.items()}, order)
    rights = {f"Hàng {n}": match for n, match in enumerate(matches)}
    good = sum(
        part.name in chosen and texts[chosen[part.name]] == rights[part.text]
        for part in shown.parts
    )
    assert KIND.grade(content, answer) == Fraction(good, len(matches))


@given(st.lists(st.sampled_from(["Một", "Hai", "Ba"]), min_size=2, max_size=8))
def test_one_more_row_is_never_worth_less(matches):
    content = question(matches)
    right = KIND.right_answer(content)
    marks = [KIND.grade(content, right[:n]) for n in range(len(right) + 1)]
    assert marks == [Fraction(n, len(right)) for n in range(len(right) + 1)]


def test_counterparts_are_mixed_even_where_the_quiz_mixes_nothing():
    order = KIND.order(question(["A", "B", "C", "D", "E"]))
    mixed = {
        tuple(KIND.shuffled(order, freely=False, chance=random.Random(seed))) for seed in range(20)
    }
    assert len(mixed) > 10
    assert {one[:5] for one in mixed} == {("a", "b", "c", "d", "e")}
    rows = {
        tuple(KIND.shuffled(order, freely=True, chance=random.Random(seed))[:5])
        for seed in range(20)
    }
    assert len(rows) > 10


@pytest.mark.django_db
def test_the_order_is_frozen_with_the_attempt(client, taker):
    attempt = start_attempt(taker=taker, quiz=QuizFactory(questions=[SAMPLE.save()]))
    first = client.get(url("attempt", attempt)).content.decode()
    second = client.get(url("attempt", attempt)).content.decode()
    places = [
        [text.index(word) for word in ("20 năm", "10 năm", "5 năm", "Không có hạn")]
        for text in (first, second)
    ]
    order = sorted(range(4), key=lambda n: places[0][n])
    assert order == sorted(range(4), key=lambda n: places[1][n])


@pytest.mark.django_db
def test_the_review_says_for_each_row_what_was_chosen_and_what_is_right(client, taker):
    attempt = sit(taker, SAMPLE)
    send(client, attempt, {"answer:a": ["3"], "answer:b": ["2"]})
    assert attempt.items.get().answer == ["b=d", "a=a"]
    review = hand_in(client, attempt)
    assert str(attempt.points) == "0.3333"
    for text in ("20 năm", "10 năm", "5 năm", "Không có hạn", "Lý do kín"):
        assert text in review
    assert review.count("answer--ok") == 1
    assert review.count("answer--bad") == 2


@pytest.mark.parametrize("value", ["0", "5", "a", "-1", "１２"])
@pytest.mark.django_db
def test_a_place_that_is_not_shown_is_refused(client, taker, value):
    attempt = sit(taker, SAMPLE)
    assert send(client, attempt, {"answer:a": [value]}).status_code == 400


@pytest.mark.parametrize(
    "options",
    [
        [{"text": "Một", "match": "A"}, {"match": "B"}],
        [{"text": "Một", "match": "A"}, {"text": "Hai", "match": "a "}],
        [{"text": "Một", "match": "A"}, {"text": "Hai"}],
        [{"text": "Một", "match": "A"}, {"text": "một", "match": "B"}],
        [{"text": "Một", "match": "A"}, {"text": "Hai", "match": "B"}, {"match": "b"}],
    ],
)
def test_what_cannot_be_matched_is_refused(options):
    with pytest.raises(ValidationError):
        KIND.validate(content_of(kind="matching", prompt="?", options=options))
