"""A regrade goes the way of any other pass; what was earned stays; what follows is foreseen."""

from __future__ import annotations

import pytest

from learning.certificates.models import Certificate
from learning.progress.models import CourseCompletion, ModuleCompletion
from quizzes.attempts.actions import save_answer, start_attempt
from quizzes.attempts.errors import WaitingForMarksError
from quizzes.regrading.actions import apply_regrade
from quizzes.regrading.preview import make_preview
from tests.factories import Learner, UserFactory, make_course
from tests.quizzes.factories import EssayFactory, QuizFactory
from tests.quizzes.regrading.steps import plan_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make_course(modules=2, lessons=1, questions=1)


@pytest.fixture
def by():
    return UserFactory(is_staff=True)


def question_of(module):
    return module.quiz.places.get().question


def test_a_new_pass_completes_what_was_foreseen(course, by, django_capture_on_commit_callbacks):
    one, two = course.modules
    ready, halfway, idle = Learner(course), Learner(course), Learner(course)
    ready.read(*course.all_lessons)
    ready.sit(one)
    halfway.read(*course.lessons[1])
    for learner in (ready, halfway, idle):
        learner.sit(two, right=False)
    assert Certificate.objects.count() == 0
    plan = plan_for(question_of(two), "credit")
    preview = make_preview(plan)
    assert preview.gained == 3
    assert sorted(preview.effects.values()) == [1, 1, 2]
    modules = ModuleCompletion.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        apply_regrade(plan=plan, seen=preview.seen, by=by)
    assert ModuleCompletion.objects.count() - modules == 2
    assert CourseCompletion.objects.get().enrolment == ready.enrolment
    assert Certificate.objects.get().enrolment == ready.enrolment


def test_two_passes_at_once_finish_a_course_as_foreseen(
    course, by, django_capture_on_commit_callbacks
):
    """One question in both quizzes: the person needs both passes."""
    one, two = course.modules
    question = question_of(one)
    two.quiz = QuizFactory(questions=[question])
    two.save_revision().publish()
    learner = Learner(course)
    learner.read(*course.all_lessons)
    for module in (one, two):
        learner.sit(module, right=False)
    plan = plan_for(question, "credit")
    preview = make_preview(plan)
    assert sorted(preview.effects.values()) == [1, 1, 2]
    with django_capture_on_commit_callbacks(execute=True):
        apply_regrade(plan=plan, seen=preview.seen, by=by)
    assert (ModuleCompletion.objects.count(), Certificate.objects.count()) == (2, 1)


def test_what_was_earned_stays_when_a_score_falls(course, by, django_capture_on_commit_callbacks):
    learner = Learner(course)
    learner.finish()
    attempt = learner.user.attempts.get(quiz_id=course.modules[0].quiz_id)
    plan = plan_for(question_of(course.modules[0]), "key", right=["b"], favour=False)
    preview = make_preview(plan)
    assert (preview.lost, dict(preview.effects)) == (1, {})
    with django_capture_on_commit_callbacks(execute=True):
        apply_regrade(plan=plan, seen=preview.seen, by=by)
    attempt.refresh_from_db()
    assert attempt.passed is False
    assert ModuleCompletion.objects.count() == 2
    assert Certificate.objects.get().status == Certificate.Status.VALID


def test_foresight_costs_the_same_for_one_and_three(course, by, django_assert_max_num_queries):
    counts = []
    for _n in range(3):
        learner = Learner(course)
        learner.read(*course.all_lessons)
        learner.sit(course.modules[1], right=False)
        with django_assert_max_num_queries(30) as queries:
            make_preview(plan_for(question_of(course.modules[1]), "credit"))
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_while_an_essay_waits_the_module_page_says_so_and_no_new_attempt_starts(course):
    module = course.modules[0]
    module.quiz = QuizFactory(questions=[EssayFactory()])
    module.save_revision().publish()
    learner = Learner(course)
    attempt = learner.start(module)
    save_answer(attempt=attempt, position=1, sent={"answer": ["Một ý."]})
    learner.hand_in(attempt)
    assert attempt.is_waiting
    with pytest.raises(WaitingForMarksError):
        start_attempt(taker=learner.user, quiz=module.quiz)
    page = learner.client.get(module.url)
    assert page.status_code == 200
    assert f"/bai-lam/{attempt.pk}/ket-qua/" in page.content.decode()
    assert not ModuleCompletion.objects.exists()
