"""A place on a picture: pressed, chosen by field, judged, told."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from quizzes.attempts.actions import start_attempt
from quizzes.bank.kinds import BadAnswerError, get_kind
from quizzes.bank.regions import (
    FIELDS,
    WHOLE,
    Box,
    Circle,
    Point,
    field_of,
    middle_of,
    read_area,
    read_point,
)
from tests.quizzes.factories import QuizFactory
from tests.quizzes.samples import SAMPLES
from tests.quizzes.steps import url

HOTSPOT = get_kind("hotspot")
SAMPLE = SAMPLES["hotspot"]
thousandth = st.integers(0, WHOLE)


@pytest.mark.parametrize(
    ("area", "region"),
    [
        ("0,0,1000,1000", Box(0, 0, 1000, 1000)),
        (" 100, 250, 300, 200 ", Box(100, 250, 300, 200)),
        ("500,500,120", Circle(500, 500, 120)),
    ],
)
def test_regions_are_read(area, region):
    assert read_area(area) == region


@pytest.mark.parametrize(
    "area", ["", "1", "1,2", "900,0,200,10", "0,0,0,5", "1,2,3,4,5", "a,b,c", "-1,0,5,5", "5,5,0"]
)
def test_what_is_no_region_is_refused(area):
    with pytest.raises(ValueError, match=r".*"):
        read_area(area)


def test_a_circle_is_round_on_the_picture_and_not_in_thousandths():
    circle = Circle(500, 500, 100)
    wide = (2000, 1000)
    assert circle.holds(Point(600, 500), wide)
    assert circle.holds(Point(500, 700), wide)
    assert not circle.holds(Point(500, 701), wide)
    assert not circle.holds(Point(601, 500), wide)


@given(thousandth, thousandth)
def test_every_place_lies_in_one_field_and_its_middle_too(x, y):
    point = Point(x, y)
    assert read_point(str(point)) == point
    column, row = field_of(point)
    assert 0 <= column < FIELDS
    assert field_of(middle_of(column, row)) == (column, row)


@given(thousandth, thousandth)
def test_a_place_is_right_where_a_right_region_holds_it(x, y):
    inside = 100 <= x <= 250 and 100 <= y <= 500
    assert HOTSPOT.grade(SAMPLE.content, [f"{x},{y}"]) == Fraction(int(inside))


def test_pressing_without_a_script_sends_pixels_of_the_screen():
    sent = {"answer:on280x140.x": ["70"], "answer:on280x140.y": ["35"]}
    assert HOTSPOT.read(sent, []) == ["250,250"]
    # What was chosen before by field is over.
    assert HOTSPOT.read({**SAMPLE.wrong, **sent}, []) == ["250,250"]
    # A button pressed by keyboard says nothing about a place.
    nowhere = {"answer:on280x140.x": ["0"], "answer:on280x140.y": ["0"]}
    assert HOTSPOT.read({**SAMPLE.wrong, **nowhere}, []) == ["950,950"]


def test_a_field_keeps_the_place_pressed_in_it_and_otherwise_means_its_middle():
    pressed = {"answer:at": ["260,310"], "answer:column": ["C"], "answer:row": ["4"]}
    assert HOTSPOT.read(pressed, []) == ["260,310"]
    assert HOTSPOT.read({**pressed, "answer:row": ["5"]}, []) == ["250,450"]
    assert HOTSPOT.read({**pressed, "answer:row": [""]}, []) == []


@pytest.mark.parametrize(
    "sent",
    [
        {"answer:on280x140.x": ["281"], "answer:on280x140.y": ["3"]},
        {"answer:on280x140.x": ["x"], "answer:on280x140.y": ["3"]},
        {"answer:on0x140.x": ["1"], "answer:on0x140.y": ["3"]},
        {"answer:column": ["K"], "answer:row": ["3"]},
        {"answer:column": ["A"], "answer:row": ["0"]},
        {"answer:at": ["1,1001"], "answer:column": ["A"], "answer:row": ["1"]},
    ],
)
def test_what_is_no_place_is_refused(sent):
    with pytest.raises(BadAnswerError):
        HOTSPOT.read(sent, [])


@pytest.mark.parametrize(
    "options",
    [
        [{"text": "Ô", "area": "0,0,500,500"}],
        [{"text": "Ô", "right": True}],
        [{"text": "Ô", "right": True, "area": "60,60,30,30"}],
        [{"text": "", "right": True, "area": "0,0,500,500"}],
    ],
    ids=["none right", "no region", "no keyboard way", "no name"],
)
def test_regions_that_cannot_be_asked_are_refused(options):
    content = {**SAMPLE.content, "options": []}
    for place, option in enumerate(options):
        content["options"].append({"key": str(place), "right": False, "why": "", **option})
    with pytest.raises(ValidationError):
        HOTSPOT.validate(content)
    HOTSPOT.validate(SAMPLE.content)


def test_a_question_without_its_picture_is_refused():
    content = {name: value for name, value in SAMPLE.content.items() if name != "picture"}
    with pytest.raises(ValidationError):
        HOTSPOT.validate(content)


@pytest.mark.django_db
def test_without_a_script_the_place_is_saved_marked_and_told(client, taker):
    attempt = start_attempt(taker=taker, quiz=QuizFactory(questions=[SAMPLE.save()]))
    page = client.get(url("attempt", attempt)).content.decode()
    assert 'name="answer:on280x140"' in page
    assert "100,100,150,400" not in page
    saved = client.post(
        url("save", attempt, 1), {"answer:on600x300.x": "120", "answer:on600x300.y": "90"}
    )
    assert saved.status_code == 302
    page = client.get(saved.url).content.decode()
    assert 'transform="translate(160 120)"' in page
    assert '<option value="C" selected>' in page
    assert '<option value="4" selected>' in page
    review = client.post(url("submit", attempt), follow=True).content.decode()
    assert 'class="hotspot__region" x="80" y="40" width="120" height="160"' in review
    assert "✓ Ô kín" in review
    attempt.refresh_from_db()
    assert attempt.percent == 100
