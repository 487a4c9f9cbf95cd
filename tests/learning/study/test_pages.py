"""What a learner sees of her own: «Việc học của tôi», her progress, practice in place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from tests.factories import EnrolmentFactory, Learner, UserFactory, add_lesson, make_course

pytestmark = pytest.mark.django_db

MY = "/viec-hoc/"
READ = "Đã học bài này."

PRACTICE = {
    "prompt": "Nên viết câu nào?",
    "options": [
        {"text": "Câu chọn một", "right": False, "why": "Lý do kín một."},
        {"text": "Câu chọn hai", "right": True, "why": "Lý do kín hai."},
    ],
    "explanation": "Giải thích kín.",
    "source": None,
}
SECRETS = ("Lý do kín một.", "Lý do kín hai.", "Giải thích kín.")


# --- my courses ----------------------------------------------------------------------------------


def browser_of(user):
    browser = Client()
    browser.force_login(user)
    return browser


def test_my_learning_needs_a_login():
    reply = Client().get(MY)
    assert (reply.status_code, reply.url) == (302, f"/dang-nhap/?next={MY}")
    assert browser_of(UserFactory()).post(MY).status_code == 405


def test_someone_with_nothing_to_study_sees_an_empty_list():
    make_course()
    reply = browser_of(UserFactory()).get(MY)
    assert reply.status_code == 200
    assert (reply.context["duties"], reply.context["current"]) == ([], None)


@pytest.mark.parametrize(
    ("due_in", "state", "days"),
    [(-1, "late", 1), (0, "soon", 0), (7, "soon", 7), (8, "open", 8), (None, "open", 0)],
)
def test_the_state_of_a_course_follows_its_due_date(due_in, state, days):
    course, user = make_course(modules=1, lessons=1), UserFactory()
    due_on = None if due_in is None else timezone.localdate() + timedelta(days=due_in)
    EnrolmentFactory(user=user, course_key=course.key, due_on=due_on, required=True)
    reply = browser_of(user).get(MY)
    (duty,) = reply.context["duties"]
    assert (duty.state, duty.days, duty.due_on, duty.required) == (state, days, due_on, True)
    html = reply.content.decode()
    assert course.page.title in html
    assert due_on is None or f"{due_on:%d/%m/%Y}" in html


def test_a_completed_course_is_done_even_after_its_due_date():
    course = make_course(modules=1, lessons=1)
    learner = Learner(course)
    learner.finish()
    learner.enrolment.due_on = timezone.localdate() - timedelta(days=3)
    learner.enrolment.save(update_fields=["due_on"])
    reply = learner.client.get(MY)
    (duty,) = reply.context["duties"]
    assert duty.state == "done"
    assert reply.context["current"] is None
    (certificate,) = reply.context["certificates"]
    assert certificate.number_text in reply.content.decode()


def test_the_nearest_due_date_comes_first_and_is_the_one_to_go_on_with():
    today, user = timezone.localdate(), UserFactory()
    for title, days in (("Khóa không hạn", None), ("Khóa sau", 20), ("Khóa gần", 5)):
        course = make_course(title=title, modules=1, lessons=1)
        EnrolmentFactory(
            user=user, course_key=course.key, due_on=days and today + timedelta(days=days)
        )
    reply = browser_of(user).get(MY)
    assert [duty.title for duty in reply.context["duties"]] == [
        "Khóa gần",
        "Khóa sau",
        "Khóa không hạn",
    ]
    assert reply.context["current"].outline.title == "Khóa gần"


def test_going_on_leads_along_the_whole_path():
    course = make_course(modules=2, lessons=2)
    learner = Learner(course)

    def following():
        current = learner.client.get(MY).context["current"]
        return current and current.next_url

    for module, lessons in zip(course.modules, course.lessons, strict=True):
        for lesson in lessons:
            assert following() == lesson.url
            assert f'href="{lesson.url}"' in learner.client.get(MY).content.decode()
            learner.read(lesson)
        assert following() == f"{module.url}#bai-kiem-tra"
        learner.sit(module)
    assert following() is None


def test_an_unpublished_course_is_not_on_the_list():
    course = make_course()
    learner = Learner(course)
    Page.objects.get(pk=course.page.pk).specific.unpublish()
    assert learner.client.get(MY).context["duties"] == []


# --- on the pages of the course ------------------------------------------------------------------


def test_a_lesson_offers_the_button_to_learners_only():
    course = make_course(modules=1)
    learner, lesson = Learner(course), course.all_lessons[0]
    action = f'action="{reverse("study:lesson_read", args=[lesson.translation_key])}"'
    assert action in learner.client.get(lesson.url).content.decode()
    assert action not in Client().get(lesson.url).content.decode()
    assert READ not in learner.client.get(lesson.url).content.decode()
    learner.read(lesson)
    assert READ in learner.client.get(lesson.url).content.decode()


def test_a_module_offers_its_quiz_and_shows_the_attempts():
    course = make_course(modules=1)
    module, learner = course.modules[0], Learner(course)
    action = f'action="{reverse("study:quiz_start", args=[module.translation_key])}"'
    assert action in learner.client.get(module.url).content.decode()
    assert action not in Client().get(module.url).content.decode()
    learner.sit(module, right=False)
    learner.sit(module)
    found = [line.attempt for line in learner.client.get(module.url).context["quiz"].attempts]
    assert [attempt.passed for attempt in found] == [False, True]
    assert Learner(course).client.get(module.url).context["quiz"].attempts == ()


def test_a_course_offers_itself_to_who_may_take_it_up():
    course = make_course(modules=1, lessons=1)
    visitor = Learner(course, enrolled=False)
    address = reverse("study:enrol", args=[course.key])
    assert f'action="{address}"' in visitor.client.get(course.page.url).content.decode()
    visitor.client.post(address)
    reply = visitor.client.get(course.page.url)
    assert reply.context["enrolled"] is True
    assert f'action="{address}"' not in reply.content.decode()


# --- practice ------------------------------------------------------------------------------------


@pytest.fixture
def lesson():
    return add_lesson(make_course(modules=1, lessons=1).modules[0], body=[("practice", PRACTICE)])


def judge(lesson, answer, browser=None, *, block=None, fetch=True):
    address = reverse("courses:practice", args=[lesson.translation_key])
    data = {"block": block or lesson.body[0].id}
    if answer is not None:
        data["answer"] = answer
    headers = {"X-Requested-With": "fetch"} if fetch else {}
    return (browser or Client()).post(address, data, headers=headers)


@pytest.mark.parametrize("fetch", [True, False])
@pytest.mark.parametrize(
    ("answer", "chosen", "is_right"),
    [
        ("1", "Câu chọn hai", True),
        ("0", "Câu chọn một", False),
        (None, None, False),
        ("", None, False),
        ("2", None, False),
        ("-1", None, False),
        ("một", None, False),
        ("²", None, False),
        ("9" * 5000, None, False),
    ],
)
def test_practice_is_judged_by_the_server(lesson, answer, chosen, is_right, fetch):
    reply = judge(lesson, answer, fetch=fetch)
    assert reply.status_code == 200
    found = reply.context["chosen"]
    assert (found and found["text"], reply.context["is_right"]) == (chosen, is_right)
    html = reply.content.decode()
    assert ("<html" in html) is not fetch
    if chosen:
        assert "Giải thích kín." in html


def test_the_key_of_a_practice_question_is_not_in_the_lesson(lesson):
    learner = Client()
    html = learner.get(lesson.url).content.decode()
    assert "Nên viết câu nào?" in html
    assert "Câu chọn hai" in html
    assert [secret for secret in SECRETS if secret in html] == []
    assert "True" not in html
    assert "data-right" not in html


def test_practice_answers_whoever_reads_without_a_token_and_stores_nothing(lesson):
    strict = Client(enforce_csrf_checks=True)
    assert judge(lesson, "1", strict).status_code == 200
    assert strict.cookies.get("sessionid") is None


def test_practice_that_is_not_there_is_not_found(lesson):
    assert judge(lesson, "1", block="khong-co").status_code == 404
    address = reverse("courses:practice", args=[lesson.translation_key])
    assert Client().get(address).status_code == 405
    assert Client().post(address, {"answer": "1"}).status_code == 404
    lesson.unpublish()
    assert judge(lesson, "1").status_code == 404
