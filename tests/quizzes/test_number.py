"""A number: how it is read, its tolerance, its unit; exact to the last digit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from quizzes.bank.content import content_of, in_language
from quizzes.bank.kinds import get_kind
from quizzes.bank.kinds.number import readings
from tests.quizzes.samples import SAMPLES
from tests.quizzes.steps import url
from tests.quizzes.test_kinds import hand_in, send, sit

KIND = get_kind("number")
SAMPLE = SAMPLES["number"]
numbers = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=4)


def question(text, **settings):
    return content_of(
        kind="number",
        prompt="?",
        options=[{"text": text}],
        settings=KIND.clean_settings(settings),
    )


def earns(said, text, **settings):
    return KIND.grade(question(text, **settings), [said])


@pytest.mark.parametrize(
    ("text", "values", "unit"),
    [
        ("31,4", {"31.4"}, ""),
        ("31.4", {"31.4"}, ""),
        (",5", {"0.5"}, ""),
        ("-3", {"-3"}, ""),
        ("− 3,5 °C", {"-3.5"}, "°C"),
        ("1.234", {"1234", "1.234"}, ""),
        ("1,234", {"1234", "1.234"}, ""),
        ("0,234", {"0.234"}, ""),
        ("1.234,5", {"1234.5"}, ""),
        ("1,234.5", {"1234.5"}, ""),
        ("1.234.567", {"1234567"}, ""),
        ("1 234 567", {"1234567"}, ""),
        ("1'234", {"1234"}, ""),
        ("12.34.56", set(), ""),
        ("1.23.456", set(), ""),
        ("31,4%", {"31.4"}, "%"),
        ("20 năm", {"20"}, "năm"),
        ("khoảng 20", set(), ""),
        ("1e9", {"1"}, "e9"),
        ("", set(), ""),
        ("-", set(), ""),
        ("٣", {"3"}, ""),
    ],
)
def test_how_a_number_is_read(text, values, unit):
    found, rest = readings(text)
    assert found == {Decimal(value) for value in values}
    assert found == set() or rest == unit


@given(numbers)
def test_what_is_written_in_either_way_is_read_exactly(value):
    for written in (f"{value:,}", f"{value:,}".translate(str.maketrans(",.", ".,")), f"{value:f}"):
        assert value in readings(written)[0]


@given(numbers, st.decimals(0, 100, places=2), st.decimals(-200, 200, places=2), st.booleans())
def test_the_tolerance_is_exact(right, tolerance, off, percent):
    settings = {"tolerance": f"{tolerance:f}", "tolerance_as": "percent" if percent else "absolute"}
    said = right + off
    allowed = abs(Fraction(right)) * Fraction(tolerance) / 100 if percent else Fraction(tolerance)
    earned = earns(f"{said:f}", f"{right:f}", **settings)
    assert earned == int(abs(Fraction(said) - Fraction(right)) <= allowed)
    assert earns(f"{right:f}", f"{right:f}", **settings) == 1


@given(numbers, numbers, st.decimals(0, 1000, places=1), st.decimals(0, 1000, places=1))
def test_a_wider_tolerance_never_takes_a_mark_away(right, said, one, other):
    narrow, wide = sorted((one, other))
    args = (f"{said:f}", f"{right:f}")
    assert earns(*args, tolerance=f"{narrow:f}") <= earns(*args, tolerance=f"{wide:f}")


@pytest.mark.parametrize(
    ("said", "settings", "earned"),
    [
        ("31,4", {"unit": "%"}, 1),
        ("31,4 %", {"unit": "%"}, 1),
        ("31,4 Phần  trăm", {"unit": "%; phần trăm"}, 1),
        ("31,4 percent", {"unit": "%", "unit_en": "percent"}, 1),
        ("31,4 năm", {"unit": "%"}, 0),
        ("31,4", {"unit": "%", "ask_unit": True}, 0),
        ("31,4%", {"unit": "%", "ask_unit": True}, 1),
        ("31,4 m2", {"unit": "m²"}, 1),
        ("31,4 gì đó", {}, 1),
    ],
)
def test_the_unit(said, settings, earned):
    assert earns(said, "31,4", **settings) == earned


def test_in_english_the_same_number_is_right():
    content = content_of(
        kind="number",
        prompt="Mấy?",
        prompt_en="How many?",
        options=[{"text": "31,4", "text_en": "31.4"}],
        settings={"unit": "phần trăm", "unit_en": "percent"},
    )
    for language, unit in (("vi", "phần trăm"), ("en", "percent")):
        with translation.override(language):
            shown = in_language(content, language)
            assert KIND.asked(shown, [], []).parts[0].unit == unit
            part = KIND.reviewed(shown, [], ["31.4"]).parts[0]
            assert part.right
            assert part.key == ("31.4 percent" if language == "en" else "31,4 phần trăm")


@pytest.mark.django_db
def test_the_unit_stands_behind_the_field_and_the_review_tells_the_tolerance(client, taker):
    attempt = sit(taker, SAMPLE)
    page = client.get(url("attempt", attempt)).content.decode()
    assert 'id="unit-1">%</span>' in page
    assert "phần trăm" not in page
    send(client, attempt, {"answer": ["31,65"]})
    assert attempt.items.get().answer == ["31,65"]
    review = hand_in(client, attempt)
    assert attempt.points == 1
    assert "31,4 % (sai số cho phép ± 0,25)" in review
    assert "31,65" in review


@pytest.mark.parametrize("text", ["nhiều", "--1", "1.2.3", "%", "1" * 61])
@pytest.mark.django_db
def test_what_is_no_number_is_refused_at_once(client, taker, text):
    attempt = sit(taker, SAMPLE)
    reply = send(client, attempt, {"answer": [text]})
    assert reply.status_code == 400
    assert reply.json()["error"]


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        ([{"text": "1.234"}], {}),
        ([{"text": "20 năm"}], {}),
        ([{"text": ""}], {}),
        ([{"text": "1"}, {"text": "2"}], {}),
        ([{"text": "1"}], {"tolerance": "-1"}),
        ([{"text": "1"}], {"tolerance": "x"}),
        ([{"text": "1"}], {"ask_unit": True}),
        ([{"text": "1"}], {"tolerance_as": "half"}),
    ],
)
def test_what_cannot_be_asked_is_refused(options, settings):
    with pytest.raises(ValidationError):
        kept = KIND.clean_settings(settings)
        KIND.validate(content_of(kind="number", prompt="?", options=options, settings=kept))
