"""A short essay: its text is kept as it was written, and no machine marks it."""

from __future__ import annotations

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from quizzes.attempts.actions import start_attempt
from quizzes.bank.kinds import BadAnswerError, all_kinds, get_kind
from quizzes.bank.kinds.essay import MOST_CHARACTERS, count_words, rubric
from quizzes.bank.kinds.showing import Criterion
from quizzes.bank.presentation import reviewed
from tests.quizzes.factories import QuizFactory
from tests.quizzes.samples import SAMPLES
from tests.quizzes.steps import JSON, url

ESSAY = get_kind("essay")
SAMPLE = SAMPLES["essay"]


def test_only_the_essay_needs_a_person():
    assert [kind.name for kind in all_kinds() if kind.needs_person] == ["essay"]
    with pytest.raises(TypeError):
        ESSAY.grade(SAMPLE.content, ["Một bài."])


def test_lines_are_kept_and_letters_are_in_one_form():
    typed = unicodedata.normalize("NFD", "  Dòng một: sở hữu.\r\n\r\nDòng hai.\x00\u200b ")
    assert ESSAY.read({"answer": [typed]}, []) == ["Dòng một: sở hữu.\n\nDòng hai."]


@given(st.text(max_size=200))
def test_reading_what_was_kept_changes_nothing(text):
    kept = ESSAY.read({"answer": [text]}, [])
    assert ESSAY.read(ESSAY.fields(kept, []), []) == kept


def test_the_longest_text_is_kept_whole_and_a_longer_one_refused_with_its_length():
    assert ESSAY.read({"answer": ["ô" * MOST_CHARACTERS]}, []) == ["ô" * MOST_CHARACTERS]
    with pytest.raises(BadAnswerError, match="20001"):
        ESSAY.read({"answer": ["ô" * (MOST_CHARACTERS + 1)]}, [])


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("sở hữu trí tuệ", 4), ("Một – hai,\nba.", 3), ("— …", 0), ("26/4/2024", 1)],
)
def test_words_are_counted_as_syllables(text, words):
    assert count_words(text) == words


def test_the_rubric_is_read_from_the_content():
    assert rubric(SAMPLE.content) == (
        Criterion("a", "Nêu chủ kín", 2, "Lý do kín"),
        Criterion("b", "Nêu lợi ích kín", 3, "Lý do kín"),
    )


@pytest.mark.parametrize(
    ("least", "most", "told"),
    [
        ("0", "0", ""),
        ("50", "0", "50"),
        ("0", "90", "90"),
        ("50", "90", "50"),
    ],
)
def test_the_learner_is_told_how_long(least, most, told):
    content = {**SAMPLE.content, "settings": {"least_words": least, "most_words": most}}
    ESSAY.validate(content)
    length = ESSAY.asked(content, [], []).length
    assert told in length
    assert bool(told) == bool(length)


@pytest.mark.parametrize(
    "changes",
    [
        {"options": []},
        {"options": [{"key": "a", "text": "Ý", "right": False, "why": "", "points": 0}]},
        {"settings": {"least_words": "nhiều"}},
        {"settings": {"least_words": "90", "most_words": "50"}},
    ],
)
def test_an_essay_that_cannot_be_marked_is_refused(changes):
    with pytest.raises(ValidationError):
        ESSAY.validate({**SAMPLE.content, **changes})


def test_the_review_shows_the_text_its_length_and_the_rubric():
    shown = reviewed(SAMPLE.content, order=[], answer=["Hội là chủ\nnhãn hiệu."]).shown
    assert shown.text == "Hội là chủ\nnhãn hiệu."
    assert "5" in shown.words
    assert [one.text for one in shown.rubric] == ["Nêu chủ kín", "Nêu lợi ích kín"]


@pytest.mark.django_db
def test_a_text_is_saved_and_shown_again_with_its_lines(client, taker):
    attempt = start_attempt(taker=taker, quiz=QuizFactory(questions=[SAMPLE.save()]))
    text = "\n<b>Dòng một</b>\r\nDòng hai"
    assert client.post(url("save", attempt, 1), {"answer": text}, **JSON).status_code == 200
    page = client.get(url("attempt", attempt)).content.decode()
    assert "&lt;b&gt;Dòng một&lt;/b&gt;\nDòng hai</textarea>" in page
    assert "kín" not in page
    refused = client.post(url("save", attempt, 1), {"answer": "ô" * 20_001}, **JSON)
    assert refused.status_code == 400
    assert attempt.items.get().answer == ["<b>Dòng một</b>\nDòng hai"]
