"""The queue, the marker's page, and what marks do."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quizzes.attempts.models import AttemptItem
from quizzes.attempts.signals import attempt_graded
from quizzes.marking.actions import (
    BadMarkError,
    OwnAnswerError,
    StaleMarkError,
    TakenError,
    save_marks,
    set_blind,
    take_answer,
    take_next,
)
from quizzes.marking.models import CLAIM_LASTS, Claim, Mark
from quizzes.marking.queries import queue
from quizzes.regrading.actions import apply_regrade
from quizzes.regrading.preview import make_preview
from tests.quizzes.factories import EssayFactory, PersonFactory, QuizFactory
from tests.quizzes.marking.conftest import browser_of
from tests.quizzes.regrading.steps import plan_for, sit
from tests.quizzes.steps import url

pytestmark = pytest.mark.django_db

QUEUE = "/admin/marking/"


def essay_item(attempt):
    return attempt.items.select_related("attempt", "version").get(kind="essay")


def page(item):
    return reverse("marking_answer", args=[item.pk])


def mark(item, marker, a="2", b="1", *, seen=0, comment="", form_id=None):
    return save_marks(
        item=item,
        marker=marker,
        points={"a": Decimal(a), "b": Decimal(b)},
        comment=comment,
        seen=seen,
        form_id=form_id or uuid4(),
    )


@pytest.fixture
def waiting(quiz):
    return sit(quiz, ["a", "Để nhận ra nguồn gốc."])


@pytest.fixture
def item(waiting):
    return essay_item(waiting)


@pytest.fixture
def taken(item, marker):
    take_answer(item=item, marker=marker)
    return item


def form_data(reply, **fields):
    form = reply.context["form"]
    return {
        "seen": form["seen"].value(),
        "form_id": str(form["form_id"].value()),
        "points-a": "1.5",
        "points-b": "1",
        "comment": "Rõ ràng.",
        **fields,
    }


# --- who may -------------------------------------------------------------------------------------


def test_markers_only(marker, item):
    for address in (QUEUE, reverse("marking_marked"), page(item)):
        assert browser_of(marker).get(address).status_code == 200
        staff = PersonFactory(is_staff=True, is_superuser=False)
        assert browser_of(staff).get(address).status_code in (302, 404)
        assert browser_of(PersonFactory()).get(address).status_code == 302
        assert Client().get(address).status_code == 302


def test_an_admin_without_the_right_finds_nothing(item, marker):
    from django.contrib.auth.models import Permission

    person = PersonFactory(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    for address in (QUEUE, reverse("marking_marked"), page(item)):
        assert browser_of(person).get(address).status_code == 404


def test_nobody_marks_her_own_answer(quiz, marker, second):
    attempt = sit(quiz, ["a", "Của tôi."], marker)
    item = essay_item(attempt)
    assert browser_of(marker).get(page(item)).status_code == 404
    assert queue(marker) == []
    assert [line.count for line in queue(second)] == [1]
    for act in (lambda: take_answer(item=item, marker=marker), lambda: mark(item, marker)):
        with pytest.raises(OwnAnswerError):
            act()
    assert not Claim.objects.exists()


def test_what_is_not_handed_in_or_not_an_essay_cannot_be_marked(marker, waiting, client, attempt):
    single = waiting.items.get(kind="single")
    assert browser_of(marker).get(page(single)).status_code == 404
    assert browser_of(marker).get(page(attempt.items.first())).status_code == 404


# --- the queue -----------------------------------------------------------------------------------


def test_the_queue_counts_by_question_oldest_first(quiz, marker, second):
    other = EssayFactory()
    later = QuizFactory(questions=[other])
    attempts = [sit(quiz, ["a", "Một ý."]) for _n in range(2)] + [sit(later, ["Hai ý."])]
    take_answer(item=essay_item(attempts[0]), marker=second)
    lines = queue(marker)
    assert [(line.question, line.count, line.free) for line in lines] == [
        (quiz.places.last().question, 2, 1),
        (other, 1, 1),
    ]
    assert [line.mine for line in queue(second)] == [1, 0]


@pytest.mark.parametrize("size", [1, 3])
def test_the_queue_costs_the_same_for_one_and_three(marker, size, django_assert_max_num_queries):
    for _n in range(size):
        sit(QuizFactory(questions=[EssayFactory()]), ["Một ý."])
    browser = browser_of(marker)
    browser.get(QUEUE)
    with django_assert_max_num_queries(16):
        assert browser.get(QUEUE).status_code == 200


def test_an_answer_a_ruling_spares_leaves_the_queue(quiz, essay, marker, waiting):
    plan = plan_for(essay, "credit")
    apply_regrade(plan=plan, seen=make_preview(plan).seen, by=marker)
    assert queue(marker) == []


def test_the_button_takes_the_oldest_and_the_next_follows(quiz, essay, marker):
    items = [essay_item(sit(quiz, ["a", f"Ý {n}."])) for n in range(2)]
    browser = browser_of(marker)
    reply = browser.post(QUEUE, {"quiz": quiz.pk, "question": essay.pk})
    assert reply.url == page(items[0])
    reply = browser.post(page(items[0]), form_data(browser.get(page(items[0])), save="1"))
    assert reply.url == page(items[1])
    reply = browser.post(page(items[1]), form_data(browser.get(page(items[1])), save="1"))
    assert reply.url == QUEUE
    assert queue(marker) == []


def test_a_get_takes_nothing(marker, item):
    browser_of(marker).get(page(item))
    assert not Claim.objects.exists()


# --- taking --------------------------------------------------------------------------------------


def test_what_one_has_taken_the_other_cannot_mark(taken, marker, second, quiz, essay):
    with pytest.raises(TakenError):
        take_answer(item=taken, marker=second)
    with pytest.raises(TakenError):
        mark(taken, second)
    assert take_next(marker=second, quiz_id=quiz.pk, question_id=essay.pk) is None
    html = browser_of(second).get(page(taken)).content.decode()
    assert marker.get_full_name() in html
    assert 'name="points-a"' not in html


def test_after_half_an_hour_it_can_be_taken_over(taken, marker, second):
    Claim.objects.update(taken_at=timezone.now() - CLAIM_LASTS - timedelta(seconds=1))
    browser_of(second).post(page(taken), {"take": "1"})
    assert Claim.objects.get().marker == second
    with pytest.raises(TakenError):
        mark(taken, marker)


def test_it_can_be_put_back(taken, marker, second):
    browser_of(second).post(page(taken), {"leave": "1"})
    assert Claim.objects.get().marker == marker
    browser_of(marker).post(page(taken), {"leave": "1"})
    assert not Claim.objects.exists()


# --- marking -------------------------------------------------------------------------------------


def test_the_last_mark_settles_the_attempt(taken, marker, waiting):
    told = []

    def listen(**kwargs):
        told.append(kwargs["attempt"].pk)

    attempt_graded.connect(listen)
    try:
        mark(taken, marker, "1.5", "0")
    finally:
        attempt_graded.disconnect(listen)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.points, waiting.percent) == ("graded", Decimal("1.5"), 75)
    assert told == [waiting.pk]
    assert not Claim.objects.exists()


def test_an_attempt_with_two_essays_waits_for_both(marker):
    attempt = sit(QuizFactory(questions=[EssayFactory(), EssayFactory()]), ["Một.", "Hai."])
    first, last = attempt.items.select_related("attempt", "version").order_by("position")
    for item, state in ((first, "submitted"), (last, "graded")):
        take_answer(item=item, marker=marker)
        mark(item, marker)
        attempt.refresh_from_db()
        assert attempt.state == state
    assert attempt.percent == 100


@pytest.mark.parametrize(
    "points",
    [{"a": "3", "b": "0"}, {"a": "-1", "b": "0"}, {"a": "0.25", "b": "0"}, {"a": "1"}, {}],
)
def test_points_outside_the_rubric_are_refused(taken, marker, points):
    with pytest.raises(BadMarkError):
        save_marks(
            item=taken,
            marker=marker,
            points={key: Decimal(value) for key, value in points.items()},
            comment="",
            seen=0,
            form_id=uuid4(),
        )
    assert not Mark.objects.exists()


@pytest.mark.parametrize("value", ["", "2.5", "-1", "0.3", "abc", "NaN"])
def test_the_form_says_what_is_wrong(taken, marker, value):
    browser = browser_of(marker)
    reply = browser.post(
        page(taken), form_data(browser.get(page(taken)), save="1", **{"points-a": value})
    )
    assert reply.status_code == 200
    assert reply.context["form"].errors.keys() == {"points-a"}
    assert not Mark.objects.exists()


def test_the_total_can_be_worked_out_before_saving(taken, marker):
    browser = browser_of(marker)
    reply = browser.post(page(taken), form_data(browser.get(page(taken)), total="1"))
    assert reply.context["total"] == Decimal("2.5")
    assert not Mark.objects.exists()


def test_the_same_form_twice_counts_once(taken, marker, waiting):
    form_id = uuid4()
    first = mark(taken, marker, form_id=form_id)
    assert mark(taken, marker, "0", "0", form_id=form_id) == first
    assert Mark.objects.count() == 1
    waiting.refresh_from_db()
    assert waiting.percent == 100


def test_a_stale_form_is_refused(taken, marker, second, waiting):
    mark(taken, marker)
    take_answer(item=taken, marker=second)
    with pytest.raises(StaleMarkError):
        mark(taken, second, "0", "0", seen=0)
    waiting.refresh_from_db()
    assert waiting.percent == 100


def test_marking_again_adds_to_the_history(taken, marker, second, waiting):
    mark(taken, marker, "0", "0", comment="Chưa đủ.")
    take_answer(item=taken, marker=second)
    mark(taken, second, "2", "1", seen=1, comment="Đủ ý.")
    assert list(Mark.objects.values_list("number", "total", "comment")) == [
        (1, 0, "Chưa đủ."),
        (2, 3, "Đủ ý."),
    ]
    waiting.refresh_from_db()
    assert (waiting.percent, waiting.gradings) == (100, 2)
    assert AttemptItem.objects.get(pk=taken.pk).marking["comment"] == "Đủ ý."
    html = browser_of(marker).get(page(taken)).content.decode()
    assert "Chưa đủ." in html
    assert "Đủ ý." in html


def test_marking_is_blind_unless_the_quiz_says_otherwise(taken, marker, waiting, quiz):
    name = waiting.taker.get_full_name()
    browser = browser_of(marker)
    assert name not in browser.get(page(taken)).content.decode()
    browser.post(QUEUE, {"quiz": quiz.pk, "blind": "no"})
    assert name in browser.get(page(taken)).content.decode()
    set_blind(quiz=quiz, blind=True)
    assert name not in browser.get(page(taken)).content.decode()


def test_the_learner_reads_points_by_criterion_and_the_comment(taken, marker, waiting):
    browser = browser_of(waiting.taker)
    before = browser.get(url("result", waiting)).content.decode()
    # The rubric, and no points of hers yet.
    assert "Nêu đúng khái niệm" in before
    assert "1,5 / 2" not in before
    mark(taken, marker, "1.5", "1", comment="Nên nêu thêm ví dụ.")
    after = browser.get(url("result", waiting)).content.decode()
    for text in ("Nêu đúng khái niệm", "1,5 / 2", "1 / 1", "Nên nêu thêm ví dụ."):
        assert text in after
    assert (
        "Nên nêu thêm ví dụ."
        in browser_of(waiting.taker).get(url("result", waiting)).content.decode()
    )


@pytest.mark.parametrize("number", ["x", "9" * 30, ""])
def test_forged_numbers_are_not_found(marker, number):
    reply = browser_of(marker).post(QUEUE, {"quiz": number, "question": "1"})
    assert reply.status_code == 404
