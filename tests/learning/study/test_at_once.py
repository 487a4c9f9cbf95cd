"""The last steps of a course taken at the same moment, on real connections."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from learning.certificates.models import Certificate, CertificateSeries
from learning.progress.models import CourseCompletion, LessonRead, ModuleCompletion
from tests.factories import Learner, make_course
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ROUNDS = 4


def browser_of(learner: Learner) -> Client:
    browser = Client()
    browser.force_login(learner.user)
    return browser


def post(learner, name, *args):
    browser, address = browser_of(learner), reverse(name, args=args)
    return lambda: browser.post(address).status_code


def test_the_last_lesson_and_the_last_quiz_at_once_complete_once():
    course = make_course(modules=1)
    *most, last = course.all_lessons
    for round_number in range(1, ROUNDS + 1):
        learner = Learner(course)
        learner.read(*most)
        attempt = learner.start(course.modules[0])
        learner.answer(attempt)
        read = ("study:lesson_read", last.translation_key)
        submit = ("attempts:submit", attempt.pk)
        jobs = [post(learner, *job) for job in (read, submit, read, submit)]
        assert at_once(*jobs) == [302] * 4
        assert LessonRead.objects.filter(enrolment=learner.enrolment).count() == 2
        assert ModuleCompletion.objects.filter(enrolment=learner.enrolment).count() == 1
        assert CourseCompletion.objects.count() == round_number
        assert Certificate.objects.filter(enrolment=learner.enrolment).count() == 1


def test_two_quizzes_handed_in_at_once_complete_the_course_once():
    course = make_course(modules=2)
    learner = Learner(course)
    learner.read(*course.all_lessons)
    attempts = [learner.start(module) for module in course.modules]
    for attempt in attempts:
        learner.answer(attempt)
    jobs = [post(learner, "attempts:submit", attempt.pk) for attempt in attempts]
    assert at_once(*jobs) == [302, 302]
    assert ModuleCompletion.objects.count() == 2
    assert CourseCompletion.objects.get().percent == 100
    assert Certificate.objects.get().number == 1


def test_people_finishing_at_once_get_numbers_without_a_gap():
    course = make_course(modules=1, lessons=1, questions=1)
    learners = [Learner(course) for _n in range(6)]
    jobs = []
    for learner in learners:
        learner.read(*course.all_lessons)
        attempt = learner.start(course.modules[0])
        learner.answer(attempt)
        jobs.append(post(learner, "attempts:submit", attempt.pk))
    assert at_once(*jobs) == [302] * 6
    numbers = Certificate.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5, 6]
    assert CertificateSeries.objects.get().last_number == 6
