"""Regrading and marking by several at once, with real threads and real transactions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from portal.accounts.roles import EDITORS
from quizzes.attempts.actions import save_answer, start_attempt, submit_attempt
from quizzes.attempts.models import Ruling
from quizzes.marking.actions import MarkingError, save_marks, take_answer, take_next
from quizzes.marking.models import Claim, Mark
from quizzes.regrading.actions import (
    AlreadyRunningError,
    ChangedSinceError,
    apply_regrade,
    continue_regrade,
)
from quizzes.regrading.models import Regrade, RegradeChange
from quizzes.regrading.preview import make_preview
from tests.quizzes.factories import EssayFactory, PersonFactory, QuestionFactory, QuizFactory
from tests.quizzes.regrading.steps import figures, plan_for, sit
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def make_editor() -> Any:
    person = PersonFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=EDITORS))
    return person


def tried(job: Callable[[], Any], *errors: type[Exception]) -> Callable[[], Any]:
    """The job, or the refusal it ends with."""

    def run() -> Any:
        try:
            return job()
        except errors as error:
            return error

    return run


def test_applied_twice_at_once_it_is_done_once():
    question, editor = QuestionFactory(), make_editor()
    quiz = QuizFactory(questions=[question, QuestionFactory()], pass_percent=50)
    attempts = [sit(quiz, "bb") for _n in range(4)]
    plan = plan_for(question, "credit")
    seen = make_preview(plan).seen
    job = tried(
        lambda: apply_regrade(plan=plan, seen=seen, by=editor),
        AlreadyRunningError,
        ChangedSinceError,
    )
    results = at_once(*[job] * 4)
    [done] = [one for one in results if isinstance(one, Regrade)]
    assert figures(done) == ((4, 4, 0), (4, 4, 0))
    assert Ruling.objects.count() == 1
    assert RegradeChange.objects.count() == 4
    for attempt in attempts:
        attempt.refresh_from_db()
        assert (attempt.points, attempt.gradings) == (1, 2)


def test_several_workers_share_one_regrade():
    question, editor = QuestionFactory(), make_editor()
    quiz = QuizFactory(questions=[question, QuestionFactory()], pass_percent=50)
    for _n in range(6):
        sit(quiz, "bb")
    plan = plan_for(question, "credit")
    done = apply_regrade(plan=plan, seen=make_preview(plan).seen, by=editor)
    Regrade.objects.filter(pk=done.pk).update(state="running", done_at=None, cursor=0)
    at_once(*[lambda: continue_regrade(pk=done.pk)] * 4)
    assert RegradeChange.objects.count() == 6
    assert figures(done) == ((6, 6, 0), (6, 6, 0))


def test_who_hands_in_while_it_is_applied_is_graded_by_the_ruling():
    """Whoever comes first: refused with a new preview, or every attempt ends up ruled upon."""
    for _round in range(4):
        question, editor = QuestionFactory(), make_editor()
        quiz = QuizFactory(questions=[question, QuestionFactory()], pass_percent=50)
        early = sit(quiz, "bb")
        late = []
        for _n in range(3):
            attempt = start_attempt(taker=PersonFactory(), quiz=quiz)
            save_answer(attempt=attempt, position=1, sent={"answer": ["b"]})
            late.append(attempt)
        plan = plan_for(question, "key", right=["b"])
        seen = make_preview(plan).seen
        applied, *_handed = at_once(
            tried(lambda: apply_regrade(plan=plan, seen=seen, by=editor), ChangedSinceError),  # noqa: B023
            *[lambda attempt=attempt: submit_attempt(attempt=attempt) for attempt in late],
        )
        points = []
        for attempt in (early, *late):
            attempt.refresh_from_db()
            points.append(attempt.points)
        if isinstance(applied, ChangedSinceError):
            assert points == [0, 0, 0, 0]
            assert not Ruling.objects.filter(version__question=question).exists()
        else:
            assert points == [1, 1, 1, 1]
            assert figures(applied) == ((1, 1, 0), (1, 1, 0))


def test_markers_at_once_get_different_answers():
    essay, markers = EssayFactory(), [make_editor() for _n in range(4)]
    quiz = QuizFactory(questions=[essay])
    for _n in range(4):
        sit(quiz, ["Một ý."])
    taken = at_once(
        *[
            lambda marker=marker: take_next(marker=marker, quiz_id=quiz.pk, question_id=essay.pk)
            for marker in markers
        ]
    )
    assert len({item.pk for item in taken if item is not None}) == 4
    assert Claim.objects.count() == 4


def test_one_answer_is_taken_by_one_of_many():
    quiz = QuizFactory(questions=[EssayFactory()])
    item = sit(quiz, ["Một ý."]).items.select_related("attempt", "version").get()
    markers = [make_editor() for _n in range(5)]
    results = at_once(
        *[
            tried(lambda marker=marker: take_answer(item=item, marker=marker), MarkingError)
            for marker in markers
        ]
    )
    assert sum(isinstance(one, Claim) for one in results) == 1


def test_a_form_sent_many_times_at_once_counts_once():
    attempt = sit(QuizFactory(questions=[EssayFactory()]), ["Một ý."])
    item, marker, form_id = (
        attempt.items.select_related("attempt", "version").get(),
        make_editor(),
        uuid4(),
    )
    take_answer(item=item, marker=marker)
    marks = at_once(
        *[
            lambda: save_marks(
                item=item,
                marker=marker,
                points={"a": Decimal(2), "b": Decimal(1)},
                comment="",
                seen=0,
                form_id=form_id,
            )
        ]
        * 5
    )
    assert len({mark.pk for mark in marks}) == Mark.objects.count() == 1
    attempt.refresh_from_db()
    assert (attempt.state, attempt.gradings) == ("graded", 1)


def test_threads_are_real():
    assert "memory" not in str(connection.settings_dict["NAME"])
