"""The final test of a course, and the course in two languages: one progress, one certificate."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Locale

from learning.certificates.models import Certificate
from learning.courses.queries import get_outline
from learning.progress.models import CourseCompletion, LessonRead, ModuleCompletion
from learning.progress.queries import get_progress
from quizzes.attempts.models import Attempt
from quizzes.bank.actions import save_quiz
from tests.factories import Learner, make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    made = make_course(modules=2, lessons=1)
    # As it stands: a page saved from before its children came forgets that it has any.
    made.page.refresh_from_db()
    made.page.final_quiz = save_quiz(
        key="cuoi-khoa",
        title="Bài kiểm tra cuối khóa",
        question_keys=[],
        draws=[(module.quiz.key, 1) for module in made.modules],
    )
    made.page.save_revision().publish()
    return made


def vietnamese(name, *args):
    """The address in Vietnamese, whatever language the last page was shown in."""
    with override("vi"):
        return reverse(name, args=args)


def start(learner):
    return learner.client.post(vietnamese("study:final_start", learner.course.key))


def sit(learner, *, right=True):
    """The final test from start to end."""
    assert start(learner).status_code == 302
    quiz = learner.course.page.final_quiz_id
    attempt = Attempt.objects.filter(taker=learner.user, quiz_id=quiz).latest("number")
    learner.answer(attempt, ["a" if right else "b"])
    return learner.hand_in(attempt)


def state(learner):
    return get_progress(learner.enrolment, learner.course.outline).final_state


def test_it_opens_when_every_module_is_done(course):
    learner = Learner(course)
    assert state(learner) == "closed"
    reply = start(learner)
    assert (reply.status_code, reply.url) == (302, course.page.url)
    assert Attempt.objects.count() == 0
    learner.finish()
    assert state(learner) == "open"
    assert CourseCompletion.objects.count() == 0
    assert Certificate.objects.count() == 0


def test_passing_it_completes_the_course_and_issues_the_certificate(course):
    learner = Learner(course)
    learner.finish()
    assert sit(learner, right=False).passed is False
    assert CourseCompletion.objects.count() == 0
    assert sit(learner).passed is True
    assert CourseCompletion.objects.get().percent == 100
    assert Certificate.objects.count() == 1
    assert state(learner) == "passed"


def test_the_course_page_offers_it_and_shows_the_attempts(course):
    learner = Learner(course)
    action = reverse("study:final_start", args=[course.key])
    assert action not in learner.client.get(course.page.url).content.decode()
    learner.finish()
    assert action in learner.client.get(course.page.url).content.decode()
    sit(learner, right=False)
    html = learner.client.get(course.page.url).content.decode()
    assert "Làm lại bài kiểm tra cuối khóa" in html
    sit(learner)
    assert action not in learner.client.get(course.page.url).content.decode()


def test_it_is_for_the_enrolled_only(course):
    stranger = Learner(course, enrolled=False)
    assert start(stranger).status_code == 404
    assert Client().post(reverse("study:final_start", args=[course.key])).status_code == 302
    assert Attempt.objects.count() == 0


def test_a_course_without_one_has_none_to_start():
    learner = Learner(make_course(modules=1))
    learner.finish()
    assert start(learner).status_code == 404
    assert state(learner) == "none"


# --- two languages -------------------------------------------------------------------------------


@pytest.fixture
def english(course):
    """The course in English, but for the second module's lesson."""
    locale = Locale.objects.get_or_create(language_code="en")[0]
    for page, title in (
        (course.campaign, "The Day"),
        (course.page, "The course"),
        (course.modules[0], "First module"),
        (course.lessons[0][0], "First lesson"),
        (course.modules[1], "Second module"),
    ):
        copy = page.copy_for_translation(locale, copy_parents=True)
        copy.title = title
        copy.save_revision().publish()
    return get_outline(course.key, language="en")


def test_the_english_tree_has_the_shape_of_the_vietnamese(course, english):
    vietnamese = get_outline(course.key, language="vi")
    assert [m.key for m in english.modules] == [m.key for m in vietnamese.modules]
    assert [x.key for x in english.lessons] == [x.key for x in vietnamese.lessons]
    assert [m.title for m in english.modules] == ["First module", "Second module"]
    # What is not translated is there in Vietnamese.
    assert [x.title for x in english.lessons] == ["First lesson", "Bài 2.1"]
    assert english.url.startswith("http://testserver/en/") or english.url.startswith("/en/")


def test_a_page_leads_to_itself_in_the_other_language(course, english):
    learner = Learner(course)
    lesson = course.lessons[0][0]
    there = english.lessons[0].url
    assert f'href="{there}"' in learner.client.get(lesson.url).content.decode()
    html = learner.client.get(there).content.decode()
    assert f'href="{lesson.url}"' in html
    assert "First lesson" in html
    assert '<html lang="en">' in html
    assert "Mark as read" in html


def test_a_lesson_read_in_either_language_is_read_once(course, english):
    learner, lesson = Learner(course), course.lessons[0][0]
    address = vietnamese("study:lesson_read", lesson.translation_key)
    reply = learner.client.post(f"/en{address}")
    assert reply.status_code == 302
    learner.client.post(address)
    assert LessonRead.objects.count() == 1
    there = learner.client.get(english.lessons[0].url).content.decode()
    assert "You have read this lesson." in there
    here = learner.client.get(lesson.url).content.decode()
    assert "Đã học bài này." in here


def test_what_was_done_in_english_is_certified_in_vietnamese(course, english):
    learner = Learner(course)
    for lesson in course.all_lessons:
        path = vietnamese("study:lesson_read", lesson.translation_key)
        learner.client.post(f"/en{path}")
    for module in course.modules:
        path = vietnamese("study:quiz_start", module.translation_key)
        learner.client.post(f"/en{path}")
        with override("vi"):
            learner.sit(module)
    assert ModuleCompletion.objects.count() == 2
    learner.client.post(f"/en{vietnamese('study:final_start', course.key)}")
    with override("vi"):
        sit(learner)
    assert Certificate.objects.get().course_title == course.page.title


def test_screens_that_are_no_pages_have_both_languages(course):
    learner = Learner(course)
    html = learner.client.get("/en/viec-hoc/").content.decode()
    assert "My learning" in html
    assert 'href="/viec-hoc/"' in html
    assert 'href="/en/viec-hoc/"' in learner.client.get("/viec-hoc/").content.decode()
