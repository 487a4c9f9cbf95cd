"""Random histories in the database: every preview comes true, favour takes from nobody."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from quizzes.attempts.models import Attempt
from quizzes.regrading.actions import apply_regrade
from quizzes.regrading.preview import make_preview
from tests.quizzes.factories import MultipleFactory, QuestionFactory, QuizFactory
from tests.quizzes.regrading.steps import figures, plan_for, sit

pytestmark = pytest.mark.django_db


def results():
    return {
        pk: (percent, passed)
        for pk, percent, passed in Attempt.objects.values_list("pk", "percent", "passed")
    }


def check_sums():
    """Each result is the sum of its items; all void: all in full."""
    for attempt in Attempt.objects.prefetch_related("items"):
        items = list(attempt.items.all())
        counted = [item for item in items if not item.voided] or items
        assert attempt.max_points == sum(item.points for item in counted)
        if len(counted) < len(items) or not items[0].voided:
            slack = attempt.points - sum((item.earned for item in counted), Decimal(0))
            assert 0 <= slack < Decimal("0.0004")


@pytest.mark.parametrize("seed", range(8))
def test_a_random_history(seed, editor, django_capture_on_commit_callbacks):
    chance = random.Random(seed)
    partial = MultipleFactory(settings={"scoring": "penalty"})
    questions = [QuestionFactory(), partial, QuestionFactory()][: chance.randint(1, 3)]
    quiz = QuizFactory(questions=questions, pass_percent=chance.choice([34, 50, 67]))
    for _step in range(5):
        for _n in range(chance.randint(0, 3)):
            sit(quiz, [chance.choice(["a", "b", "c", ""]) for _question in questions])
        question = chance.choice(questions)
        effect = chance.choice(["key", "void", "credit", "original"])
        plan = plan_for(
            question, effect, right=[chance.choice("abc")], favour=chance.random() < 0.6
        )
        before, preview = results(), make_preview(plan)
        with django_capture_on_commit_callbacks(execute=True):
            done = apply_regrade(plan=plan, seen=preview.seen, by=editor)
        expected, actual = figures(done)
        assert expected == actual
        after = results()
        assert sum(after[pk] != before[pk] for pk in before) <= done.changed
        gained = sum(after[pk][1] and not before[pk][1] for pk in before)
        lost = sum(before[pk][1] and not after[pk][1] for pk in before)
        assert (gained, lost) == (done.gained, done.lost)
        if plan.favour:
            assert all(after[pk] >= before[pk] for pk in before)
            assert lost == 0
        check_sums()
        assert make_preview(plan).changed == 0
