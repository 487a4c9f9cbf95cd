"""The clock: grace, handing in by itself, time for one person, outages for everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks import task_backends

from quizzes.attempts.actions import start_attempt, submit_attempt
from quizzes.attempts.models import Allowance, Attempt, Extension, Incident
from quizzes.attempts.tasks import LATE, WAIT_AFTER_OUTAGE, hand_in_when_over
from quizzes.attempts.times import allow, declare_outage, preview_outage
from quizzes.bank.models import Quiz
from tests.quizzes.factories import PersonFactory, QuizFactory
from tests.quizzes.steps import save, url

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def put_off():
    """The tasks that wait for their time."""
    queue = task_backends["default"].put_off
    queue.clear()
    yield queue.results
    queue.clear()


@pytest.fixture
def timed(taker):
    return start_attempt(taker=taker, quiz=QuizFactory(time_limit_minutes=10))


def move(attempt, **times):
    Attempt.objects.filter(pk=attempt.pk).update(**times)
    attempt.refresh_from_db()


# --- grace ---------------------------------------------------------------------------------------


def test_answers_on_their_way_are_taken_in_the_grace_and_not_after(client, timed):
    move(timed, deadline=timezone.now() - timedelta(seconds=timed.grace_seconds - 5))
    assert save(client, timed, 1, "a").status_code == 200
    move(timed, deadline=timezone.now() - timedelta(seconds=timed.grace_seconds + 1))
    reply = save(client, timed, 1, "b")
    assert (reply.status_code, reply.json()["code"]) == (409, "late")
    assert timed.items.get(position=1).answer == ["a"]


def test_the_grace_is_frozen_with_the_attempt(client, timed):
    Quiz.objects.update(grace_seconds=600)
    move(timed, deadline=timezone.now() - timedelta(seconds=60))
    assert save(client, timed, 1, "a").status_code == 409


# --- handing in by itself ------------------------------------------------------------------------


def test_a_timed_attempt_is_handed_in_by_a_task_with_what_was_saved(
    client, taker, put_off, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        attempt = start_attempt(taker=taker, quiz=QuizFactory(time_limit_minutes=10))
    (waiting,) = put_off
    assert waiting.args == [attempt.pk] or waiting.args == (attempt.pk,)
    assert waiting.task.run_after == attempt.last_moment + timedelta(seconds=1)
    save(client, attempt, 1, "a")
    assert hand_in_when_over.call(attempt.pk) == "later"
    move(attempt, deadline=timezone.now() - MINUTE)
    assert hand_in_when_over.call(attempt.pk) == "handed in"
    attempt.refresh_from_db()
    assert (attempt.state, attempt.points) == ("graded", 1)
    assert hand_in_when_over.call(attempt.pk) == "handed in already"


def test_without_a_limit_nothing_waits(taker, put_off, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        start_attempt(taker=taker, quiz=QuizFactory())
    assert put_off == []


def test_a_worker_that_comes_late_waits_once_for_word_of_an_outage(timed, put_off):
    move(timed, deadline=timezone.now() - LATE - 2 * MINUTE)
    assert hand_in_when_over.call(timed.pk) == "waits after an outage"
    (waiting,) = put_off
    wait = waiting.task.run_after - timezone.now()
    assert WAIT_AFTER_OUTAGE - MINUTE < wait <= WAIT_AFTER_OUTAGE
    assert hand_in_when_over.call(*waiting.args) == "handed in"


# --- one person ----------------------------------------------------------------------------------


def test_an_allowance_moves_the_deadline_of_the_open_attempt(client, taker, timed):
    before = timed.deadline
    given = allow(
        allowance=Allowance(taker=taker, quiz=timed.quiz, extra_minutes=20, reason="Ốm"),
        user=PersonFactory(),
    )
    timed.refresh_from_db()
    assert timed.deadline - before == 20 * MINUTE
    given.extra_minutes = 5
    allow(allowance=given)
    timed.refresh_from_db()
    assert timed.deadline - before == 5 * MINUTE


def test_an_allowance_gives_something_and_once(taker, timed):
    with pytest.raises(ValidationError):
        allow(allowance=Allowance(taker=taker, quiz=timed.quiz, reason="Không gì cả"))
    allow(allowance=Allowance(taker=taker, quiz=timed.quiz, extra_minutes=1, reason="Một"))
    with pytest.raises(ValidationError):
        allow(allowance=Allowance(taker=taker, quiz=timed.quiz, extra_minutes=1, reason="Hai"))


# --- outages -------------------------------------------------------------------------------------


def outage(minutes, ended_ago=0):
    ended_at = timezone.now() - timedelta(minutes=ended_ago)
    return {"began_at": ended_at - timedelta(minutes=minutes), "ended_at": ended_at}


def declare(span, message="Mất điện ở trung tâm dữ liệu."):
    return declare_outage(**span, message=message, user=PersonFactory())[1]


def test_an_outage_gives_each_open_attempt_what_it_lost(taker):
    quiz = QuizFactory(time_limit_minutes=60)
    span = outage(minutes=12)
    whole, part, after, unlimited, done = (
        start_attempt(taker=PersonFactory(), quiz=q)
        for q in (quiz, quiz, quiz, QuizFactory(), quiz)
    )
    move(whole, started_at=span["began_at"] - 5 * MINUTE, deadline=span["ended_at"] + 40 * MINUTE)
    move(part, started_at=span["ended_at"] - 4 * MINUTE, deadline=span["ended_at"] + 56 * MINUTE)
    move(after, started_at=span["ended_at"] + MINUTE, deadline=span["ended_at"] + 61 * MINUTE)
    move(done, started_at=span["began_at"] - 5 * MINUTE, deadline=span["ended_at"] + 40 * MINUTE)
    submit_attempt(attempt=done)
    before = {a.pk: a.deadline for a in (whole, part, after, unlimited, done)}
    seen = preview_outage(**span)
    assert (seen.extended, seen.repeated) == (2, 0)
    assert declare(span) == seen
    gained = {a.pk: a.deadline and a.deadline - before[a.pk] for a in Attempt.objects.all()}
    assert gained == {
        whole.pk: 12 * MINUTE,
        part.pk: 4 * MINUTE,
        after.pk: 0 * MINUTE,
        unlimited.pk: None,
        done.pk: 0 * MINUTE,
    }


def test_a_deadline_that_fell_into_the_outage_leaves_what_was_left(client, timed):
    span = outage(minutes=30)
    # Four minutes were left when it began.
    move(timed, started_at=span["began_at"] - 6 * MINUTE, deadline=span["began_at"] + 4 * MINUTE)
    declare(span)
    timed.refresh_from_db()
    assert timed.deadline == span["ended_at"] + 4 * MINUTE
    assert save(client, timed, 1, "a").status_code == 200


def test_what_the_clock_had_handed_in_may_be_made_once_more(taker):
    quiz = QuizFactory(time_limit_minutes=10, attempts_allowed=1)
    attempt = start_attempt(taker=taker, quiz=quiz)
    span = outage(minutes=30)
    move(attempt, started_at=span["began_at"] - 6 * MINUTE, deadline=span["began_at"] + 4 * MINUTE)
    submit_attempt(attempt=attempt)
    assert declare(span).repeated == 1
    attempt.refresh_from_db()
    assert attempt.state == "graded"
    assert start_attempt(taker=taker, quiz=quiz).number == 2


def test_the_attempt_page_tells_of_the_outage(client, timed):
    span = outage(minutes=3)
    move(timed, started_at=span["began_at"] - MINUTE)
    declare(span, "Máy chủ bảo trì đột xuất.")
    for name in ("attempt", "submit"):
        html = client.get(url(name, timed)).content.decode()
        assert "Máy chủ bảo trì đột xuất." in html
        assert "3 phút" in html


@pytest.mark.parametrize(
    ("span", "field"),
    [
        (lambda: outage(minutes=-5, ended_ago=10), "ended_at"),
        (lambda: outage(minutes=5, ended_ago=-1), "ended_at"),
        (lambda: outage(minutes=60 * 24 * 8), "ended_at"),
    ],
)
def test_what_was_no_outage_is_refused(timed, span, field):
    with pytest.raises(ValidationError) as refusal:
        declare(span())
    assert field in refusal.value.message_dict
    assert not Incident.objects.exists()


def test_an_outage_is_declared_once(timed):
    span = outage(minutes=5)
    move(timed, started_at=span["began_at"] - MINUTE)
    declare(span)
    timed.refresh_from_db()
    deadline = timed.deadline
    with pytest.raises(ValidationError):
        declare(span)
    with pytest.raises(ValidationError):
        declare({**span, "began_at": span["began_at"] + MINUTE})
    timed.refresh_from_db()
    assert (timed.deadline, Extension.objects.count()) == (deadline, 1)


# --- their screens -------------------------------------------------------------------------------


def worker(*codenames):
    person = PersonFactory()
    person.user_permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", *codenames])
    )
    browser = Client()
    browser.force_login(person)
    return browser


def as_typed(span):
    return {name: f"{timezone.localtime(at):%d/%m/%Y %H:%M:%S}" for name, at in span.items()} | {
        "message": "Đứt cáp quang."
    }


def test_the_outage_is_looked_at_before_it_is_declared(timed):
    administrator = worker("add_incident")
    span = outage(minutes=5)
    move(timed, started_at=span["began_at"] - MINUTE)
    address = reverse("attempts_outages")
    looked = administrator.post(address, as_typed(span))
    assert looked.context["preview"].extended == 1
    assert not Incident.objects.exists()
    assert administrator.post(address, {**as_typed(span), "confirmed": 1}).status_code == 302
    assert Extension.objects.get().attempt == timed
    html = administrator.get(address).content.decode()
    assert "Đứt cáp quang." in html


def test_a_wrong_span_is_said_at_its_field_and_nothing_typed_is_lost(timed):
    reply = worker("add_incident").post(
        reverse("attempts_outages"), as_typed(outage(minutes=-5, ended_ago=10))
    )
    assert list(reply.context["form"].errors) == ["ended_at"]
    assert "Đứt cáp quang." in reply.content.decode()


def test_outages_and_allowances_are_for_those_who_may(client, timed):
    editor = worker("change_quiz")
    for address in (reverse("attempts_outages"), reverse("attempts_allowances:add")):
        assert client.get(address).status_code == 302
        assert editor.get(address).status_code == 302
        assert editor.post(address, as_typed(outage(minutes=5))).status_code == 302
    assert not Incident.objects.exists()


def test_an_allowance_is_given_by_login_name(taker, timed):
    officer = worker("add_allowance", "change_allowance", "view_allowance")
    data = {
        "person": taker.email,
        "quiz": timed.quiz_id,
        "extra_minutes": 20,
        "extra_attempts": 0,
        "reason": "Khuyết tật vận động",
    }
    add = reverse("attempts_allowances:add")
    unknown = officer.post(add, {**data, "person": "khong-ai@vidu.example"})
    assert list(unknown.context["form"].errors) == ["person"]
    assert officer.post(add, data).status_code == 302
    given = Allowance.objects.get()
    assert (given.taker, given.extra_minutes) == (taker, 20)
    assert given.given_by is not None
    assert list(officer.post(add, data).context["form"].errors) == ["person"]
    edit = reverse("attempts_allowances:edit", args=[given.pk])
    assert officer.post(edit, {**data, "extra_minutes": 30}).status_code == 302
    timed.refresh_from_db()
    assert timed.deadline - timed.started_at == 40 * MINUTE
