"""The register in the admin: the report, the dashboard, the flags in the editors, the review."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import querydict_from_html

from learning.courses.models import Source, SourceReview
from quizzes.bank.actions import save_quiz
from tests.factories import Learner, make_course, make_editor
from tests.learning.courses.register.factories import (
    citing_lesson,
    citing_question,
    day,
    make_source,
    replaced,
)
from tests.quizzes.factories import QuestionFactory

pytestmark = pytest.mark.django_db

REPORT = "/admin/reports/noi-dung-can-xem-lai/"


@pytest.fixture
def course():
    return make_course(modules=1, lessons=1)


@pytest.fixture
def editor(db):
    return make_editor()


@pytest.fixture
def source():
    return replaced(make_source("Luật cũ"), make_source("Luật mới"))


@pytest.fixture
def lesson(course, source):
    return citing_lesson(course.modules[0], source, title="Bài dựa vào luật cũ")


def read(browser: Client, address: str) -> str:
    reply = browser.get(address)
    assert reply.status_code == 200, address
    return reply.content.decode()


def review_address(subject: str, key: object) -> str:
    return f"{REPORT}{subject}/{key}/"


def review(browser: Client, address: str, verdict: str = "right", **fields: str):
    """The form as it is on the screen, sent with a verdict."""
    html = read(browser, address)
    seen = (
        html.split('name="seen" value="')[1].split('"')[0] if 'name="seen" value="' in html else ""
    )
    return browser.post(address, {"verdict": verdict, "note": "", "seen": seen} | fields)


# --- who may -------------------------------------------------------------------------------------


def test_only_editors_see_report_and_review(course, editor, lesson):
    address = review_address("lesson", lesson.translation_key)
    assert [editor.get(url).status_code for url in (REPORT, address)] == [200, 200]
    for outsider in (Learner(course).client, Client()):
        for url in (REPORT, address):
            reply = outsider.get(url)
            assert (reply.status_code, reply.url.split("?")[0]) == (302, "/admin/login/")
        assert outsider.post(address, {"verdict": "right"}).status_code == 302
    assert SourceReview.objects.count() == 0


# --- the report ----------------------------------------------------------------------------------


def test_the_report_lists_what_cites_a_changed_source(course, editor, source, lesson):
    question = citing_question(source, prompt="Luật nào đang áp dụng?")
    html = read(editor, REPORT)
    for told in (lesson.title, course.page.title, question.prompt, "Luật cũ", "Luật mới"):
        assert told in html, told
    only = read(editor, f"{REPORT}?loai=question")
    assert question.prompt in only
    assert reverse("wagtailadmin_pages:edit", args=[lesson.pk]) not in only


def test_nothing_is_listed_where_all_is_well(course, editor):
    citing_lesson(course.modules[0], make_source("Luật còn nguyên"), title="Bài vẫn đúng")
    html = read(editor, REPORT)
    assert "Bài vẫn đúng" not in html
    assert "Luật còn nguyên" not in html


def test_the_report_can_be_kept_as_a_file(editor, lesson):
    reply = editor.get(f"{REPORT}?export=csv")
    text = b"".join(reply.streaming_content).decode()
    assert reply["content-disposition"] == 'attachment; filename="noi-dung-can-xem-lai.csv"'
    assert lesson.title in text
    assert "Luật cũ" in text


def test_it_tells_of_small_pools_and_questions_outside_their_days(course, editor):
    over = QuestionFactory(prompt="Câu đã hết đúng?", valid_until=day(-1))
    coming = QuestionFactory(prompt="Câu chưa tới ngày?", valid_from=day(1))
    quiz = save_quiz(
        key="it-cau", title="Bài ít câu", question_keys=[over.key, QuestionFactory().key], draw=2
    )
    html = read(editor, REPORT)
    assert "Câu đã hết đúng?" in html
    assert "Câu chưa tới ngày?" in html
    assert reverse("wagtailsnippets_bank_quiz:edit", args=[quiz.pk]) in html
    assert coming.is_valid_on(day()) is False


def test_the_report_costs_the_same_for_one_lesson_and_for_three(course, editor, source):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            read(editor, REPORT)
        return len(found)

    citing_lesson(course.modules[0], source, title="Bài một")
    queries()
    before = queries()
    for title in ("Bài hai", "Bài ba"):
        citing_lesson(course.modules[0], source, title=title)
    assert queries() == before


# --- the dashboard -------------------------------------------------------------------------------


def test_the_dashboard_tells_the_editor(editor, course, lesson):
    html = read(editor, "/admin/")
    assert lesson.title in html
    assert "stale-panel__line" in html


def test_the_dashboard_is_silent_where_all_is_well(editor, course):
    assert "stale-panel__line" not in read(editor, "/admin/")


# --- flags in the editors ------------------------------------------------------------------------


def test_a_lesson_and_a_question_are_flagged_in_their_editors(editor, source, lesson):
    question = citing_question(source)
    for edit, subject, key in (
        (reverse("wagtailadmin_pages:edit", args=[lesson.pk]), "lesson", lesson.translation_key),
        (
            reverse("wagtailsnippets_bank_question:edit", args=[question.pk]),
            "question",
            question.key,
        ),
    ):
        assert review_address(subject, key) in read(editor, edit)
    sound = citing_question(make_source())
    edit = reverse("wagtailsnippets_bank_question:edit", args=[sound.pk])
    assert review_address("question", sound.key) not in read(editor, edit)


def test_a_question_outside_its_days_and_a_quiz_that_lacks_it_are_flagged(editor):
    over = QuestionFactory(valid_until=day(-1))
    quiz = save_quiz(key="it-cau", title="Bài ít câu", question_keys=[over.key], draw=1)
    edit = reverse("wagtailsnippets_bank_question:edit", args=[over.pk])
    assert "Hôm nay ngoài thời gian dùng của câu hỏi này" in read(editor, edit)
    edit = reverse("wagtailsnippets_bank_quiz:edit", args=[quiz.pk])
    assert "chỉ có 0 câu để rút 1 câu" in read(editor, edit)


# --- the review ----------------------------------------------------------------------------------


def test_a_review_takes_the_lesson_off_the_list_until_the_next_news(editor, source, lesson):
    address = review_address("lesson", lesson.translation_key)
    reply = review(editor, address, "corrected", note="Đã sửa đoạn hai.")
    assert (reply.status_code, reply.url) == (302, REPORT)
    found = SourceReview.objects.get()
    assert (found.verdict, found.note) == ("corrected", "Đã sửa đoạn hai.")
    assert found.by.get_full_name() == "Phạm Thị Biên Tập"
    edit = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
    assert edit not in read(editor, f"{REPORT}?loai=lesson")
    assert "Đã sửa đoạn hai." in read(editor, REPORT)
    replaced(source, make_source("Luật mới hơn"))
    assert edit in read(editor, f"{REPORT}?loai=lesson")


def test_news_that_came_while_the_form_was_open_is_shown_first(editor, source, lesson):
    address = review_address("lesson", lesson.translation_key)
    reply = review(editor, address, seen="2020-01-01T00:00:00+00:00", note="Chưa đọc tin mới.")
    html = reply.content.decode()
    assert reply.status_code == 200
    assert "Chưa đọc tin mới." in html
    assert SourceReview.objects.count() == 0


def test_a_review_without_a_verdict_is_asked_for_and_keeps_the_note(editor, lesson):
    address = review_address("lesson", lesson.translation_key)
    reply = review(editor, address, "", note="Đã đọc.")
    assert reply.status_code == 200
    assert "Đã đọc." in reply.content.decode()
    assert SourceReview.objects.count() == 0


@pytest.mark.parametrize("subject", ["lesson", "question", "course", "quiz"])
def test_what_is_not_published_cannot_be_reviewed(editor, course, subject):
    assert editor.get(review_address(subject, "khong-co")).status_code == 404


# --- entering the news ---------------------------------------------------------------------------


def source_form(browser: Client, address: str, successor: Source):
    """The source's form with a successor chosen, and nothing in the other list."""
    data = querydict_from_html(read(browser, address), form_id="w-editor-form").copy()
    data.setlist("amended_by", [])
    data.setlist("replaced_by", [str(successor.pk)])
    return data


def test_marking_a_source_as_replaced_in_the_admin_lists_what_cites_it(editor, course):
    old, new = make_source("Luật sắp bị thay"), make_source("Luật thay thế")
    lesson = citing_lesson(course.modules[0], old, title="Bài theo luật sắp bị thay")
    assert lesson.title not in read(editor, REPORT)
    address = reverse("wagtailsnippets_courses_source:edit", args=[old.pk])
    assert editor.post(address, source_form(editor, address, new)).status_code == 302
    assert list(Source.objects.get(pk=old.pk).replaced_by.all()) == [new]
    assert lesson.title in read(editor, REPORT)
    # Learners are told too.
    assert "Luật thay thế" in read(Client(), Page.objects.get(pk=lesson.pk).get_url())


def test_a_source_cannot_replace_itself(editor):
    source = make_source()
    address = reverse("wagtailsnippets_courses_source:edit", args=[source.pk])
    reply = editor.post(address, source_form(editor, address, source))
    assert "Một nguồn không thể tự sửa đổi hay thay thế chính nó." in reply.content.decode()
    assert source.replaced_by.count() == 0
