"""What the screens of regrading show."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from quizzes.attempts.models import AttemptItem, Ruling
from quizzes.bank.models import Question, QuestionVersion
from quizzes.regrading.models import Regrade, RegradeChange


@dataclass(frozen=True)
class Version:
    """A version of a question, how many attempts at it were handed in, and its ruling."""

    version: QuestionVersion
    attempts: int
    ruling: Ruling | None


@dataclass(frozen=True)
class FoundQuestion:
    """A question one may choose, and how many attempts at it were handed in."""

    question: Question
    attempts: int


def find_questions(text: str) -> QuerySet[Question]:
    """The published questions whose text, topic or key holds `text`, the latest changed first."""
    found = Question.objects.filter(current_version__isnull=False)
    if text:
        found = found.filter(
            Q(prompt__icontains=text) | Q(topic__icontains=text) | Q(key__iexact=text)
        )
    return found.order_by("-updated_at", "-pk")


def with_attempts(questions: list[Question]) -> list[FoundQuestion]:
    """The questions with the numbers of their attempts; one query."""
    rows = (
        AttemptItem.objects.filter(version__question__in=questions, closed=True)
        .order_by()
        .values_list("version__question_id")
        .annotate(Count("pk"))
    )
    counts = dict(rows)
    return [FoundQuestion(question, counts.get(question.pk, 0)) for question in questions]


def versions_of(question: Question) -> list[Version]:
    """The versions of a question, the newest first; three queries."""
    versions = list(question.versions.order_by("-number"))
    counts = dict(
        AttemptItem.objects.filter(version__question=question, closed=True)
        .order_by()
        .values_list("version_id")
        .annotate(Count("pk"))
    )
    rulings = {
        ruling.version_id: ruling
        for ruling in Ruling.objects.filter(version__question=question, is_current=True)
    }
    return [
        Version(version, counts.get(version.pk, 0), rulings.get(version.pk)) for version in versions
    ]


def history() -> QuerySet[Regrade]:
    """All regrades, the latest first."""
    return Regrade.objects.select_related("question", "made_by").order_by("-made_at", "-pk")


def changes_of(regrade: Regrade, *, show: str) -> QuerySet[RegradeChange]:
    """The results a regrade changed: all, or those «gained» or «lost»."""
    found = regrade.changes.select_related("attempt__quiz").order_by("pk")
    if show == "gained":
        return found.filter(passed_before=False, passed_after=True)
    if show == "lost":
        return found.filter(passed_before=True, passed_after=False)
    return found
