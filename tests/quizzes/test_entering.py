"""Who may start a quiz, when, and after typing or agreeing to what."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from quizzes.attempts.actions import start_attempt, submit_attempt
from quizzes.attempts.entering import CODE_TRIES, Entry
from quizzes.attempts.errors import (
    AttemptError,
    CodeTriesError,
    CoolDownError,
    EntryCodeError,
    EntryQuizError,
    NoAttemptsLeftError,
    NotOpenYetError,
    PledgeMissingError,
    QuizClosedError,
)
from quizzes.attempts.models import Allowance, Attempt
from quizzes.attempts.standing import has_passed, settle, standing
from quizzes.attempts.times import allow
from quizzes.bank.models import Quiz
from tests.quizzes.factories import MultipleFactory, PersonFactory, QuestionFactory, QuizFactory
from tests.quizzes.steps import answer_all, save

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def ago(**span):
    return timezone.now() - timedelta(**span)


def coming(**span):
    return timezone.now() + timedelta(**span)


def sit(taker, quiz, client=None, right=None):
    """One attempt, handed in; with `right` of its questions answered rightly."""
    attempt = start_attempt(taker=taker, quiz=quiz)
    if client is not None:
        for position in range(1, (right or 0) + 1):
            assert save(client, attempt, position, "a").status_code == 200
    return submit_attempt(attempt=attempt)


# --- opening and closing -------------------------------------------------------------------------


def test_a_quiz_opens_and_closes(taker):
    early = QuizFactory(opens_at=coming(minutes=1))
    with pytest.raises(NotOpenYetError) as refusal:
        start_attempt(taker=taker, quiz=early)
    assert f"{timezone.localtime(early.opens_at):%H:%M, %d/%m/%Y}" in str(refusal.value)
    closed = QuizFactory(opens_at=ago(days=2), closes_at=ago(seconds=1))
    with pytest.raises(QuizClosedError):
        start_attempt(taker=taker, quiz=closed)
    assert not Attempt.objects.exists()


def test_an_attempt_ends_when_the_quiz_closes_whatever_time_it_had_left(taker):
    closes_at = coming(minutes=10)
    both = start_attempt(taker=taker, quiz=QuizFactory(time_limit_minutes=30, closes_at=closes_at))
    assert both.deadline == closes_at
    limited = start_attempt(
        taker=taker, quiz=QuizFactory(time_limit_minutes=5, closes_at=closes_at)
    )
    assert limited.deadline == limited.started_at + timedelta(minutes=5)
    assert start_attempt(taker=taker, quiz=QuizFactory()).deadline is None


def test_an_attempt_that_is_open_goes_on_though_the_quiz_has_closed_for_new_ones(taker):
    quiz = QuizFactory(time_limit_minutes=30)
    running = start_attempt(taker=taker, quiz=quiz)
    Quiz.objects.filter(pk=quiz.pk).update(closes_at=ago(minutes=1))
    assert start_attempt(taker=taker, quiz=Quiz.objects.get()) == running


# --- how often -----------------------------------------------------------------------------------


def test_between_two_attempts_she_waits(taker, monkeypatch):
    quiz = QuizFactory(cooldown_minutes=60)
    first = sit(taker, quiz)
    with pytest.raises(CoolDownError) as refusal:
        start_attempt(taker=taker, quiz=quiz)
    again = timezone.localtime(first.submitted_at + timedelta(hours=1))
    assert f"{again:%H:%M, %d/%m/%Y}" in str(refusal.value)
    later = coming(minutes=61)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert start_attempt(taker=taker, quiz=quiz).number == 2


def test_another_quiz_is_to_be_passed_first(taker, client):
    first = QuizFactory(title="Bài mở đầu")
    quiz = QuizFactory(entry_quiz_id=first.pk)
    with pytest.raises(EntryQuizError) as refusal:
        start_attempt(taker=taker, quiz=quiz)
    assert "Bài mở đầu" in str(refusal.value)
    sit(taker, first, client, right=3)
    assert start_attempt(taker=taker, quiz=quiz).number == 1


def test_an_allowance_gives_time_attempts_and_days(taker):
    quiz = QuizFactory(
        time_limit_minutes=10, attempts_allowed=1, opens_at=ago(days=1), closes_at=coming(minutes=5)
    )
    other = PersonFactory()
    allow(
        allowance=Allowance(
            taker=taker,
            quiz=quiz,
            extra_minutes=15,
            extra_attempts=1,
            closes_at=coming(days=1),
            reason="Mắt kém",
        )
    )
    hers, his = start_attempt(taker=taker, quiz=quiz), start_attempt(taker=other, quiz=quiz)
    assert hers.deadline - hers.started_at == timedelta(minutes=25)
    assert his.deadline == quiz.closes_at
    for attempt in (hers, his):
        submit_attempt(attempt=attempt)
    assert start_attempt(taker=taker, quiz=quiz).number == 2
    with pytest.raises(NoAttemptsLeftError):
        start_attempt(taker=other, quiz=quiz)


# --- what is typed and agreed to -----------------------------------------------------------------


def test_the_entry_code_is_asked_for_and_may_be_typed_carelessly(taker):
    quiz = QuizFactory(entry_code="Hoa Phượng 2024")
    for wrong in ("", "hoa phượng", "hoa phuong 2024"):
        with pytest.raises(EntryCodeError):
            start_attempt(taker=taker, quiz=quiz, entry=Entry(code=wrong))
    assert start_attempt(taker=taker, quiz=quiz, entry=Entry(code=" hoa phượng  2024 "))


def test_guessing_the_code_comes_to_an_end(taker):
    quiz = QuizFactory(entry_code="đúng")
    for _try in range(CODE_TRIES):
        with pytest.raises(EntryCodeError):
            start_attempt(taker=taker, quiz=quiz, entry=Entry(code="sai"))
    with pytest.raises(CodeTriesError):
        start_attempt(taker=taker, quiz=quiz, entry=Entry(code="đúng"))
    # Somebody else is not kept out by it.
    assert start_attempt(taker=PersonFactory(), quiz=quiz, entry=Entry(code="đúng"))


def test_the_honesty_note_is_agreed_to_and_kept_word_for_word(taker):
    quiz = QuizFactory(honesty_note="Tôi tự làm bài.")
    with pytest.raises(PledgeMissingError):
        start_attempt(taker=taker, quiz=quiz)
    attempt = start_attempt(taker=taker, quiz=quiz, entry=Entry(pledged=True))
    assert attempt.pledge == "Tôi tự làm bài."


def test_every_refusal_says_so_in_a_sentence():
    now = timezone.now()
    for error in AttemptError.__subclasses__():
        sentence = str(error(at=now, quiz="Bài mở đầu"))
        assert sentence
        assert "%(" not in sentence


# --- what counts ---------------------------------------------------------------------------------


def attempts_with(percents, pass_percent=70):
    return [
        Attempt(
            number=number,
            percent=Decimal(percent),
            passed=percent >= pass_percent,
            pass_percent=pass_percent,
        )
        for number, percent in enumerate(percents, start=1)
    ]


@pytest.mark.parametrize(
    ("counting", "percents", "counted"),
    [
        ("best", [50, 90, 80, 90], (90, True, 2)),
        ("best", [50, 60], (60, False, 2)),
        ("last", [90, 50], (50, False, 2)),
        ("last", [50, 70], (70, True, 2)),
        ("first", [60, 100], (60, False, 1)),
        ("mean", [60, 80], (70, True, 2)),
        ("mean", [60, 79], (Decimal("69.5"), False, 2)),
        ("mean", [100, 55, 54], (Decimal("69.66"), False, 3)),
    ],
)
def test_what_counts_of_several_attempts(counting, percents, counted):
    found = settle(attempts_with(percents), Quiz(counting=counting))
    assert (found.percent, found.passed, found.attempt.number) == counted


@given(st.lists(st.integers(0, 100), min_size=1, max_size=12), st.integers(0, 100))
def test_the_best_passes_as_soon_as_one_does_and_the_mean_lies_between(percents, mark):
    attempts = attempts_with(percents, mark)
    best = settle(attempts, Quiz(counting="best"))
    mean = settle(attempts, Quiz(counting="mean"))
    assert best.passed == (max(percents) >= mark)
    assert best.percent == max(percents)
    assert min(percents) <= mean.percent <= max(percents)
    assert mean.passed == (sum(percents) >= mark * len(percents))


def test_without_a_result_there_is_no_standing(taker):
    quiz = QuizFactory()
    start_attempt(taker=taker, quiz=quiz)
    assert standing(taker_id=taker.pk, quiz=quiz) is None
    assert not has_passed(taker_id=taker.pk, quiz=quiz)


def test_practice_counts_for_nothing(taker, client):
    quiz = QuizFactory(mode="practice")
    attempt = start_attempt(taker=taker, quiz=quiz)
    answer_all(client, attempt)
    assert submit_attempt(attempt=attempt).passed is True
    assert not has_passed(taker_id=taker.pk, quiz=quiz)


# --- questions that cost points ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("negative_marks", "marks", "points", "percent"),
    [
        (False, [0, 1], 1, 50),
        # One right, one wrong of two wrong options: half the mark away.
        (True, [Decimal("-0.5"), 1], Decimal("0.5"), 25),
    ],
)
def test_a_question_may_cost_points_where_the_quiz_says_so(
    taker, client, negative_marks, marks, points, percent
):
    penalty = MultipleFactory(settings={"scoring": "penalty"})
    quiz = QuizFactory(questions=[penalty, QuestionFactory()], negative_marks=negative_marks)
    attempt = start_attempt(taker=taker, quiz=quiz)
    save(client, attempt, 1, "c")
    save(client, attempt, 2, "a")
    graded = submit_attempt(attempt=attempt)
    assert [item.earned for item in attempt.items.order_by("position")] == marks
    assert (graded.points, graded.percent) == (points, percent)


def test_an_attempt_is_never_worth_less_than_nothing(taker, client):
    penalty = MultipleFactory(settings={"scoring": "penalty"})
    quiz = QuizFactory(questions=[penalty], negative_marks=True, pass_percent=0)
    attempt = start_attempt(taker=taker, quiz=quiz)
    save(client, attempt, 1, "c", "d")
    graded = submit_attempt(attempt=attempt)
    assert (attempt.items.get().earned, graded.points, graded.percent) == (-1, 0, 0)
