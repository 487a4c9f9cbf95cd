"""Who cites a source is found, in few queries, and is stale until it has been reviewed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from wagtail.models import Locale

from learning.courses.models import CoursePage, ModulePage, Source
from learning.courses.register.actions import record_review
from learning.courses.register.pools import every_pool, small_pools
from learning.courses.register.queries import Register
from quizzes.bank.actions import save_quiz
from quizzes.bank.drawing import pools
from tests.factories import add_lesson, make_course
from tests.learning.courses.register.factories import (
    citing_lesson,
    citing_question,
    day,
    fact_with,
    make_source,
    replaced,
)
from tests.quizzes.factories import QuestionFactory, QuizFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return replaced(make_source("Luật cũ"), make_source("Luật mới"))


@pytest.fixture
def course():
    return make_course(modules=1, lessons=1)


def stale(**options):
    """Subjects and keys of all that must be looked at again."""
    return [(item.content.subject, item.content.key) for item in Register(**options).stale]


# --- who cites -----------------------------------------------------------------------------------


def test_a_lesson_cites_what_it_lists(course, source):
    lesson = citing_lesson(course.modules[0], source)
    key = str(lesson.translation_key)
    assert stale() == [("lesson", key), ("course", str(course.key))]


@pytest.mark.parametrize("kind", ["fact", "callout", "local", "practice"])
def test_a_lesson_cites_what_its_blocks_name(course, source, kind):
    blocks = {
        "fact": {"number": "24", "text": "<p>Lần.</p>"},
        "callout": {"tone": "law", "title": "Luật nói gì", "text": "<p>Lời.</p>"},
        "local": {"title": "Ở đây", "text": "<p>Lời.</p>"},
        "practice": {
            "prompt": "Chọn?",
            "options": [{"text": "Một", "right": True, "why": "Vì."}],
            "explanation": "Vì.",
        },
    }
    body = [("text", "<p>Trước.</p>"), (kind, blocks[kind] | {"source": source})]
    lesson = add_lesson(course.modules[0], body=body)
    assert stale()[0] == ("lesson", str(lesson.translation_key))


def test_both_languages_are_one_lesson(course, source):
    english, _created = Locale.objects.get_or_create(language_code="en")
    lesson = citing_lesson(course.modules[0], title="Bài gốc")
    copy = lesson.copy_for_translation(english, copy_parents=True)
    copy.title, copy.body = "The lesson", [fact_with(source)]
    copy.save_revision().publish()
    (item,) = [one for one in Register().stale if one.content.subject == "lesson"]
    assert item.content.pks == {"vi": lesson.pk, "en": copy.pk}
    assert item.content.title == "Bài gốc"
    with translation.override("en"):
        (item,) = [one for one in Register().stale if one.content.subject == "lesson"]
        assert item.content.title == "The lesson"


def test_what_is_not_published_is_not_listed(course, source):
    citing_lesson(course.modules[0], source, body=[fact_with(source)]).unpublish()
    citing_question(source).unpublish()
    assert stale() == []


def test_a_question_makes_its_quizzes_and_their_course_stale(source):
    question = citing_question(source)
    pool = QuizFactory(questions=[question, QuestionFactory()], title="Bài có câu ấy")
    other = QuizFactory(title="Bài khác")
    final = save_quiz(key="cuoi", title="Bài cuối", question_keys=[], draws=[(pool.key, 1)])
    course = make_course(modules=1, quiz=False, final_quiz=final)
    register = Register()
    assert [(quiz.quiz.name, quiz.stale) for quiz in register.stale_quizzes] == [
        ("Bài cuối", 1),
        ("Bài có câu ấy", 1),
    ]
    assert stale() == [("question", question.key), ("course", str(course.key))]
    assert other.name not in [quiz.quiz.name for quiz in register.stale_quizzes]


def test_a_course_answers_for_what_its_certificate_prints(course, source):
    page = course.page
    page.sources, page.training_goal = [source], "Xây dựng văn hóa"
    page.save_revision().publish()
    (item,) = Register().stale
    assert (item.content.subject, item.content.printed) == ("course", "Xây dựng văn hóa")


def test_a_date_to_look_again_reaches_the_lesson_and_not_its_course(course):
    lesson = citing_lesson(course.modules[0], make_source(look_again_on=day()))
    assert stale() == [("lesson", str(lesson.translation_key))]


def test_news_reaches_who_cites_a_source_through_a_chain_of_amendments(course):
    law, first, second = make_source(), make_source(), make_source()
    law.amended_by.set([first])
    first.amended_by.set([second])
    lesson = citing_lesson(course.modules[0], law)
    assert stale() == []
    replaced(second, make_source())
    assert stale()[0] == ("lesson", str(lesson.translation_key))


# --- reviews -------------------------------------------------------------------------------------


def test_a_review_clears_its_own_content_alone(course, source):
    lesson = citing_lesson(course.modules[0], source)
    question = citing_question(source)
    key = str(lesson.translation_key)
    record_review(subject="lesson", key=key, verdict="right", by=None)
    assert stale() == [("question", question.key), ("course", str(course.key))]
    for subject, other in (("question", question.key), ("course", str(course.key))):
        record_review(subject=subject, key=other, verdict="right", by=None)
    assert stale() == []


def test_what_comes_after_a_review_calls_for_another(course, source):
    lesson = citing_lesson(course.modules[0], source)
    subject = {"subject": "lesson", "key": str(lesson.translation_key)}
    record_review(**subject, verdict="right", by=None)
    Source.objects.filter(pk=source.pk).update(in_force_until=day(3))
    assert ("lesson", subject["key"]) not in stale()
    assert ("lesson", subject["key"]) in stale(now=timezone.now() + timedelta(days=4))


# --- pools ---------------------------------------------------------------------------------------


def test_pools_are_those_of_the_draw():
    over, coming = day(-1), day(1)
    lapsed = QuestionFactory.create_batch(2, valid_until=over)
    early = QuestionFactory(valid_from=coming)
    pool = QuizFactory(questions=[*lapsed, early, *QuestionFactory.create_batch(2)], draw=3)
    final = save_quiz(key="cuoi", title="Bài cuối", question_keys=[], draws=[(pool.key, 2)])
    found = {quiz.pk: quiz for quiz in every_pool(on=day())}
    for quiz in (pool, final):
        assert list(found[quiz.pk].pools) == pools(quiz, on=day())
    assert [(quiz.pk, one.wanted, one.askable) for quiz, one in small_pools(on=day())] == [
        (pool.pk, 3, 2)
    ]
    assert small_pools(on=coming) == []


def test_a_quiz_whose_questions_are_all_over_has_too_few():
    quiz = QuizFactory(questions=[QuestionFactory(valid_until=day(-1))])
    ((found, pool),) = small_pools(on=day())
    assert (found.pk, pool.wanted, pool.askable) == (quiz.pk, 1, 0)


# --- what it costs -------------------------------------------------------------------------------


def test_the_register_costs_the_same_queries_however_much_there_is():
    counts = []
    for size in (1, 3):
        sources = [replaced(make_source(), make_source()) for _n in range(size)]
        questions = [citing_question(*sources) for _n in range(size)]
        course = make_course(modules=size, lessons=size, quiz=False)
        for made in course.modules:
            module = ModulePage.objects.get(pk=made.pk)
            module.quiz = QuizFactory(questions=questions)
            module.save_revision().publish()
            citing_lesson(module, *sources, body=[fact_with(one) for one in sources])
        page = CoursePage.objects.get(pk=course.page.pk)
        page.sources = sources
        page.save_revision().publish()
        with CaptureQueriesContext(connection) as caught:
            register = Register()
            found = register.stale, register.stale_quizzes, small_pools(on=day())
        counts.append(len(caught))
        assert len(found[0]) >= 2 * size + 1
    assert counts[0] == counts[1] <= 20
