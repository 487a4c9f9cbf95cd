"""The bank in the admin: states, versions and use, questions alike, changing many at once."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.test.utils.form_data import querydict_from_html

from quizzes.attempts.actions import start_attempt
from quizzes.attempts.errors import NothingToAskError
from quizzes.bank.actions import DrawSpec, save_quiz
from quizzes.bank.admin.filters import in_state
from quizzes.bank.editing import Changes, edit_many, retire, reuse
from quizzes.bank.likeness import like
from quizzes.bank.models import Question
from quizzes.bank.usage import quizzes_of, times_asked, version_lines
from quizzes.bank.words import share, words_of
from tests.factories import make_editor
from tests.quizzes.factories import PersonFactory, QuestionFactory, QuizFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/snippets/bank/question/"


@pytest.fixture
def editor(db):
    return make_editor()


def edit_url(question):
    return f"{LIST}edit/{question.pk}/"


def versions_url(question):
    return reverse("bank_question_versions", args=[question.pk])


def bulk_url(*questions):
    chosen = urlencode([("id", question.pk) for question in questions])
    return f"/admin/bulk/bank/question/change_questions/?{chosen}&next={LIST}"


def told(reply):
    return [str(message).strip() for message in reply.context["messages"]]


def with_draft(question, **fields):
    """A newer draft beside what is live."""
    for name, value in fields.items():
        setattr(question, name, value)
    question.save_revision()
    question.refresh_from_db()
    return question


@pytest.fixture
def workflow(db):
    """How questions are approved on this site."""
    return Question.get_default_workflow()


# --- states --------------------------------------------------------------------------------------


def test_each_state_is_told_and_found(workflow):
    live = QuestionFactory()
    changed = with_draft(QuestionFactory(), prompt="Đang sửa?")
    gone = QuestionFactory()
    retire(question=gone, why="Luật đã đổi")
    draft = QuestionFactory()
    draft.unpublish()
    review = QuestionFactory()
    review.unpublish()
    review.save_revision()
    workflow.start(review, PersonFactory())
    every = {"live": live, "changed": changed, "retired": gone, "draft": draft, "review": review}
    for state, question in every.items():
        question = Question.objects.get(pk=question.pk)
        assert question.state == state
        assert list(in_state(Question.objects.all(), state)) == [question]


def test_a_retired_question_is_not_asked_and_attempts_keep_it():
    question = QuestionFactory()
    quiz = QuizFactory(questions=[question])
    attempt = start_attempt(taker=PersonFactory(), quiz=quiz)
    assert retire(question=question, why="Luật đã đổi") is True
    assert retire(question=question, why="Lần nữa") is False
    assert question.retired_why == "Luật đã đổi"
    with pytest.raises(NothingToAskError):
        start_attempt(taker=PersonFactory(), quiz=quiz)
    assert attempt.items.get().version.question == question
    assert reuse(question=question) is True
    assert start_attempt(taker=PersonFactory(), quiz=quiz)


def test_editing_a_retired_question_does_not_bring_it_back():
    question = QuestionFactory()
    retire(question=question, why="Luật đã đổi")
    question.save_revision().publish()
    question.refresh_from_db()
    assert question.retired_at is not None


def test_the_list_is_narrowed_by_state_topic_and_tag(editor):
    one = QuestionFactory(topic="Nhãn hiệu", tags=["đề 2026", "khó nhớ"])
    other = QuestionFactory(topic="Sáng chế")
    retire(question=other, why="Trùng")
    for query, found in (
        ({"state": "live"}, [one]),
        ({"state": "retired"}, [other]),
        ({"topic": "Nhãn hiệu"}, [one]),
        ({"tag": one.tags.get(name="đề 2026").pk}, [one]),
    ):
        reply = editor.get(LIST, query)
        assert list(reply.context["object_list"]) == found, query


def test_the_list_costs_the_same_for_one_question_and_for_three(editor):
    costs = []
    for count in (1, 2):
        QuestionFactory.create_batch(count)
        editor.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            editor.get(LIST)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_question_is_sent_to_the_approvers_and_published_by_one(editor, workflow):
    question = QuestionFactory()
    question.unpublish()
    page = editor.get(edit_url(question)).content.decode()
    data = querydict_from_html(page, form_index=_editor_form(page))
    # The form in the page has no ticks for boxes without a value.
    data["options-0-is_right"] = "on"
    data["action-submit"] = "1"
    reply = editor.post(edit_url(question), data)
    assert reply.status_code == 302, reply.context["form"].errors
    question = Question.objects.get(pk=question.pk)
    assert question.state == "review"
    approver = PersonFactory()
    approver.groups.add(Group.objects.get(name="Người duyệt"))
    browser = Client()
    browser.force_login(approver)
    state = question.current_workflow_task_state
    address = reverse(
        "wagtailsnippets_bank_question:workflow_action",
        args=[question.pk, "approve", state.pk],
    )
    assert browser.post(address, {"comment": "Đúng luật hiện hành"}).status_code == 302
    question = Question.objects.get(pk=question.pk)
    assert question.state == "live"
    # Who is no approver approves nothing.
    learner = Client()
    learner.force_login(PersonFactory())
    assert learner.post(address).status_code == 302


# --- comparing, versions, use --------------------------------------------------------------------


def test_two_revisions_are_compared_option_by_option(editor):
    question = QuestionFactory()
    first = question.get_latest_revision()
    option = question.options.first()
    option.text = "Phương án đã sửa"
    question.options.set([option, *question.options.all()[1:]])
    second = question.save_revision()
    html = editor.get(
        reverse(
            "wagtailsnippets_bank_question:revisions_compare",
            args=[question.pk, first.pk, second.pk],
        )
    ).content.decode()
    assert "Phương án" in html
    assert 'class="addition"' in html


def test_the_versions_tell_what_changed_and_how_often_they_were_asked(editor):
    question = QuestionFactory(key="cau", prompt="Lời cũ?")
    quiz = QuizFactory(questions=[question])
    for _person in range(2):
        start_attempt(taker=PersonFactory(), quiz=quiz)
    QuestionFactory(key="cau", prompt="Lời mới?")
    start_attempt(taker=PersonFactory(), quiz=quiz)
    question.refresh_from_db()
    new, old = version_lines(question)
    assert (old.asked, new.asked) == (2, 1)
    assert (old.is_current, new.is_current) == (False, True)
    assert [(c.before, c.after) for c in new.changes] == [("Lời cũ?", "Lời mới?")]
    html = editor.get(versions_url(question)).content.decode()
    for text in ("Lời cũ?", "Lời mới?", quiz.title):
        assert text in html


@pytest.mark.parametrize("versions", [1, 3])
def test_the_versions_cost_the_same_however_many(django_assert_num_queries, versions):
    for number in range(versions):
        question = QuestionFactory(key="cau", prompt=f"Lời {number}?")
    with django_assert_num_queries(2):
        assert len(version_lines(question)) == versions
    assert times_asked([]) == {}


def test_who_uses_a_question_by_name_and_by_draw():
    question = QuestionFactory(topic="Nhãn hiệu", difficulty=3)
    own = QuizFactory(questions=[question], title="Có tên")
    pool = save_quiz(key="tu-bai", title="Từ bài", question_keys=[], draws=[(own.key, 1)])
    bank = save_quiz(
        key="tu-ngan-hang",
        title="Từ ngân hàng",
        question_keys=[],
        draws=[DrawSpec(topic="Nhãn hiệu"), DrawSpec(difficulty=1)],
    )
    uses = quizzes_of(question)
    assert [use.quiz for use in uses] == [own, pool, bank]
    assert [bool(use.draw) for use in uses] == [False, True, True]


def test_a_question_in_use_is_not_deleted(editor):
    question = QuestionFactory()
    QuizFactory(questions=[question])
    # What Wagtail's index of uses doesn't know yet, the database knows.
    answer = editor.post(f"{LIST}delete/{question.pk}/", follow=True)
    assert "đang được sử dụng" in answer.content.decode()
    assert Question.objects.filter(pk=question.pk).exists()


@pytest.mark.indexed
def test_what_the_index_knows_is_refused_before(editor):
    question = QuestionFactory()
    QuizFactory(questions=[question])
    assert editor.post(f"{LIST}delete/{question.pk}/").status_code == 302
    assert Question.objects.filter(pk=question.pk).exists()


def test_retiring_asks_why_and_stands_in_the_history(editor):
    question = QuestionFactory()
    refused = editor.post(versions_url(question), {"why": " "})
    assert list(refused.context["form"].errors) == ["why"]
    editor.post(versions_url(question), {"why": "Nghị định mới"})
    question.refresh_from_db()
    assert question.retired_why == "Nghị định mới"
    assert question.retired_by is not None
    history = editor.get(f"{LIST}history/{question.pk}/").content.decode()
    assert "Cho nghỉ" in history
    editor.post(versions_url(question), {"reuse": "1"})
    question.refresh_from_db()
    assert question.retired_at is None


def test_versions_and_changes_are_for_editors():
    question = QuestionFactory()
    learner = Client()
    learner.force_login(PersonFactory())
    stranger = Client()
    clerk = PersonFactory()
    clerk.user_permissions.add(Permission.objects.get(codename="access_admin"))
    stranger.force_login(clerk)
    for browser in (learner, stranger):
        assert browser.get(versions_url(question)).status_code == 302
        assert browser.post(versions_url(question), {"why": "x"}).status_code == 302
        browser.post(bulk_url(question), {"topic": "Khác"})
    question.refresh_from_db()
    assert (question.topic, question.retired_at) == ("", None)


# --- questions alike -----------------------------------------------------------------------------


def test_words_do_not_know_accents_order_or_punctuation():
    assert words_of(["Nhãn hiệu là gì, HOÀ?"]) == words_of(["hòa la gi nhan hieu"])


@given(st.sets(st.text(min_size=1, max_size=3)), st.sets(st.text(min_size=1, max_size=3)))
def test_the_share_of_words_is_a_share(words, others):
    found = share(words, others)
    assert found == share(others, words)
    assert 0 <= found <= 1
    assert (found == 1) == (words == others and bool(words))


def test_a_question_much_like_another_is_found():
    old = QuestionFactory(prompt="Nhãn hiệu đã đăng ký có hiệu lực trong bao nhiêu năm?")
    QuestionFactory(prompt="Ai nộp đơn đăng ký sáng chế trước thì được ưu tiên?")
    new = QuestionFactory(prompt="Nhan hieu da dang ky co hieu luc bao nhieu nam?")
    (found,) = like(new)
    assert found.pk == old.pk
    assert found.share > 0.8
    # Two short questions share words by chance.
    assert like(QuestionFactory(prompt="Đúng hay sai?")) == []


def test_saving_a_question_like_another_is_warned_of_and_done(editor):
    QuestionFactory(prompt="Nhãn hiệu đã đăng ký có hiệu lực trong bao nhiêu năm?")
    question = QuestionFactory(prompt="Câu còn để trống thôi mà?")
    page = editor.get(edit_url(question)).content.decode()
    data = querydict_from_html(page, form_index=_editor_form(page))
    data["prompt"] = "Nhãn hiệu đã đăng ký có hiệu lực bao nhiêu năm?"
    reply = editor.post(edit_url(question), data, follow=True)
    assert any("có hiệu lực trong bao nhiêu năm?" in text for text in told(reply))
    draft = Question.objects.get(pk=question.pk).get_latest_revision_as_object()
    assert draft.prompt == "Nhãn hiệu đã đăng ký có hiệu lực bao nhiêu năm?"


def _editor_form(page):
    """Which of the page's forms is the editor's."""
    forms = BeautifulSoup(page, "html.parser").find_all("form")
    return next(n for n, form in enumerate(forms) if form.find(attrs={"name": "prompt"}))


# --- many at once --------------------------------------------------------------------------------


def test_many_questions_are_changed_at_once(editor):
    questions = QuestionFactory.create_batch(3, topic="Cũ")
    assert editor.get(bulk_url(*questions)).status_code == 200
    reply = editor.post(
        bulk_url(*questions[:2]),
        {"topic": "Mới", "difficulty": 3, "add_tags": "ôn tập,  đề 2026", "then": ""},
        follow=True,
    )
    assert told(reply) == ["2 câu hỏi đã được sửa."]
    found = Question.objects.in_bulk([question.pk for question in questions])
    assert [found[q.pk].topic for q in questions] == ["Mới", "Mới", "Cũ"]
    assert set(found[questions[0].pk].tags.names()) == {"ôn tập", "đề 2026"}
    # The words of the question are untouched: no new version, and it is still asked.
    assert found[questions[0].pk].versions.count() == 1
    assert found[questions[0].pk].live
    assert found[questions[0].pk].latest_revision.user is not None


def test_a_draft_that_waits_stays_a_draft_and_gets_the_change_too():
    question = with_draft(QuestionFactory(prompt="Bản sống?"), prompt="Bản nháp?")
    done = edit_many(questions=[question], changes=Changes(topic="Mới"), user=PersonFactory())
    assert (done.changed, done.refused) == (1, [])
    question = Question.objects.get()
    assert (question.prompt, question.topic) == ("Bản sống?", "Mới")
    assert question.has_unpublished_changes
    draft = question.get_latest_revision_as_object()
    assert (draft.prompt, draft.topic) == ("Bản nháp?", "Mới")


def test_what_is_the_same_already_leaves_no_trace():
    question = QuestionFactory(topic="Mới")
    before = question.latest_revision_id
    done = edit_many(questions=[question], changes=Changes(topic="Mới"), user=PersonFactory())
    assert done.changed == 0
    assert Question.objects.get().latest_revision_id == before


def test_one_refused_question_takes_nothing_from_the_others():
    day = timezone.localdate()
    fine, ends_early = QuestionFactory(), QuestionFactory(valid_until=day)
    done = edit_many(
        questions=[ends_early, fine],
        changes=Changes(valid_from=day + timedelta(days=1)),
        user=PersonFactory(),
    )
    assert done.changed == 1
    ((refused, reason),) = done.refused
    assert refused == ends_early
    assert reason
    fine.refresh_from_db()
    assert fine.valid_from == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "__all__"),
        ({"then": "retire"}, "why"),
        ({"valid_from": "02/01/2026", "valid_until": "01/01/2026"}, "valid_until"),
    ],
)
def test_the_form_says_what_is_missing(editor, data, field):
    question = QuestionFactory()
    reply = editor.post(bulk_url(question), data)
    assert list(reply.context["form"].errors) == [field]


def test_many_are_retired_used_again_unpublished_and_published(editor):
    questions = QuestionFactory.create_batch(2)
    for then, state in (
        ("retire", "retired"),
        ("reuse", "live"),
        ("unpublish", "draft"),
        ("publish", "live"),
    ):
        editor.post(bulk_url(*questions), {"then": then, "why": "Ôn lại"})
        assert {q.state for q in Question.objects.all()} == {state}, then
    assert {q.versions.count() for q in Question.objects.all()} == {1}
