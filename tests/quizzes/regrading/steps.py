"""What an editor and many learners do before and during a regrade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from quizzes.attempts.actions import save_answer, start_attempt, submit_attempt
from quizzes.attempts.models import Attempt
from quizzes.bank.models import Question, Quiz
from quizzes.regrading.actions import apply_regrade
from quizzes.regrading.models import Regrade
from quizzes.regrading.plans import Plan, corrected_content
from quizzes.regrading.preview import make_preview
from tests.quizzes.factories import PersonFactory


def sit(quiz: Quiz, answers: Sequence[str], taker: Any = None) -> Attempt:
    """A person answers each question with a key (empty: not at all) and hands in."""
    attempt = start_attempt(taker=taker or PersonFactory(), quiz=quiz)
    for position, key in enumerate(answers, start=1):
        if key:
            save_answer(attempt=attempt, position=position, sent={"answer": [key]})
    return submit_attempt(attempt=attempt)


def plan_for(
    question: Question,
    effect: str,
    *,
    right: Sequence[str] = (),
    favour: bool = True,
    reason: str = "Đáp án in sai.",
) -> Plan:
    """A plan for every version of the question."""
    versions = list(question.versions.all())
    return Plan(
        question=question,
        version_ids=tuple(version.pk for version in versions),
        effect=effect,
        favour=favour,
        reason=reason,
        content=(
            corrected_content(versions, by_version=None, right=right) if effect == "key" else None
        ),
    )


def regrade(plan: Plan, by: Any) -> Regrade:
    """Preview the plan and apply it at once; in tests the task runs with the commit."""
    return apply_regrade(plan=plan, seen=make_preview(plan).seen, by=by)


def figures(regrade: Regrade) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """What was expected and what was done."""
    regrade.refresh_from_db()
    return (
        (regrade.expected_changed, regrade.expected_gained, regrade.expected_lost),
        (regrade.changed, regrade.gained, regrade.lost),
    )
