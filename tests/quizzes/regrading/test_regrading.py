"""Rulings and regrades: what is previewed is what is applied."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from quizzes.attempts.actions import mark_item, save_answer, start_attempt, submit_attempt
from quizzes.attempts.models import Ruling
from quizzes.attempts.signals import attempt_regraded
from quizzes.bank.actions import save_question
from quizzes.regrading import computing
from quizzes.regrading.actions import ChangedSinceError, apply_regrade, continue_regrade
from quizzes.regrading.models import Regrade, RegradeChange
from quizzes.regrading.plans import corrected_content
from quizzes.regrading.preview import make_preview
from tests.quizzes.factories import EssayFactory, PersonFactory, QuestionFactory, QuizFactory
from tests.quizzes.regrading.steps import figures, plan_for, regrade, sit
from tests.quizzes.steps import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    return QuestionFactory()


@pytest.fixture
def quiz(question):
    return QuizFactory(questions=[question, QuestionFactory()], pass_percent=50)


@pytest.fixture
def applied(django_capture_on_commit_callbacks, editor):
    """Preview and apply a plan, with the task that follows the commit."""

    def apply(plan):
        with django_capture_on_commit_callbacks(execute=True):
            done = regrade(plan, editor)
        done.refresh_from_db()
        return done

    return apply


def standing(attempt):
    attempt.refresh_from_db()
    return attempt.points, attempt.max_points, attempt.percent, attempt.passed


# --- the four rulings ----------------------------------------------------------------------------


def test_a_corrected_key_gives_and_in_favour_takes_nothing(applied, question, quiz):
    right, wrong = sit(quiz, "ab"), sit(quiz, "bb")
    done = applied(plan_for(question, "key", right=["b"]))
    assert standing(right) == (1, 2, 50, True)
    assert standing(wrong) == (1, 2, 50, True)
    assert figures(done) == ((1, 1, 0), (1, 1, 0))
    assert done.state == Regrade.State.DONE


def test_a_corrected_key_not_in_favour_takes_too(applied, question, quiz):
    right, wrong = sit(quiz, "ab"), sit(quiz, "bb")
    done = applied(plan_for(question, "key", right=["b"], favour=False))
    assert standing(right) == (0, 2, 0, False)
    assert standing(wrong) == (1, 2, 50, True)
    assert figures(done) == ((2, 1, 1), (2, 1, 1))


def test_a_void_question_leaves_points_and_maximum(applied, question, quiz):
    lucky, unlucky, half = sit(quiz, "ab"), sit(quiz, "ba"), sit(quiz, "aa")
    applied(plan_for(question, "void", favour=False))
    assert standing(lucky) == (0, 1, 0, False)
    assert standing(unlucky) == (1, 1, 100, True)
    assert standing(half) == (1, 1, 100, True)
    assert set(question.versions.get().rulings.values_list("effect", flat=True)) == {"void"}


def test_void_in_favour_counts_only_where_it_helps(applied, question, quiz):
    lucky, unlucky = sit(quiz, "ab"), sit(quiz, "ba")
    applied(plan_for(question, "void"))
    assert standing(lucky) == (1, 2, 50, True)
    assert standing(unlucky) == (1, 1, 100, True)


def test_full_credit_is_for_everyone_also_who_did_not_answer(applied, question, quiz):
    silent = sit(quiz, ["", "b"])
    applied(plan_for(question, "credit"))
    assert standing(silent) == (1, 2, 50, True)


def test_if_every_question_is_void_all_earn_full_credit(applied, question):
    alone = QuizFactory(questions=[question])
    wrong = sit(alone, "b")
    applied(plan_for(question, "void", favour=False))
    assert standing(wrong) == (1, 1, 100, True)


def test_undoing_is_another_ruling(applied, question, quiz):
    wrong = sit(quiz, "bb")
    applied(plan_for(question, "credit"))
    applied(plan_for(question, "original"))
    assert standing(wrong) == (1, 2, 50, True)  # in favour: it stays
    applied(plan_for(question, "original", favour=False))
    assert standing(wrong) == (0, 2, 0, False)
    assert Ruling.objects.count() == 3
    assert Ruling.objects.get(is_current=True).effect == "original"


def test_a_newer_version_can_be_the_key(applied, question, quiz):
    wrong = sit(quiz, "bb")
    save_question(
        key=question.key,
        kind="single",
        prompt="Bản đã sửa?",
        options=[{"key": key, "text": f"Phương án {key}", "right": key == "b"} for key in "abcd"],
    )
    old, new = question.versions.order_by("number")
    plan = plan_for(question, "credit")
    plan = type(plan)(
        question=question,
        version_ids=(old.pk,),
        effect="key",
        favour=True,
        reason="Sửa đáp án",
        content=corrected_content([old], by_version=new, right=[]),
    )
    applied(plan)
    assert standing(wrong) == (1, 2, 50, True)


def test_a_version_with_other_options_cannot_be_the_key(question):
    save_question(
        key=question.key,
        kind="single",
        prompt="Khác hẳn?",
        options=[{"key": "x", "text": "Một", "right": True}, {"key": "y", "text": "Hai"}],
    )
    old, new = question.versions.order_by("number")
    with pytest.raises(ValidationError):
        corrected_content([old], by_version=new, right=[])


@pytest.mark.parametrize("right", [[], ["a", "b"], ["z"]])
def test_a_key_that_cannot_be_asked_is_refused(question, right):
    with pytest.raises(ValidationError):
        plan_for(question, "key", right=right).check()


def test_a_reason_is_required(question, editor):
    plan = plan_for(question, "credit", reason="  ")
    with pytest.raises(ValidationError):
        apply_regrade(plan=plan, seen=make_preview(plan).seen, by=editor)
    assert not Ruling.objects.exists()


@pytest.mark.parametrize("shares", [False, True])
def test_the_others_count_exactly_whole_points_or_not(applied, question, shares):
    """Thirds of a point are read singly; three of them make a whole one, not 0.9999."""
    if shares:
        others = [EssayFactory() for _n in range(3)]
        quiz = QuizFactory(questions=[question, *others], pass_percent=50)
        attempt = sit(quiz, ["b", "Một.", "Hai.", "Ba."])
        for item in attempt.items.filter(kind="essay"):
            mark_item(item=item, marking={"points": {"a": "0", "b": "1"}, "comment": ""})
    else:
        quiz = QuizFactory(questions=[question, *QuestionFactory.create_batch(3)], pass_percent=50)
        attempt = sit(quiz, "babb")
    assert standing(attempt) == (1, 4, 25, False)
    done = applied(plan_for(question, "key", right=["b"]))
    assert standing(attempt) == (2, 4, 50, True)
    assert figures(done) == ((1, 1, 0), (1, 1, 0))


# --- later grading -------------------------------------------------------------------------------


def test_an_open_attempt_is_graded_by_the_ruling(applied, question, quiz):
    attempt = start_attempt(taker=PersonFactory(), quiz=quiz)
    save_answer(attempt=attempt, position=1, sent={"answer": ["b"]})
    applied(plan_for(question, "key", right=["b"]))
    assert submit_attempt(attempt=attempt).points == 1
    assert sit(quiz, "ab").points == 1  # in favour: the old key still counts


@pytest.mark.parametrize(
    ("favour", "answers", "figures"),
    [
        (True, "ab", (1, 2)),
        (True, "ba", (1, 1)),
        (False, "ab", (0, 1)),
        (False, "aa", (1, 1)),
    ],
)
def test_an_open_attempt_is_graded_without_a_void_question(
    applied, question, quiz, favour, answers, figures
):
    applied(plan_for(question, "void", favour=favour))
    attempt = sit(quiz, answers)
    assert (attempt.points, attempt.max_points) == figures


def test_a_void_essay_needs_no_mark_any_more(applied, django_capture_on_commit_callbacks):
    essay = EssayFactory()
    quiz = QuizFactory(questions=[QuestionFactory(), essay], pass_percent=50)
    waiting = sit(quiz, ["a", "Một ý."])
    assert waiting.is_waiting
    applied(plan_for(essay, "void"))
    assert standing(waiting) == (1, 1, 100, True)


def test_marks_given_again_change_the_result_and_tell(applied):
    quiz = QuizFactory(questions=[EssayFactory()], pass_percent=50)
    attempt = sit(quiz, ["Một ý."])
    item = attempt.items.get()
    mark_item(item=item, marking={"points": {"a": "0", "b": "1"}, "comment": ""})
    assert standing(attempt)[2:] == (33.33, False) or str(attempt.percent) == "33.33"
    told = []

    def listen(**kwargs):
        told.append((kwargs["before"].passed, kwargs["attempt"].passed))

    attempt_regraded.connect(listen)
    try:
        mark_item(item=item, marking={"points": {"a": "2", "b": "1"}, "comment": ""})
    finally:
        attempt_regraded.disconnect(listen)
    assert standing(attempt) == (1, 1, 100, True)
    assert (attempt.gradings, told) == (2, [(False, True)])


# --- preview, history, chunks --------------------------------------------------------------------


def test_the_preview_writes_nothing(question, quiz, django_assert_num_queries):
    sit(quiz, "bb")
    plan = plan_for(question, "credit")
    with transaction.atomic():
        first = make_preview(plan)
    assert (first.attempts, first.changed, first.gained, first.risen) == (1, 1, 1, 1)
    assert not Ruling.objects.exists()
    assert not Regrade.objects.exists()
    assert first.seen == make_preview(plan).seen


@pytest.mark.parametrize("size", [1, 3])
def test_the_preview_costs_the_same_for_one_and_three(
    question, quiz, size, django_assert_max_num_queries
):
    for _n in range(size):
        sit(quiz, "bb")
    plan = plan_for(question, "credit")
    with django_assert_max_num_queries(13):
        assert make_preview(plan).changed == size


def test_who_hands_in_after_the_preview_is_not_regraded_silently(question, quiz, editor):
    sit(quiz, "bb")
    plan = plan_for(question, "credit")
    seen = make_preview(plan).seen
    sit(quiz, "bb")
    with pytest.raises(ChangedSinceError):
        apply_regrade(plan=plan, seen=seen, by=editor)
    assert not Ruling.objects.exists()
    assert make_preview(plan).changed == 2


def test_a_preview_of_another_plan_is_not_taken(question, quiz, editor):
    sit(quiz, "bb")
    seen = make_preview(plan_for(question, "credit")).seen
    with pytest.raises(ChangedSinceError):
        apply_regrade(plan=plan_for(question, "void"), seen=seen, by=editor)


def test_applying_is_done_in_chunks_and_may_be_interrupted(
    question, quiz, editor, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(computing, "TAKERS_AT_ONCE", 2)
    attempts = [sit(quiz, "bb") for _n in range(5)]
    done = regrade(plan_for(question, "credit"), editor)  # the task waits for the commit
    assert continue_regrade(pk=done.pk)
    assert figures(done) == ((5, 5, 0), (2, 2, 0))
    assert continue_regrade(pk=done.pk)
    assert continue_regrade(pk=done.pk)
    assert not continue_regrade(pk=done.pk)
    assert not continue_regrade(pk=done.pk)
    assert figures(done) == ((5, 5, 0), (5, 5, 0))
    assert {standing(attempt)[2] for attempt in attempts} == {50}
    assert {attempt.gradings for attempt in attempts} == {2}
    assert RegradeChange.objects.count() == 5


def test_regrading_again_changes_nothing(applied, question, quiz):
    wrong = sit(quiz, "bb")
    applied(plan_for(question, "void"))
    again = applied(plan_for(question, "void"))
    assert figures(again) == ((0, 0, 0), (0, 0, 0))
    wrong.refresh_from_db()
    assert wrong.gradings == 1  # nothing right before: without the question it is still nothing


def test_a_listener_that_fails_takes_its_chunk_back(question, quiz, editor):
    wrong = sit(quiz, "bb")
    done = regrade(plan_for(question, "credit"), editor)

    def fail(**kwargs):
        raise RuntimeError("no certificate today")

    attempt_regraded.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            continue_regrade(pk=done.pk)
    finally:
        attempt_regraded.disconnect(fail)
    assert standing(wrong) == (0, 2, 0, False)
    assert continue_regrade(pk=done.pk)
    assert standing(wrong) == (1, 2, 50, True)


def test_only_one_regrade_runs(question, quiz, editor):
    regrade(plan_for(question, "credit"), editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Regrade.objects.create(
            question=question,
            effect="void",
            favour=True,
            reason="x",
            made_at=Regrade.objects.get().made_at,
            made_by=editor,
            expected_changed=0,
            expected_gained=0,
            expected_lost=0,
        )


def test_history_and_log_tell_who_when_and_why(applied, question, quiz, editor):
    wrong = sit(quiz, "bb")
    done = applied(plan_for(question, "credit"))
    change = done.changes.get()
    assert (change.attempt, change.before.percent, change.after.percent) == (wrong, 0, 50)
    assert (change.passed_before, change.passed_after) == (False, True)
    entry = ModelLogEntry.objects.get(action="quizzes.regrade")
    assert (entry.user, entry.object_id) == (editor, str(question.pk))
    assert entry.data["reason"] == "Đáp án in sai."
    assert "Đáp án in sai." in entry.message


def test_the_learner_reads_why_her_result_changed(applied, question, quiz, client, taker):
    attempt = sit(quiz, "bb", taker)
    before = client.get(url("result", attempt)).content.decode()
    assert "Đáp án in sai." not in before
    applied(plan_for(question, "key", right=["b"]))
    after = client.get(url("result", attempt)).content.decode()
    assert "Đáp án in sai." in after
