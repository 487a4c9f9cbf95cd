"""The editors' screens: the report, the review, the dashboard, the flags above the editors."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import querydict_from_html

from learning.courses.models import Source, SourceReview
from tests.factories import Learner, UserFactory, make_course, make_editor
from tests.learning.courses.register.factories import (
    citing_lesson,
    citing_question,
    day,
    make_source,
    replaced,
)
from tests.learning.organisations.factories import make_officer, make_unit
from tests.quizzes.factories import QuestionFactory, QuizFactory

pytestmark = pytest.mark.django_db

REPORT = "/admin/reports/noi-dung-can-xem-lai/"


@pytest.fixture
def course():
    return make_course(modules=1, lessons=1)


@pytest.fixture
def source():
    return replaced(make_source("Luật cũ"), make_source("Luật mới"))


@pytest.fixture
def lesson(course, source):
    return citing_lesson(course.modules[0], source, title="Bài dẫn luật cũ")


@pytest.fixture
def editor():
    return make_editor()


def review_of(lesson):
    return f"{REPORT}lesson/{lesson.translation_key}/"


def titles(reply):
    return [row.content.title for row in reply.context["object_list"]]


def warnings(browser, address):
    """What stands above the editor, its markup taken away."""
    html = browser.get(address).content.decode()
    found = re.findall(r'(?s)<li class="warning">(.*?)</li>', html)
    told = [" ".join(re.sub(r"<[^>]+>", " ", text).split()) for text in found]
    # The last is the pattern for what a script adds.
    return [text for text in told if text]


# --- who may ------------------------------------------------------------------------------------


def test_editors_and_administrators_see_it_and_others_do_not(course, lesson, editor):
    administrator, worker = Client(), Client()
    administrator.force_login(UserFactory(is_staff=True, is_superuser=True))
    person = UserFactory(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    worker.force_login(person)
    officer = Client()
    officer.force_login(make_officer(make_unit("Sở thử")))
    for address in (REPORT, review_of(lesson)):
        for allowed in (editor, administrator):
            assert allowed.get(address).status_code == 200
        for refused in (Client(), Learner(course).client, officer, worker):
            for reply in (refused.get(address), refused.post(address, {"verdict": "right"})):
                assert reply.status_code in (302, 405)
                assert "Bài dẫn luật cũ" not in reply.content.decode()
    assert SourceReview.objects.count() == 0
    assert "Bài dẫn luật cũ" in editor.get("/admin/").content.decode()
    assert "Bài dẫn luật cũ" not in worker.get("/admin/").content.decode()


# --- the report ----------------------------------------------------------------------------------


def test_the_report_tells_what_why_and_since_when(course, lesson, editor):
    question = citing_question(Source.objects.get(title="Luật cũ"), prompt="Câu dẫn luật cũ?")
    QuizFactory(questions=[question], title="Bài có câu ấy")
    reply = editor.get(REPORT)
    assert titles(reply) == ["Bài dẫn luật cũ", "Câu dẫn luật cũ?", course.page.title]
    first = reply.context["object_list"][0]
    (reason,) = first.reasons
    assert (reason.source.title, reason.about, reason.why) == ("Luật cũ", None, "replaced")
    assert (first.since, first.reviewed_at) == (day(), None)
    html = reply.content.decode()
    assert "Luật mới" in html
    for address in (
        reverse("wagtailadmin_pages:edit", args=[lesson.pk]),
        reverse("wagtailsnippets_bank_question:edit", args=[question.pk]),
        review_of(lesson),
    ):
        assert f'href="{address}"' in html
    assert [(item.quiz.name, item.stale) for item in reply.context["quizzes"]] == [
        ("Bài có câu ấy", 1)
    ]
    assert titles(editor.get(f"{REPORT}?loai=question")) == ["Câu dẫn luật cũ?"]


def test_news_of_another_source_names_it(course, editor):
    law, amendment = make_source("Luật gốc"), make_source("Luật sửa")
    law.amended_by.set([amendment])
    citing_lesson(course.modules[0], law)
    replaced(amendment, make_source("Luật sửa mới"))
    (reason,) = editor.get(REPORT).context["object_list"][0].reasons
    assert (reason.source.title, reason.about.title) == ("Luật gốc", "Luật sửa")


def test_nothing_waiting_is_said(course, editor):
    reply = editor.get(REPORT)
    assert titles(reply) == []
    assert "stale-content" not in editor.get("/admin/").content.decode().split("<main")[1]


def test_pools_and_days_of_questions_are_told(course, editor):
    question = QuestionFactory(valid_until=day(-1), prompt="Câu đã hết hạn?")
    quiz = QuizFactory(questions=[question, QuestionFactory()], draw=2, title="Bài thiếu câu")
    reply = editor.get(REPORT)
    ((found, pool),) = reply.context["small_pools"]
    assert (found.pk, pool.askable, pool.wanted) == (quiz.pk, 1, 2)
    (outside,) = reply.context["outside"]
    assert (outside.title, outside.is_over) == ("Câu đã hết hạn?", True)
    assert "Bài thiếu câu" in editor.get("/admin/").content.decode()


def test_the_report_is_exported(lesson, editor):
    reply = editor.get(f"{REPORT}?export=csv")
    rows = list(csv.reader(io.StringIO(b"".join(reply.streaming_content).decode())))
    assert rows[1][1] == "Bài dẫn luật cũ"
    assert "Luật cũ" in rows[1][2]
    assert editor.get(f"{REPORT}?export=xlsx").status_code == 200


def test_the_screens_cost_the_same_queries_however_much_there_is(editor):
    counts = []
    for size in (1, 3):
        sources = [replaced(make_source(), make_source()) for _n in range(size)]
        course = make_course(modules=1, lessons=1, quiz=False)
        for _n in range(size):
            lesson = citing_lesson(course.modules[0], *sources)
            question = citing_question(*sources, valid_until=day(-1))
            QuizFactory(questions=[question], draw=1)
            SourceReview.objects.create(
                subject="lesson",
                key=lesson.translation_key,
                verdict="right",
                by=UserFactory(),
                at=timezone.now() - timedelta(days=60),
            )
        row = []
        for address in (REPORT, review_of(lesson), "/admin/"):
            assert editor.get(address).status_code == 200
            with CaptureQueriesContext(connection) as caught:
                editor.get(address)
            row.append(len(caught))
        counts.append(row)
    assert counts[0] == counts[1]


# --- a review ------------------------------------------------------------------------------------


def record(browser, lesson, **changes):
    address = review_of(lesson)
    html = browser.get(address).content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', html)
    data = {"verdict": "corrected", "note": " Đã sửa số luật. ", "seen": seen.group(1)}
    return browser.post(address, data | changes)


def test_a_review_is_recorded_and_clears_the_content(lesson, editor):
    reply = record(editor, lesson)
    assert (reply.status_code, reply.url) == (302, REPORT)
    review = SourceReview.objects.get()
    assert (review.subject, review.key) == ("lesson", str(lesson.translation_key))
    assert (review.verdict, review.note) == ("corrected", "Đã sửa số luật.")
    assert str(review.by) == "Phạm Thị Biên Tập"
    after = editor.get(REPORT)
    assert "Bài dẫn luật cũ" not in titles(after)
    for shown in (after, editor.get(review_of(lesson))):
        (told,) = shown.context["reviews"]
        assert (told.title, told.by, told.note) == (
            "Bài dẫn luật cũ",
            "Phạm Thị Biên Tập",
            "Đã sửa số luật.",
        )


def test_a_review_needs_a_verdict(lesson, editor):
    reply = record(editor, lesson, verdict="")
    assert reply.status_code == 200
    assert "verdict" in reply.context["form"].errors
    assert SourceReview.objects.count() == 0


def test_news_that_came_while_the_form_was_open_is_shown_first(lesson, source, editor):
    address = review_of(lesson)
    seen = editor.get(address).context["form"].initial["seen"]
    replaced(source, make_source("Luật mới nữa"))
    reply = editor.post(address, {"verdict": "right", "seen": seen})
    assert reply.status_code == 200
    assert "Luật mới nữa" in reply.content.decode()
    assert SourceReview.objects.count() == 0
    newest = querydict_of(reply)["seen"]
    assert editor.post(address, {"verdict": "right", "seen": newest}).status_code == 302
    assert SourceReview.objects.count() == 1


def querydict_of(reply):
    found = re.search(r'name="seen" value="([^"]*)"', reply.content.decode())
    return {"seen": found.group(1)}


def test_a_review_of_what_is_not_there_is_not_found(editor):
    assert editor.get(f"{REPORT}lesson/khong-co/").status_code == 404
    assert editor.get(f"{REPORT}khong/khong-co/").status_code == 404


# --- the source's form ---------------------------------------------------------------------------


def save_source(browser, source, **changes):
    address = reverse("wagtailsnippets_courses_source:edit", args=[source.pk])
    html = browser.get(address).content.decode()
    data = querydict_from_html(html, form_id="w-editor-form")
    # With nothing chosen a browser sends nothing, the helper the first of the list.
    for name in ("amended_by", "replaced_by"):
        chosen = getattr(source, name).values_list("pk", flat=True)
        data.setlist(name, [str(pk) for pk in chosen])
    for name, value in changes.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    reply = browser.post(address, data)
    source.refresh_from_db()
    return reply


@pytest.mark.parametrize("field", ["amended_by", "replaced_by", "in_force_until"])
def test_entering_an_amendment_a_successor_or_an_end_is_news(editor, field):
    source, other = make_source(), make_source()
    value = "31/12/2030" if field == "in_force_until" else [str(other.pk)]
    before = timezone.now()
    reply = save_source(editor, source, **{field: value})
    assert reply.status_code == 302, reply.context["form"].errors
    assert before <= source.changed_at <= timezone.now()
    entered = source.changed_at
    save_source(editor, source, title="Tên khác")
    assert (source.title, source.changed_at) == ("Tên khác", entered)


def test_saving_without_such_a_change_is_no_news(editor):
    source = make_source(in_force_until=day(9))
    source.amended_by.set([make_source()])
    assert save_source(editor, source, title="Tên khác").status_code == 302
    assert (source.title, source.changed_at) == ("Tên khác", None)


@pytest.mark.parametrize("field", ["amended_by", "replaced_by"])
def test_a_source_cannot_change_itself(editor, field):
    source = make_source()
    reply = save_source(editor, source, **{field: [str(source.pk)]})
    assert field in reply.context["form"].errors
    assert source.changed_at is None


def test_an_end_entered_in_the_form_lists_who_cites(course, editor):
    source = make_source("Luật sắp hết")
    citing_lesson(course.modules[0], source, title="Bài dẫn luật sắp hết")
    assert titles(editor.get(REPORT)) == []
    save_source(editor, source, in_force_until="31/12/2030")
    assert titles(editor.get(REPORT))[0] == "Bài dẫn luật sắp hết"


# --- flags in the editors ------------------------------------------------------------------------


def test_a_stale_lesson_and_its_course_are_flagged_in_their_editors(course, lesson, editor):
    for page in (lesson, course.page):
        address = reverse("wagtailadmin_pages:edit", args=[page.pk])
        (warning,) = warnings(editor, address)
        assert "Luật cũ" in warning
        assert f'href="{REPORT}' in editor.get(address).content.decode()
    record(editor, lesson)
    assert warnings(editor, reverse("wagtailadmin_pages:edit", args=[lesson.pk])) == []


def test_a_stale_question_is_flagged_in_its_editor(source, editor):
    def address(question):
        return reverse("wagtailsnippets_bank_question:edit", args=[question.pk])

    (warning,) = warnings(editor, address(citing_question(source)))
    assert "Luật cũ" in warning
    assert warnings(editor, address(citing_question(make_source()))) == []
    assert len(warnings(editor, address(QuestionFactory(valid_from=day(1))))) == 1


def test_a_pool_that_is_too_small_is_flagged_in_the_quizs_editor(editor):
    questions = [QuestionFactory(valid_until=day(-1)), QuestionFactory()]
    for draw, expected in ((2, 1), (1, 0)):
        quiz = QuizFactory(questions=questions, draw=draw)
        address = reverse("wagtailsnippets_bank_quiz:edit", args=[quiz.pk])
        assert len(warnings(editor, address)) == expected
