"""What people know least: shares by topic and tag, and never a question."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from learning.courses.origins import origin_of
from quizzes.attempts.actions import save_answer, start_attempt, submit_attempt
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.bank.models import Question
from tests.factories import make_course
from tests.learning.organisations.factories import make_member, make_officer, make_unit
from tests.learning.statistics.analysis.asking import queries, screen
from tests.learning.statistics.factories import enrolled


def sit(world, unit, right, *, practice=False, hand_in=True):
    """A new member sits the quiz with the first so many questions right, the rest wrong."""
    user = make_member(unit)
    enrolled(user, world.course.key)
    module = world.course.modules[0]
    attempt = start_attempt(
        taker=user,
        quiz=module.quiz,
        origin=origin_of(module.translation_key),
        return_to="/",
    )
    if practice:
        Attempt.objects.filter(pk=attempt.pk).update(practice=True)
        attempt.refresh_from_db()
    keys = world.order
    for item in attempt.items.select_related("version__question"):
        place = keys.index(item.version.question.key)
        save_answer(
            attempt=attempt,
            position=item.position,
            sent={"answer": ["a" if place < right else "b"]},
        )
    if hand_in:
        submit_attempt(attempt=attempt)
    return attempt


@pytest.fixture
def world(db):
    """One module whose quiz has four questions: two of trade marks, one of patents, one of none."""
    root = make_unit("Thành phố")
    one, two = make_unit("Sở Một", parent=root), make_unit("Sở Hai", parent=root)
    course = make_course(modules=1, lessons=1, questions=4)
    questions = list(Question.objects.order_by("pk"))
    for question, topic in zip(questions, ("Nhãn hiệu", "Nhãn hiệu", "Sáng chế", ""), strict=True):
        Question.objects.filter(pk=question.pk).update(topic=topic)
    questions[0].tags.add("luật")
    questions[2].tags.add("luật", "khó")
    for question in (questions[0], questions[2]):
        question.save()
    Question.objects.filter(pk=questions[0].pk).update(topic="Nhãn hiệu")
    Question.objects.filter(pk=questions[2].pk).update(topic="Sáng chế")
    return SimpleNamespace(
        root=root, one=one, two=two, course=course, order=[one.key for one in questions]
    )


@pytest.fixture
def officer(client, world):
    client.force_login(make_officer(world.root))
    return client


def report(client, **asked):
    return screen(client, "topics", **asked).context["report"]


def told(lines):
    return [(one.name, one.answers, one.questions, one.people, str(one.share)) for one in lines]


def test_the_worst_comes_first_with_a_plain_recount(officer, world):
    for right in (1, 2, 3):
        sit(world, world.one, right)
    assert told(report(officer).topics) == [
        ("", 3, 1, 3, "0.0"),
        ("Sáng chế", 3, 1, 3, "33.3"),
        ("Nhãn hiệu", 6, 2, 3, "83.3"),
    ]
    items = AttemptItem.objects.filter(version__question__topic="Nhãn hiệu")
    earned = sum(item.earned for item in items)
    assert report(officer).topics[2].earned == earned == Decimal(5)
    assert [(one.name, one.answers, str(one.share)) for one in report(officer).tags] == [
        ("khó", 3, "33.3"),
        ("luật", 6, "66.7"),
    ]


def test_practice_open_attempts_and_voided_answers_are_left_out(officer, world):
    sit(world, world.one, 4, practice=True)
    sit(world, world.one, 4, hand_in=False)
    assert report(officer).topics == ()
    sit(world, world.one, 4)
    assert sum(one.answers for one in report(officer).topics) == 4
    AttemptItem.objects.filter(version__question__topic="Sáng chế").update(voided=True)
    assert [one.name for one in report(officer).topics] == ["", "Nhãn hiệu"]


def test_each_officer_has_the_answers_of_her_people(client, world):
    sit(world, world.one, 4)
    sit(world, world.two, 0)
    for unit, share in ((world.one, "100.0"), (world.two, "0.0"), (world.root, "50.0")):
        client.force_login(make_officer(unit))
        assert {str(one.share) for one in report(client).topics} == {share}
    client.force_login(make_member(world.one))
    assert screen(client, "topics").status_code == 404


def test_no_question_and_no_answer_is_shown(officer, world):
    sit(world, world.one, 2)
    html = screen(officer, "topics").content.decode()
    for question in Question.objects.all():
        assert question.prompt not in html
    assert "Phương án" not in html


def test_of_a_period_the_answers_handed_in_then(officer, world, today):
    sit(world, world.one, 4)
    assert len(report(officer, **{"tu-ngay": today.isoformat()}).topics) == 3
    assert report(officer, **{"den-ngay": "2026-02-01"}).topics == ()


def test_the_number_of_queries_does_not_grow(officer, world):
    sit(world, world.one, 1)
    few = queries(officer, "topics")
    for right in (0, 2, 3):
        sit(world, world.two, right)
    assert queries(officer, "topics") == few
