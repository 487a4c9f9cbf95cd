"""Lesson → quiz → module → course → certificate, by the learner's own buttons."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning.certificates.models import Certificate, CertificateSeries
from learning.enrolments.actions import save_goal
from learning.organisations.actions import place_member
from learning.progress.models import CourseCompletion, LessonRead, ModuleCompletion
from quizzes.attempts.actions import save_answer, start_attempt, submit_attempt
from quizzes.attempts.models import Attempt
from tests.factories import (
    EnrolmentFactory,
    Learner,
    MembershipFactory,
    UnitFactory,
    UserFactory,
    add_lesson,
    make_course,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make_course()


@pytest.fixture
def learner(course):
    return Learner(course, full_name="Đỗ Thị Hòa")


def facts():
    """How many rows there are: lessons read, modules, courses, certificates."""
    models = (LessonRead, ModuleCompletion, CourseCompletion, Certificate)
    return tuple(model.objects.count() for model in models)


# --- all the way ---------------------------------------------------------------------------------


def test_reading_all_and_passing_all_earns_one_certificate(course, learner):
    unit = UnitFactory(name="Phòng Văn hóa – Xã hội")
    MembershipFactory(user=learner.user, unit=unit, position="Công chức")
    learner.finish()
    assert facts() == (4, 2, 1, 1)
    completion, paper = CourseCompletion.objects.get(), Certificate.objects.get()
    assert completion.enrolment == paper.enrolment == learner.enrolment
    assert completion.course_revision == paper.course_revision == course.page.live_revision_id
    assert (completion.unit, completion.unit_name) == (unit, "Phòng Văn hóa – Xã hội")
    assert (completion.percent, completion.hours) == (Decimal(100), Decimal("1.5"))
    assert (paper.full_name, paper.position) == ("Đỗ Thị Hòa", "Công chức")
    assert (paper.course_title, paper.unit_name) == ("Khóa học thử", "Phòng Văn hóa – Xã hội")
    assert paper.number == 1
    assert paper.completed_on == timezone.localdate()


def test_module_by_module(course, learner):
    learner.read(*course.lessons[0])
    assert facts() == (2, 0, 0, 0)
    passed = learner.sit(course.modules[0])
    assert facts() == (2, 1, 0, 0)
    row = ModuleCompletion.objects.get()
    assert (row.module_key, row.attempt) == (course.modules[0].translation_key, passed)
    learner.read(*course.lessons[1])
    assert facts() == (4, 1, 0, 0)
    learner.sit(course.modules[1])
    assert facts() == (4, 2, 1, 1)


def test_failing_completes_nothing_and_passing_later_does(course, learner):
    learner.read(*course.all_lessons)
    learner.sit(course.modules[0])
    failed = learner.sit(course.modules[1], right=False)
    assert (failed.percent, failed.passed) == (0, False)
    assert facts() == (4, 1, 0, 0)
    passed = learner.sit(course.modules[1])
    assert (passed.number, passed.passed) == (2, True)
    assert facts() == (4, 2, 1, 1)


def test_the_first_pass_is_the_one_that_counts_and_stays(course, learner):
    learner.read(*course.lessons[0])
    passed = learner.sit(course.modules[0])
    learner.sit(course.modules[0], right=False)
    assert ModuleCompletion.objects.get().attempt == passed
    assert ModuleCompletion.objects.get().percent == 100


def test_a_quiz_passed_before_its_lessons_counts_once_they_are_read(course, learner):
    for module in course.modules:
        learner.sit(module)
    assert facts() == (0, 0, 0, 0)
    *most, last = course.all_lessons
    learner.read(*most)
    assert facts() == (3, 1, 0, 0)
    learner.read(last)
    assert facts() == (4, 2, 1, 1)


def test_the_course_score_is_the_mean_of_the_modules():
    course = make_course(questions=4)
    learner = Learner(course)
    learner.read(*course.all_lessons)
    learner.sit(course.modules[0])
    attempt = learner.start(course.modules[1])
    learner.answer(attempt)
    save_answer(attempt=attempt, position=1, sent={"answer": ["b"]})
    assert learner.hand_in(attempt).percent == 75
    assert CourseCompletion.objects.get().percent == Decimal("87.50")
    assert Certificate.objects.get().percent == Decimal("87.50")


def test_a_course_without_quizzes_is_completed_by_reading():
    course = make_course(quiz=False)
    learner = Learner(course)
    learner.read(*course.all_lessons)
    assert facts() == (4, 2, 1, 1)
    assert CourseCompletion.objects.get().percent is None


# --- pressed twice, changed later ----------------------------------------------------------------


def test_a_lesson_pressed_twice_is_read_once(course, learner):
    first, second = course.lessons[0]
    assert learner.read(first).url == second.url
    when = LessonRead.objects.get().read_at
    assert learner.read(first).url == second.url
    assert LessonRead.objects.get().read_at == when
    assert learner.read(second).url == f"{course.modules[0].url}#bai-kiem-tra"


def test_pressing_everything_again_afterwards_changes_nothing(course, learner):
    learner.finish()
    paper = Certificate.objects.values().get()
    learner.finish()
    assert facts() == (4, 2, 1, 1)
    assert Certificate.objects.values().get() == paper
    assert Attempt.objects.count() == 4


def test_a_lesson_added_later_leaves_the_completion_standing(course, learner):
    learner.finish()
    completed = CourseCompletion.objects.values().get()
    added = add_lesson(course.modules[0], "Bài thêm sau")
    learner.sit(course.modules[0], right=False)
    assert facts() == (4, 2, 1, 1)
    learner.read(added)
    assert facts() == (5, 2, 1, 1)
    assert CourseCompletion.objects.values().get() == completed


def test_a_lesson_added_before_must_be_read_too(course, learner):
    added = add_lesson(course.modules[0], "Bài thêm trước")
    learner.finish()
    assert facts() == (4, 1, 0, 0)
    learner.read(added)
    assert facts() == (5, 2, 1, 1)


def test_moving_afterwards_leaves_the_unit_that_was_pinned(course, learner):
    MembershipFactory(user=learner.user, unit=UnitFactory(name="Nơi cũ"))
    learner.finish()
    place_member(user=learner.user, unit=UnitFactory(name="Nơi mới"), on=timezone.localdate())
    assert CourseCompletion.objects.get().unit_name == "Nơi cũ"
    assert Certificate.objects.get().unit_name == "Nơi cũ"


def test_the_first_thing_done_starts_the_enrolment(course, learner):
    learner.sit(course.modules[0], right=False)
    learner.enrolment.refresh_from_db()
    started = learner.enrolment.started_at
    assert started == Attempt.objects.get().started_at
    learner.read(course.lessons[0][0])
    learner.enrolment.refresh_from_db()
    assert learner.enrolment.started_at == started


# --- who counts ----------------------------------------------------------------------------------


def test_someone_not_enrolled_can_neither_read_nor_start(course):
    passer_by = Learner(course, enrolled=False)
    assert passer_by.read(course.all_lessons[0]).status_code == 404
    start = reverse("study:quiz_start", args=[course.modules[0].translation_key])
    assert passer_by.client.post(start).status_code == 404
    assert facts() == (0, 0, 0, 0)
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("origin", ["module:{module}", "", "module:{unknown}", "elsewhere:1"])
def test_an_attempt_of_someone_not_enrolled_changes_nothing(course, origin):
    person, module = UserFactory(), course.modules[0]
    told = origin.format(module=module.translation_key, unknown=course.key)
    attempt = start_attempt(taker=person, quiz=module.quiz, origin=told)
    for position in (1, 2):
        save_answer(attempt=attempt, position=position, sent={"answer": ["a"]})
    assert submit_attempt(attempt=attempt).passed
    assert facts() == (0, 0, 0, 0)


def test_the_other_persons_quiz_does_not_count_for_me(course, learner):
    other = Learner(course)
    learner.read(*course.all_lessons)
    for module in course.modules:
        other.sit(module)
    assert facts() == (4, 0, 0, 0)


def test_a_lesson_of_another_course_does_not_count(course, learner):
    elsewhere = make_course(modules=1, lessons=1)
    assert learner.read(elsewhere.all_lessons[0]).status_code == 404
    assert facts() == (0, 0, 0, 0)


def test_an_unpublished_lesson_cannot_be_read_and_is_not_missed(course, learner):
    gone = course.lessons[0][1]
    gone.unpublish()
    assert learner.read(gone).status_code == 404
    learner.read(course.lessons[0][0])
    learner.sit(course.modules[0])
    assert facts() == (1, 1, 0, 0)


def test_enrolling_oneself_twice_is_one_enrolment(course):
    visitor = Learner(course, enrolled=False)
    address = reverse("study:enrol", args=[course.key])
    assert visitor.client.post(address).url == course.page.url
    assert visitor.client.post(address).url == course.page.url
    assert visitor.user.enrolments.get().course_key == course.key


def test_a_closed_course_is_not_taken_up_by_oneself():
    course = make_course(self_enrolment=False)
    visitor = Learner(course, enrolled=False)
    assert visitor.client.post(reverse("study:enrol", args=[course.key])).status_code == 404
    assert not visitor.user.enrolments.exists()


@pytest.mark.parametrize("name", ["lesson_read", "quiz_start", "enrol"])
def test_the_buttons_are_posts_of_people_logged_in(course, learner, name):
    page = {
        "lesson_read": course.all_lessons[0],
        "quiz_start": course.modules[0],
        "enrol": course.page,
    }[name]
    address = reverse(f"study:{name}", args=[page.translation_key])
    if name == "quiz_start":  # shows the rules to whoever asks for them, and writes nothing
        assert learner.client.get(address).status_code == 200
    else:
        assert learner.client.get(address).status_code == 405
        assert Client().get(address).status_code == 405
    reply = Client().post(address)
    assert (reply.status_code, reply.url) == (302, f"{reverse('accounts:login')}?next={address}")
    assert facts() == (0, 0, 0, 0)
    assert not Attempt.objects.exists()


def test_the_buttons_refuse_a_post_without_the_token(course, learner):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(learner.user)
    address = reverse("study:lesson_read", args=[course.all_lessons[0].translation_key])
    assert browser.post(address).status_code == 403
    assert facts() == (0, 0, 0, 0)


# --- all or nothing ------------------------------------------------------------------------------


def test_when_the_certificate_cannot_be_written_nothing_of_the_grading_is(course, learner):
    """The series is wound back behind a number in use: the next certificate collides."""
    Learner(course).finish()
    CertificateSeries.objects.update(last_number=0)
    learner.read(*course.all_lessons)
    learner.sit(course.modules[0])
    attempt = learner.start(course.modules[1])
    learner.answer(attempt)
    before = facts()
    learner.client.raise_request_exception = False
    reply = learner.client.post(reverse("attempts:submit", args=[attempt.pk]))
    assert reply.status_code == 500
    attempt.refresh_from_db()
    assert attempt.is_open
    assert (attempt.submitted_at, attempt.percent, attempt.receipt) == (None, None, None)
    assert list(attempt.items.values_list("answer", flat=True)) == [["a"], ["a"]]
    assert facts() == before
    assert CertificateSeries.objects.get().last_number == 0

    CertificateSeries.objects.update(last_number=1)
    assert learner.hand_in(attempt).passed
    assert Certificate.objects.get(enrolment=learner.enrolment).number == 2


def test_an_enrolment_made_after_passing_counts_from_the_next_step(course):
    """Passed as someone not enrolled, then enrolled: the pass is there once she reads."""
    person, module = UserFactory(), course.modules[0]
    attempt = start_attempt(taker=person, quiz=module.quiz)
    for position in (1, 2):
        save_answer(attempt=attempt, position=position, sent={"answer": ["a"]})
    submit_attempt(attempt=attempt)
    EnrolmentFactory(user=person, course_key=course.key)
    browser = Client()
    browser.force_login(person)
    for lesson in course.lessons[0]:
        browser.post(reverse("study:lesson_read", args=[lesson.translation_key]))
    assert facts() == (2, 1, 0, 0)


def test_the_certificate_names_the_goal_the_course_serves(course, learner):
    save_goal(
        name="Xây dựng văn hóa sở hữu trí tuệ",
        decision="QĐ thử",
        target_percent=80,
        due_on=date(2026, 12, 31),
        course_keys=[course.key],
    )
    learner.finish()
    assert Certificate.objects.get().goal_name == "Xây dựng văn hóa sở hữu trí tuệ"
