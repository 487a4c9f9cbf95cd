"""How far a learner is, and the one thing to do next: her facts over the course's outline."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.enrolments.models import Enrolment
from learning.progress.models import LessonRead, ModuleCompletion
from learning.progress.queries import get_progress
from tests.factories import Learner, add_lesson, make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make_course(modules=2, lessons=2)


@pytest.fixture
def learner(course):
    return Learner(course)


def progress_of(learner):
    return get_progress(Enrolment.objects.get(pk=learner.enrolment.pk), learner.course.outline)


def test_nothing_done(course, learner):
    found = progress_of(learner)
    assert (found.percent, found.lessons_done, found.lessons_total) == (0, 0, 4)
    assert [module.state for module in found.modules] == ["current", "todo"]
    assert [module.quiz_state for module in found.modules] == ["open", "open"]
    assert found.next_url == course.all_lessons[0].url
    assert found.minutes_left == found.outline.minutes == 28
    assert not found.is_complete


def test_each_lesson_and_each_quiz_is_one_step(course, learner):
    seen = []
    for module, lessons in zip(course.modules, course.lessons, strict=True):
        for lesson in lessons:
            learner.read(lesson)
            seen.append(progress_of(learner).percent)
        learner.sit(module)
        seen.append(progress_of(learner).percent)
    assert seen == [16, 33, 50, 66, 83, 100]
    assert progress_of(learner).is_complete


def test_after_the_lessons_of_a_module_comes_its_quiz(course, learner):
    learner.read(*course.lessons[0])
    found = progress_of(learner)
    assert found.next_url == f"{course.modules[0].url}#bai-kiem-tra"
    assert (found.next_title, found.next_minutes) == ("Chuyên đề 1", None)
    learner.sit(course.modules[0], right=False)
    assert progress_of(learner).next_url == f"{course.modules[0].url}#bai-kiem-tra"
    learner.sit(course.modules[0])
    found = progress_of(learner)
    assert found.next_url == course.lessons[1][0].url
    assert [module.state for module in found.modules] == ["done", "current"]
    assert [module.best_percent for module in found.modules] == [100, None]


def test_read_out_of_order_the_first_gap_is_next(course, learner):
    learner.read(course.lessons[0][1], course.lessons[1][1])
    found = progress_of(learner)
    assert found.next_url == course.lessons[0][0].url
    assert [[x.read for x in module.lessons] for module in found.modules] == [
        [False, True],
        [False, True],
    ]
    assert [module.state for module in found.modules] == ["current", "current"]


def test_goals_light_up_as_their_lessons_are_read(course, learner):
    lesson = add_lesson(course.modules[0], goals=[9, 13])
    assert progress_of(learner).lit_goals == frozenset()
    learner.read(lesson)
    assert progress_of(learner).lit_goals == {9, 13}


def test_a_completion_stays_when_lessons_are_added(course, learner):
    learner.finish()
    add_lesson(course.modules[1])
    found = progress_of(learner)
    assert found.is_complete
    assert [module.state for module in found.modules] == ["done", "done"]
    assert (found.lessons_done, found.lessons_total) == (4, 5)


def test_a_course_without_lessons_is_not_complete():
    learner = Learner(make_course(modules=0))
    found = progress_of(learner)
    assert (found.percent, found.is_complete, found.modules) == (0, False, ())


def test_three_queries_whatever_the_size():
    counts = []
    for size in (1, 3):
        learner = Learner(make_course(modules=size, lessons=size))
        learner.finish()
        enrolment, outline = Enrolment.objects.get(pk=learner.enrolment.pk), learner.course.outline
        with CaptureQueriesContext(connection) as caught:
            get_progress(enrolment, outline)
        counts.append(len(caught))
    assert counts == [3, 3]


def test_the_database_refuses_a_second_row(course, learner):
    learner.read(*course.lessons[0])
    learner.sit(course.modules[0])
    for row in (LessonRead.objects.first(), ModuleCompletion.objects.get()):
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
    assert LessonRead.objects.filter(read_at__lte=timezone.now()).count() == 2
