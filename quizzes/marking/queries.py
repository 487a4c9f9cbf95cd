"""What waits for marks, and what was marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from quizzes.attempts.grading import CREDIT, VOID
from quizzes.attempts.models import Attempt, AttemptItem, Ruling
from quizzes.bank.kinds import all_kinds
from quizzes.bank.models import Question, Quiz
from quizzes.marking.models import CLAIM_LASTS, Claim, Mark, MarkingSettings


@dataclass(frozen=True)
class Waiting:
    """The answers to one question of one quiz that wait, and since when the oldest does.

    `free` of them are nobody's at the moment, `mine` are on the reader's desk.
    """

    quiz: Quiz
    question: Question
    count: int
    free: int
    mine: int
    oldest: datetime


def waiting_answers(marker: Any) -> QuerySet[AttemptItem]:
    """The answers that wait for this marker's marks or another's; never her own."""
    kinds = [kind.name for kind in all_kinds() if kind.needs_person]
    spared = Ruling.objects.filter(
        version_id=OuterRef("version_id"), is_current=True, effect__in=[VOID, CREDIT]
    )
    return (
        AttemptItem.objects.filter(
            attempt__state=Attempt.State.SUBMITTED,
            kind__in=kinds,
            marking__isnull=True,
            earned__isnull=True,
        )
        .exclude(attempt__taker_id=marker.pk)
        .exclude(Exists(spared))
    )


def free_answers(marker: Any) -> QuerySet[AttemptItem]:
    """Of the waiting ones those on nobody's desk, her own desk's first, then the oldest."""
    lapsed = timezone.now() - CLAIM_LASTS
    return (
        waiting_answers(marker)
        .filter(
            Q(claim__isnull=True) | Q(claim__marker_id=marker.pk) | Q(claim__taken_at__lt=lapsed)
        )
        .order_by("attempt__submitted_at", "attempt_id", "position")
    )


def queue(marker: Any) -> list[Waiting]:
    """What waits, by quiz and question, the oldest first; four queries."""
    lapsed = timezone.now() - CLAIM_LASTS
    mine = Q(claim__marker_id=marker.pk)
    rows = list(
        waiting_answers(marker)
        .order_by()
        .values("attempt__quiz_id", "version__question_id")
        .annotate(
            count=Count("pk"),
            oldest=Min("attempt__submitted_at"),
            free=Count("pk", filter=Q(claim__isnull=True) | mine | Q(claim__taken_at__lt=lapsed)),
            mine=Count("pk", filter=mine),
        )
        .order_by("oldest")
    )
    quizzes = Quiz.objects.in_bulk({row["attempt__quiz_id"] for row in rows})
    questions = Question.objects.in_bulk({row["version__question_id"] for row in rows})
    return [
        Waiting(
            quiz=quizzes[row["attempt__quiz_id"]],
            question=questions[row["version__question_id"]],
            count=row["count"],
            free=row["free"],
            mine=row["mine"],
            oldest=row["oldest"],
        )
        for row in rows
    ]


def lately_marked(marker: Any) -> QuerySet[Mark]:
    """The marks that count, the latest first, but not those of her own answers."""
    newer = Mark.objects.filter(item_id=OuterRef("item_id"), number__gt=OuterRef("number"))
    return (
        Mark.objects.exclude(Exists(newer))
        .exclude(item__attempt__taker_id=marker.pk)
        .select_related("marker", "item__attempt__quiz", "item__version__question")
        .order_by("-marked_at", "-pk")
    )


def marks_of(item: AttemptItem) -> list[Mark]:
    """The marks of an answer, the latest first."""
    return list(item.marks.select_related("marker").order_by("-number"))


def claim_of(item: AttemptItem) -> Claim | None:
    """Who has the answer on her desk, or None."""
    return Claim.objects.filter(item=item).select_related("marker").first()


def is_blind(quiz_id: int) -> bool:
    """Whether markers of this quiz do not see names: so it is unless somebody said otherwise."""
    found = MarkingSettings.objects.filter(quiz_id=quiz_id).values_list("blind_marking", flat=True)
    return found.first() is not False


def quizzes_to_mark() -> list[tuple[Quiz, bool]]:
    """The quizzes that ask what a person marks, each with whether it is marked blind."""
    kinds = [kind.name for kind in all_kinds() if kind.needs_person]
    quizzes = Quiz.objects.filter(places__question__kind__in=kinds).distinct().order_by("title")
    seeing = set(
        MarkingSettings.objects.filter(blind_marking=False).values_list("quiz_id", flat=True)
    )
    return [(quiz, quiz.pk not in seeing) for quiz in quizzes]
