"""An editor at work in the admin, while a learner is in the middle of it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.snippets.models import get_snippet_models
from wagtail.test.utils.form_data import (
    nested_form_data,
    querydict_from_html,
    rich_text,
    streamfield,
)

from learning.courses.models import Source, Term
from learning.progress.models import CourseCompletion, LessonRead
from quizzes.bank.models import Question, Quiz
from tests.factories import Learner, make_course, make_editor

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make_course(modules=1, lessons=2)


@pytest.fixture
def editor(db):
    return make_editor()


def lesson_form(editor, lesson, **changes):
    """What the edit page would send, with a new body of one paragraph."""
    html = editor.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).content.decode()
    data = querydict_from_html(html, form_id="page-edit-form").dict()
    body = [("text", rich_text("<p>Đoạn do biên tập viên viết.</p>"))]
    return data | nested_form_data({"body": streamfield(body)}) | changes


def question_form(editor, question, **changes):
    address = reverse("wagtailsnippets_bank_question:edit", args=[question.pk])
    html = editor.get(address).content.decode()
    data = querydict_from_html(html, form_id="w-editor-form").dict()
    return data | changes


def test_the_editor_gets_in_and_others_do_not(course, editor):
    edit = reverse("wagtailadmin_pages:edit", args=[course.all_lessons[0].pk])
    assert editor.get("/admin/").status_code == 200
    assert editor.get(edit).status_code == 200
    for outsider in (Learner(course).client, Client()):
        for address in ("/admin/", edit):
            reply = outsider.get(address)
            assert (reply.status_code, reply.url.split("?")[0]) == (302, "/admin/login/")


def test_a_draft_of_a_lesson_is_previewed_and_not_seen_by_others(course, editor):
    lesson = course.all_lessons[0]
    data = lesson_form(editor, lesson, title="Tên đang sửa")
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[lesson.pk])
    assert editor.post(preview, data).json()["is_valid"] is True
    html = editor.get(preview).content.decode()
    assert "Tên đang sửa" in html
    assert "Đoạn do biên tập viên viết." in html
    assert "Tên đang sửa" not in Client().get(lesson.url).content.decode()


def test_publishing_a_lesson_shows_it_and_keeps_who_has_read_it(course, editor):
    learner, (lesson, last) = Learner(course), course.all_lessons
    learner.read(lesson)
    address = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    data = lesson_form(editor, lesson, title="Tên mới", **{"action-publish": "1"})
    assert editor.post(address, data).status_code == 302
    html = learner.client.get(lesson.url).content.decode()
    assert "Tên mới" in html
    assert "Đoạn do biên tập viên viết." in html
    assert "Đã học bài này." in learner.client.get(lesson.url).content.decode()
    learner.read(lesson, last)
    assert LessonRead.objects.count() == 2
    learner.sit(course.modules[0])
    assert CourseCompletion.objects.count() == 1


def test_a_question_is_previewed_as_the_learner_sees_it(course, editor):
    question = course.modules[0].quiz.places.first().question
    data = question_form(editor, question, prompt="Câu hỏi đang sửa?")
    preview = reverse("wagtailsnippets_bank_question:preview_on_edit", args=[question.pk])
    assert editor.post(preview, data).json()["is_valid"] is True
    html = editor.get(preview).content.decode()
    assert "Câu hỏi đang sửa?" in html
    assert "Phương án đầu" in html


def test_publishing_a_question_leaves_the_open_attempt_as_it_was(course, editor):
    learner, module = Learner(course), course.modules[0]
    learner.read(*course.all_lessons)
    attempt = learner.start(module)
    learner.answer(attempt)
    asked = [item.version.content["prompt"] for item in attempt.items.order_by("position")]
    question = Question.objects.get(prompt=asked[0])
    right = {f"options-{n}-is_right": "on" for n in (1,)}
    data = question_form(
        editor, question, prompt="Câu hỏi mới?", **right, **{"action-publish": "1"}
    )
    del data["options-0-is_right"]  # another option is the right one from now on
    address = reverse("wagtailsnippets_bank_question:edit", args=[question.pk])
    assert editor.post(address, data).status_code == 302
    question.refresh_from_db()
    assert question.current_version.content["prompt"] == "Câu hỏi mới?"
    assert [x["right"] for x in question.current_version.content["options"]][:2] == [False, True]

    page = learner.client.get(reverse("attempts:attempt", args=[attempt.pk]) + "?cau=1")
    assert asked[0] in page.content.decode()
    assert "Câu hỏi mới?" not in page.content.decode()
    assert attempt.items.filter(saved_at__isnull=False).count() == 2
    assert learner.hand_in(attempt).percent == 100
    assert CourseCompletion.objects.count() == 1
    again = learner.start(module)
    prompts = {item.version.content["prompt"] for item in again.items.all()}
    assert prompts == {"Câu hỏi mới?", asked[1]}


def test_every_list_of_the_admin_can_be_searched(course, editor):
    searched = set()
    for model in get_snippet_models():
        viewset = model.snippet_viewset
        address = reverse(viewset.get_url_name("list"))
        if editor.get(address).status_code == 200:
            assert editor.get(address, {"q": "so huu"}).status_code == 200, address
            chooser = reverse(viewset.chooser_viewset.get_url_name("choose_results"))
            assert editor.get(chooser, {"q": "so huu"}).status_code == 200, chooser
            searched.add(model)
    assert {Question, Quiz, Source, Term} <= searched
