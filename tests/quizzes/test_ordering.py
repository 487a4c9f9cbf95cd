"""Ordering: the share of items in their right place."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.bank.content import content_of
from quizzes.bank.kinds import get_kind
from tests.quizzes.samples import SAMPLES
from tests.quizzes.steps import url
from tests.quizzes.test_kinds import hand_in, send, sit

KIND = get_kind("ordering")
SAMPLE = SAMPLES["ordering"]
sizes = st.integers(3, 9)


def question(size):
    options = [{"text": f"Bước {n}"} for n in range(1, size + 1)]
    return content_of(kind="ordering", prompt="?", options=options)


@given(sizes, st.data())
def test_the_mark_is_the_exact_share_of_items_in_their_place(size, data):
    content = question(size)
    order = KIND.shuffled(
        KIND.order(content), freely=False, chance=random.Random(data.draw(st.integers()))
    )
    places = data.draw(st.permutations(range(1, size + 1)))
    fields = {f"answer:{n}": [str(place)] for n, place in enumerate(places, start=1)}
    answer = KIND.read(fields, order)
    shown = KIND.asked(content, order, [])
    good = sum(
        part.text == f"Bước {place}" for part, place in zip(shown.parts, places, strict=True)
    )
    assert KIND.grade(content, answer) == Fraction(good, size)


@given(sizes, st.data())
def test_one_place_for_all_earns_nothing(size, data):
    content = question(size)
    place = data.draw(st.integers(1, size))
    answer = [f"{key}={place}" for key in KIND.order(content)]
    assert KIND.grade(content, answer) == 0


@given(sizes)
def test_one_more_in_its_place_is_never_worth_less(size):
    content = question(size)
    right = KIND.right_answer(content)
    assert [KIND.grade(content, right[:n]) for n in range(size + 1)] == [
        Fraction(n, size) for n in range(size + 1)
    ]


@given(sizes, st.integers(), st.booleans())
def test_it_is_never_shown_in_the_right_order(size, seed, freely):
    order = KIND.order(question(size))
    mixed = KIND.shuffled(order, freely=freely, chance=random.Random(seed))
    assert mixed != order
    assert sorted(mixed) == sorted(order)


@pytest.mark.django_db
def test_an_answered_order_is_shown_as_it_was_answered(client, taker):
    attempt = sit(taker, SAMPLE)
    before = client.get(url("attempt", attempt)).content.decode()
    assert before.index("Công bố") < before.index("Rà soát")
    send(client, attempt, SAMPLE.right)
    assert attempt.items.get().answer == ["c=3", "a=1", "d=4", "b=2"]
    after = client.get(url("attempt", attempt)).content.decode()
    texts = ["Rà soát", "Nộp đơn", "Công bố", "Cấp bằng"]
    assert sorted(texts, key=after.index) == texts
    # A half-done one stays as it was shown.
    send(client, attempt, {"answer:1": ["2"]})
    half = client.get(url("attempt", attempt)).content.decode()
    assert half.index("Công bố") < half.index("Rà soát")


@pytest.mark.django_db
def test_the_review_says_where_each_item_belongs(client, taker):
    attempt = sit(taker, SAMPLE)
    fields = {"answer:1": ["1"], "answer:2": ["1"], "answer:3": ["4"], "answer:4": ["3"]}
    send(client, attempt, fields)
    review = hand_in(client, attempt)
    assert str(attempt.points) == "0.2500"
    assert review.count("vị trí 1, chọn hai lần") == 2
    assert review.count("answer--ok") == 1
    assert "Lý do kín" in review


@pytest.mark.parametrize("value", ["0", "5", "x", "1.5", "-1"])
@pytest.mark.django_db
def test_a_place_that_there_is_not_is_refused(client, taker, value):
    attempt = sit(taker, SAMPLE)
    reply = send(client, attempt, {"answer:1": [value]})
    assert reply.status_code == 400
    assert reply.json()["error"] == "Vị trí là một số từ 1 đến 4."
