"""What people don't know: answers by what their question is about. No question is shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from learning.courses.queries import get_outline
from learning.statistics.analysis.base import assigned
from learning.statistics.figures import TENTH, percent_of
from learning.statistics.filters import Filters
from learning.statistics.queries import with_attempts
from quizzes.attempts.models import AttemptItem


@dataclass(frozen=True)
class TopicLine:
    """One topic, or one tag: `answers` to how many `questions`, given by how many `people`."""

    name: str
    people: int
    questions: int
    answers: int
    right: int
    earned: Decimal
    points: int

    @property
    def share(self) -> Decimal:
        """Points earned of those that could be, in percent to one place; marks below zero are
        zero in all."""
        earned = max(self.earned, Decimal(0))
        return (earned * 100 / self.points).quantize(TENTH)

    @property
    def right_share(self) -> Decimal | None:
        """Answers worth all their points, in percent to one place."""
        return percent_of(self.right, self.answers)

    @property
    def bar(self) -> str:
        """The share as the width of a bar of 100."""
        return f"{self.share:.1f}"


@dataclass(frozen=True)
class TopicReport:
    """By topic and by tag, the worst first; a question has one topic and any number of tags."""

    topics: tuple[TopicLine, ...]
    tags: tuple[TopicLine, ...]
    # Courses whose answers can't be told any more: they are not published.
    gone: bool


def get_topics(filters: Filters) -> TopicReport:
    """What was answered in the quizzes of the courses, in the period; two queries."""
    attempts, gone = Q(), False
    for key in filters.course_keys:
        outline = get_outline(key)
        if outline is None:
            gone = True
            continue
        found = with_attempts(assigned(filters), key, outline.origins, filters.moment)
        attempts |= Q(attempt__in=found.values("user__attempts__pk"))
    if not attempts:
        return TopicReport((), (), gone)
    items = AttemptItem.objects.filter(
        attempts, earned__isnull=False, voided=False, points__gt=0
    ).order_by()
    if filters.moment.begin:
        items = items.filter(attempt__submitted_at__gte=filters.moment.begin)
    topic, tag = "version__question__topic", "version__question__tagged_items__tag__name"
    return TopicReport(
        topics=_lines(items, topic),
        tags=_lines(items.filter(**{f"{tag}__isnull": False}), tag),
        gone=gone,
    )


def _lines(items: QuerySet[AttemptItem], path: str) -> tuple[TopicLine, ...]:
    grouped = items.values(name=F(path)).annotate(
        people=Count("attempt__taker", distinct=True),
        questions=Count("version__question", distinct=True),
        answers=Count("pk"),
        right=Count("pk", filter=Q(earned=F("points"))),
        gained=Sum("earned"),
        most=Sum("points"),
    )
    lines = [
        TopicLine(
            name=row["name"],
            people=row["people"],
            questions=row["questions"],
            answers=row["answers"],
            right=row["right"],
            earned=row["gained"],
            points=row["most"],
        )
        for row in grouped
    ]
    return tuple(sorted(lines, key=lambda line: (line.share, line.name)))
