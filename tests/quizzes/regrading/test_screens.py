"""The editor's way through regrading, by its addresses."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from quizzes.attempts.models import Ruling
from quizzes.regrading.models import Regrade
from tests.quizzes.factories import PersonFactory, QuestionFactory, QuizFactory
from tests.quizzes.regrading.steps import plan_for, regrade, sit

pytestmark = pytest.mark.django_db

INDEX = "/admin/regrading/"


@pytest.fixture
def browser(editor):
    made = Client()
    made.force_login(editor)
    return made


@pytest.fixture
def question():
    return QuestionFactory(prompt="Câu in sai đáp án?")


@pytest.fixture
def quiz(question):
    return QuizFactory(questions=[question, QuestionFactory()], pass_percent=50)


def address(question):
    return reverse("regrading_plan", args=[question.pk])


def asked(question, **fields):
    return {
        "versions": [question.current_version_id],
        "effect": "key",
        "by_version": "",
        "right": ["b"],
        "favour": "on",
        "reason": "Đáp án in sai.",
        **fields,
    }


def applied(browser, question, preview, **fields):
    data = asked(question, **fields) | {"seen": preview.context["seal"]}
    return browser.post(address(question), data)


def test_from_the_title_to_the_result(browser, question, quiz, django_capture_on_commit_callbacks):
    gains, keeps = sit(quiz, "bb"), sit(quiz, "aa")
    found = browser.get(reverse("regrading_choose"), {"q": "in sai"})
    assert [one.question for one in found.context["found"]] == [question]
    assert [one.attempts for one in found.context["found"]] == [2]
    assert browser.get(address(question)).status_code == 200
    preview = browser.get(address(question), asked(question))
    assert (preview.context["preview"].changed, preview.context["preview"].gained) == (1, 1)
    assert gains.receipt in preview.content.decode()
    assert keeps.receipt not in preview.content.decode()
    assert not Ruling.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        reply = applied(browser, question, preview)
    done = Regrade.objects.get()
    assert reply.url == reverse("regrading_regrade", args=[done.pk])
    assert (done.changed, done.gained, done.state) == (1, 1, "done")
    gains.refresh_from_db()
    assert gains.passed is True
    html = browser.get(reply.url).content.decode()
    assert gains.receipt in html
    assert "Đáp án in sai." in browser.get(INDEX).content.decode()


def test_a_hand_in_after_the_preview_asks_again(browser, question, quiz):
    sit(quiz, "bb")
    preview = browser.get(address(question), asked(question))
    sit(quiz, "bb")
    reply = applied(browser, question, preview)
    assert reply.status_code == 200
    assert (reply.context["earlier"].changed, reply.context["preview"].changed) == (1, 2)
    assert not Ruling.objects.exists()
    assert applied(browser, question, reply).status_code == 302


@pytest.mark.parametrize("seal", ["", "forged", "1:2:3"])
def test_without_a_preview_nothing_is_applied(browser, question, quiz, seal):
    reply = browser.post(address(question), asked(question) | {"seen": seal})
    assert reply.status_code == 200
    assert not Ruling.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"effect": "x"},
        {"versions": ["999999"]},
        {"versions": []},
        {"right": []},
        {"right": ["a", "b"]},
        {"by_version": "999999"},
    ],
)
def test_a_plan_that_cannot_be_is_shown_again_with_why(browser, question, wrong):
    reply = browser.get(address(question), asked(question, **wrong))
    assert reply.context["form"].errors


def test_lists_are_paged(browser, question, quiz, monkeypatch):
    from quizzes.regrading import preview, views

    monkeypatch.setattr(preview, "PAGE", 2)
    monkeypatch.setattr(views, "PAGE", 2)
    attempts = [sit(quiz, "bb") for _n in range(3)]
    first = browser.get(address(question), asked(question))
    second = browser.get(address(question), asked(question, p="2"))
    shown = [row.attempt for row, _name in first.context["rows"] + second.context["rows"]]
    assert shown == attempts
    lost = browser.get(address(question), asked(question, show="lost"))
    assert lost.context["rows"] == []


def test_a_regrade_that_was_interrupted_is_taken_up(browser, question, quiz, editor):
    sit(quiz, "bb")
    done = regrade(plan_for(question, "credit"), editor)
    here = reverse("regrading_regrade", args=[done.pk])
    assert browser.get(here).status_code == 200
    browser.post(here)
    done.refresh_from_db()
    assert (done.state, done.changed) == ("done", 1)


def test_for_others_it_does_not_exist(question, editor, quiz):
    done = regrade(plan_for(question, "credit"), editor)
    addresses = [
        INDEX,
        reverse("regrading_choose"),
        address(question),
        reverse("regrading_regrade", args=[done.pk]),
    ]
    staff = PersonFactory(is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="access_admin"))
    for person, status in ((staff, 404), (PersonFactory(), 302), (None, 302)):
        browser = Client()
        if person is not None:
            browser.force_login(person)
        assert {browser.get(one).status_code for one in addresses} == {status}
        assert browser.post(address(question), asked(question)).status_code == status
    assert Ruling.objects.count() == 1


@pytest.mark.parametrize("size", [1, 3])
def test_history_costs_the_same_for_one_and_three(
    browser, editor, size, django_assert_max_num_queries
):
    for _n in range(size):
        regrade(plan_for(QuestionFactory(), "credit"), editor)
        Regrade.objects.update(state="done", done_at="2026-11-23T00:00:00Z")
    browser.get(INDEX)
    with django_assert_max_num_queries(14):
        assert browser.get(INDEX).status_code == 200
