"""Filling in gaps: what counts as the same, and the share of gaps filled rightly."""

from __future__ import annotations

import unicodedata
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from quizzes.bank.content import content_of, in_language
from quizzes.bank.kinds import get_kind
from tests.quizzes.samples import SAMPLES
from tests.quizzes.steps import url
from tests.quizzes.test_kinds import hand_in, send, sit

KIND = get_kind("blank")
SAMPLE = SAMPLES["blank"]
words = st.sampled_from(["sáng chế", "hoà bình", "quyền tác giả", "Đơn", "R&D", "20 năm"])


def question(*accepted, settings=None, **english):
    prompt = " ".join(f"[[{n}]]" for n in range(1, len(accepted) + 1))
    options = [{"gap": n, "text": text} for n, text in enumerate(accepted, start=1)]
    return content_of(kind="blank", prompt=prompt, options=options, settings=settings)


def earns(said, accepted, settings=None):
    return KIND.grade(question(accepted, settings=settings), [f"1={said}"])


SAME = [
    ("hòa bình", "hoà bình"),
    ("HOÀ  Bình", "hòa bình"),
    ("thuỷ sản", "thủy sản"),
    (unicodedata.normalize("NFD", "sáng chế"), "sáng chế"),
    (" sáng chế. ", "sáng chế"),
    ("«Sáng chế»", "sáng chế"),
    ("ĐĂNG KÝ", "đăng ký"),
    ("chỉ dẫn địa\u00a0lý", "chỉ dẫn địa lý"),
    ("2020–2030", "2020-2030"),
]
OTHER = [
    ("sang che", "sáng chế"),
    ("dang ký", "đăng ký"),
    ("sáng chê", "sáng chế"),
    ("hỏa bình", "hòa bình"),
    ("sáng chế mới", "sáng chế"),
    ("", "sáng chế"),
    ("...", "sáng chế"),
]


@pytest.mark.parametrize(("said", "accepted"), SAME)
def test_what_a_fair_reader_takes_for_the_same(said, accepted):
    assert earns(said, accepted) == 1
    assert earns(accepted, said) == 1


@pytest.mark.parametrize(("said", "accepted"), OTHER)
def test_accents_and_words_count(said, accepted):
    assert earns(said, accepted) == 0


@pytest.mark.parametrize(("said", "accepted"), [*SAME, *OTHER[:4]])
def test_accents_do_not_count_where_the_question_says_so(said, accepted):
    assert earns(said, accepted, {"ignore_accents": True}) == 1


@pytest.mark.parametrize(("said", "accepted"), OTHER[4:])
def test_words_count_even_without_accents(said, accepted):
    assert earns(said, accepted, {"ignore_accents": True}) == 0


@given(st.lists(words, min_size=1, max_size=6), st.data())
def test_the_mark_is_the_exact_share_of_gaps(accepted, data):
    content = question(*accepted)
    right = KIND.right_answer(content)
    kept = data.draw(st.sets(st.integers(0, len(right) - 1)))
    answer = [one if n in kept else f"{n + 1}=khác" for n, one in enumerate(right)]
    assert KIND.grade(content, answer) == Fraction(len(kept), len(accepted))


def test_either_language_is_accepted_and_shown_as_right_in_both():
    content = content_of(
        kind="blank",
        prompt="Bằng [[1]].",
        prompt_en="A [[1]].",
        options=[{"gap": 1, "text": "độc quyền", "text_en": "patent"}],
    )
    for said in ("độc quyền", "Patent"):
        assert KIND.grade(content, [f"1={said}"]) == 1
        for language in ("vi", "en"):
            shown = KIND.reviewed(in_language(content, language), ["1"], [f"1={said}"])
            assert [part.right for part in shown.parts] == [True]


@pytest.mark.django_db
def test_the_gaps_are_numbered_and_the_review_tells_each(client, taker):
    attempt = sit(taker, SAMPLE)
    page = client.get(url("attempt", attempt)).content.decode()
    assert "[[" not in page
    assert "(1)\u00a0_____" in page
    send(client, attempt, {"answer:1": ["TO KHAI"], "answer:2": ["giấy <b>khen</b>"]})
    assert attempt.items.get().answer == ["1=TO KHAI", "2=giấy <b>khen</b>"]
    review = hand_in(client, attempt)
    assert str(attempt.points) == "0.5000"
    assert "đơn đăng ký / tờ khai" in review
    assert "giấy &lt;b&gt;khen&lt;/b&gt;" in review
    assert review.count("answer--ok") == review.count("answer--bad") == 1


@pytest.mark.django_db
def test_what_cannot_be_stored_or_is_too_long_never_is(client, taker):
    attempt = sit(taker, SAMPLE)
    assert (
        send(client, attempt, {"answer:1": ["a\0\u200bb\ud7ff"], "answer:2": [" "]}).status_code
        == 200
    )
    assert attempt.items.get().answer == ["1=ab"]
    with translation.override("vi"):
        reply = send(client, attempt, {"answer:1": ["x" * 201]})
    assert reply.status_code == 400
    assert "200" in reply.json()["error"]


@pytest.mark.parametrize(
    ("prompt", "options"),
    [
        ("Không có chỗ trống.", [{"gap": 1, "text": "a"}]),
        ("[[1]] và [[2]]", [{"gap": 1, "text": "a"}]),
        ("[[1]] và [[1]]", [{"gap": 1, "text": "a"}]),
        ("[[1]]", [{"gap": 2, "text": "a"}, {"gap": 1, "text": "b"}]),
        ("[[1]]", [{"text": "a"}]),
        ("[[1]]", [{"gap": 1, "text": "hoà"}, {"gap": 1, "text": "Hòa"}]),
        ("[[1]]", [{"gap": 1, "text": "…"}]),
    ],
)
def test_what_cannot_be_filled_in_is_refused(prompt, options):
    with pytest.raises(ValidationError):
        KIND.validate(content_of(kind="blank", prompt=prompt, options=options))


def test_the_english_question_has_the_same_gaps():
    options = [{"gap": 1, "text": "a", "text_en": "b"}]
    for english, good in (("One [[1]].", True), ("None.", False), ("[[1]] [[2]]", False)):
        content = content_of(kind="blank", prompt="[[1]]", prompt_en=english, options=options)
        assert (KIND.faults(content) == []) == good
