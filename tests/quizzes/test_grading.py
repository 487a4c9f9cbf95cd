"""Grading is exact, for every quiz there could be."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.attempts.grading import AnsweredItem, grade_attempt, grade_item, to_decimal
from quizzes.bank.content import QuestionContent
from quizzes.bank.kinds import BadAnswerError, get_kind


def content(kind: str, right: set[str], keys: str) -> QuestionContent:
    return {
        "kind": kind,
        "prompt": "?",
        "explanation": "",
        "sources": [],
        "options": [{"key": key, "text": key, "right": key in right, "why": ""} for key in keys],
    }


@st.composite
def items(draw: Any) -> AnsweredItem:
    kind = draw(st.sampled_from(["single", "multiple", "true_false"]))
    keys = "ab" if kind == "true_false" else "abcdef"[: draw(st.integers(3, 6))]
    if kind == "multiple":
        right = draw(st.sets(st.sampled_from(keys), min_size=1, max_size=len(keys) - 1))
        answer = draw(st.lists(st.sampled_from(keys), unique=True))
    else:
        right = {draw(st.sampled_from(keys))}
        answer = draw(st.lists(st.sampled_from(keys), max_size=1))
    return AnsweredItem(
        content=content(kind, right, keys), points=draw(st.integers(1, 20)), answer=answer
    )


def right_answer(item: AnsweredItem) -> list[str]:
    return [option["key"] for option in item.content["options"] if option["right"]]


@given(st.lists(items(), min_size=1, max_size=12), st.integers(0, 100))
def test_result_is_the_exact_share_of_the_points(sheet, pass_percent):
    result = grade_attempt(sheet, pass_percent=pass_percent)
    won = sum(item.points for item in sheet if set(item.answer) == set(right_answer(item)))
    most = sum(item.points for item in sheet)
    assert result.points == won
    assert result.max_points == most
    assert result.passed == (won * 100 >= pass_percent * most)
    assert 0 <= Fraction(won * 100, most) - Fraction(result.percent) < Fraction(1, 100)


@given(st.lists(items(), min_size=1, max_size=12), st.integers(0, 100))
def test_percent_shown_never_reaches_a_pass_mark_that_was_missed(sheet, pass_percent):
    result = grade_attempt(sheet, pass_percent=pass_percent)
    assert (result.percent >= pass_percent) == result.passed


@given(items())
def test_right_answer_earns_all_and_its_order_does_not_matter(item):
    keys = right_answer(item)
    for answer in (keys, keys[::-1]):
        right = AnsweredItem(content=item.content, points=item.points, answer=answer)
        assert grade_item(right) == item.points


@given(items())
def test_no_answer_earns_nothing(item):
    assert grade_item(AnsweredItem(content=item.content, points=item.points, answer=[])) == 0


def test_multiple_choice_is_all_or_nothing():
    question = content("multiple", {"a", "b"}, "abcd")
    grade = get_kind("multiple").grade
    assert grade(question, ["b", "a"]) == 1
    assert grade(question, ["a"]) == 0
    assert grade(question, ["a", "b", "c"]) == 0


@given(
    st.sets(st.sampled_from("abcdef"), min_size=1, max_size=5), st.sets(st.sampled_from("abcdef"))
)
def test_multiple_choice_in_parts_takes_wrong_choices_away_exactly(right, chosen):
    question = content("multiple", right, "abcdef")
    question["settings"] = {"scoring": "penalty"}
    grade = get_kind("multiple").grade
    earned = grade(question, sorted(chosen))
    share = Fraction(len(chosen & right), len(right)) - Fraction(
        len(chosen - right), 6 - len(right)
    )
    assert earned == max(share, 0)
    assert grade(question, sorted(right)) == 1
    assert grade(question, "abcdef") == 0
    for key in right - chosen:
        assert grade(question, sorted(chosen | {key})) >= earned
    for key in set("abcdef") - right - chosen:
        assert grade(question, sorted(chosen | {key})) <= earned


@given(st.fractions(min_value=0, max_value=1000), st.sampled_from(["0.0001", "0.01", "1"]))
def test_decimals_are_rounded_down(value, step):
    rounded = to_decimal(value, Decimal(step))
    assert 0 <= value - Fraction(rounded) < Fraction(step)


@given(st.lists(st.sampled_from("abcd")), st.permutations("abcd"))
def test_parsing_keeps_the_shown_order_and_drops_repetition(sent, offered):
    parsed = get_kind("multiple").read({"answer": sent}, offered)
    assert set(parsed) == set(sent)
    assert parsed == sorted(set(sent), key=offered.index)


@pytest.mark.parametrize("kind", ["single", "multiple", "true_false"])
def test_parsing_refuses_what_was_not_offered(kind):
    with pytest.raises(BadAnswerError):
        get_kind(kind).read({"answer": ["z"]}, ["a", "b"])


@pytest.mark.parametrize("kind", ["single", "multiple", "true_false"])
def test_parsing_refuses_the_fields_of_another_kind(kind):
    with pytest.raises(BadAnswerError):
        get_kind(kind).read({"answer:a": ["b"], "client": ["x"]}, ["a", "b"])


@pytest.mark.parametrize("kind", ["single", "true_false"])
def test_parsing_refuses_two_answers_where_one_is_asked(kind):
    with pytest.raises(BadAnswerError):
        get_kind(kind).read({"answer": ["a", "b"]}, ["a", "b"])


def test_an_attempt_worth_nothing_cannot_be_graded():
    with pytest.raises(ValueError, match="at least one point"):
        grade_attempt([], pass_percent=70)
