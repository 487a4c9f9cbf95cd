"""What a sitting costs does not depend on how many questions the bank holds."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import OuterRef, Subquery
from django.test.utils import CaptureQueriesContext

from quizzes.attempts.actions import save_answer, start_attempt, submit_attempt
from quizzes.attempts.models import Attempt
from quizzes.bank.content import content_digest, content_of
from quizzes.bank.models import Question, QuestionVersion, QuizDraw
from quizzes.bank.versions import forget_contents
from tests.quizzes.factories import PersonFactory, QuizFactory

pytestmark = pytest.mark.django_db

OPTIONS = [{"text": "Đúng", "right": True}, {"text": "Sai"}]


def fill_bank(start, end):
    """Published questions of two topics, without the care an editor's save takes."""
    questions = Question.objects.bulk_create(
        [
            Question(key=f"kho-{n}", topic=f"Kho {n % 2}", prompt=f"Câu {n}?", live=True)
            for n in range(start, end)
        ],
        batch_size=1000,
    )
    content = content_of(kind="single", prompt="Câu?", options=OPTIONS)
    digest = content_digest(content)
    QuestionVersion.objects.bulk_create(
        [
            QuestionVersion(
                question=question, number=1, kind="single", content=content, digest=digest
            )
            for question in questions
        ],
        batch_size=1000,
    )
    own = QuestionVersion.objects.filter(question=OuterRef("pk")).values("pk")[:1]
    Question.objects.filter(current_version=None).update(current_version=Subquery(own))


def queries_of_a_sitting(quiz):
    """How many queries starting, saving one answer and handing in take."""
    forget_contents()
    taker = PersonFactory()
    with CaptureQueriesContext(connection) as starting:
        attempt = start_attempt(taker=taker, quiz=quiz, origin="", return_to="/")
    attempt = Attempt.objects.get(pk=attempt.pk)
    with CaptureQueriesContext(connection) as saving:
        save_answer(attempt=attempt, position=1, sent={"answer": ["a"]})
    with CaptureQueriesContext(connection) as handing_in:
        submit_attempt(attempt=attempt)
    return len(starting), len(saving), len(handing_in)


def test_queries_do_not_grow_with_the_bank():
    quiz = QuizFactory(size=2)
    QuizDraw.objects.create(quiz=quiz, topic="Kho 1", count=3)
    fill_bank(0, 10)
    small = queries_of_a_sitting(quiz)
    fill_bank(10, 10_000)
    assert queries_of_a_sitting(quiz) == small
    assert [attempt.items.count() for attempt in quiz.attempts.all()] == [5, 5]
