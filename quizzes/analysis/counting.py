"""From the attempts in the database to counts: the only place that reads them, in few queries.

The database groups equal rows, so that what comes over is as long as there are different answers
and scores, not as there are attempts. Only the times of answers come one by one, in chunks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import models
from django.db.models import Count, F, Func, IntegerField, Max, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quizzes.analysis.figures import UNIT, Cell
from quizzes.attempts.models import Attempt, AttemptItem

CHUNK = 5000
# A text that people write themselves has no end of different answers; these many are told apart.
MOST_ANSWERS = 2000
# A longer one is prose: it may name its writer, and nobody else wrote the same.
LONGEST_ANSWER = 100


class Which(models.TextChoices):
    """Which of a person's finished attempts count."""

    FIRST = "first", _("first attempt of each person")
    BEST = "best", _("best attempt of each person")
    LAST = "last", _("last attempt of each person")
    ALL = "all", _("all finished attempts")


_ORDERS: dict[str, list[Any]] = {
    Which.FIRST: [F("number").asc()],
    Which.BEST: [F("percent").desc(), F("number").asc()],
    Which.LAST: [F("number").desc()],
}


@dataclass(frozen=True)
class Selection:
    """Which attempts are looked at: of a quiz or of all, handed in on the days from … to …."""

    quiz_id: int | None = None
    question_id: int | None = None
    which: str = Which.FIRST
    since: date | None = None
    until: date | None = None
    practice: bool = False

    def attempts(self) -> QuerySet[Attempt]:
        """The graded attempts of the selection, whichever of a person's."""
        found = Attempt.objects.filter(
            state=Attempt.State.GRADED, practice=self.practice, max_points__gt=0
        )
        if self.quiz_id is not None:
            found = found.filter(quiz_id=self.quiz_id)
        if self.since:
            found = found.filter(submitted_at__gte=_midnight(self.since))
        if self.until:
            found = found.filter(submitted_at__lt=_midnight(self.until + timedelta(days=1)))
        return found.order_by()

    def chosen(self) -> QuerySet[Attempt]:
        """Those of them that count."""
        if self.which == Which.ALL:
            return self.attempts()
        place = Window(
            RowNumber(), partition_by=[F("taker"), F("quiz")], order_by=_ORDERS[self.which]
        )
        ranked = self.attempts().annotate(place=place).filter(place=1)
        return Attempt.objects.filter(pk__in=ranked.values("pk")).order_by()

    def items(self) -> QuerySet[AttemptItem]:
        """The questions of the attempts that count, as far as they are worth anything."""
        if self.which == Which.ALL:
            found = AttemptItem.objects.filter(_of_attempt(self.attempts()))
        else:
            found = AttemptItem.objects.filter(attempt__in=self.chosen().values("pk"))
        if self.question_id is not None:
            found = found.filter(version__question_id=self.question_id)
        return found.filter(points__gt=0, earned__isnull=False).order_by()

    def stamp(self) -> str:
        """What changes whenever a figure of the selection may: handing in, and judging anew."""
        found = self.attempts().aggregate(
            count=Count("pk"),
            newest=Max("submitted_at"),
            points=Sum("points"),
            most=Sum("max_points"),
            passed=Count("pk", filter=Q(passed=True)),
        )
        return ":".join(str(value).replace(" ", "_") for value in found.values())


def _of_attempt(attempts: QuerySet[Attempt]) -> Q:
    return Q(attempt__in=attempts.values("pk"))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class Epoch(Func):
    """A time as whole seconds since 1970, made by the database: quicker than a datetime here."""

    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
        )

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)"
        )


@dataclass
class Counted:
    """What was counted of one question version.

    `answers` says for each single answer (an option, «part=value», a text) how often it came at
    which (most, total) of the attempt; `seconds` how often it took how long.
    """

    question_id: int
    kind: str
    cells: Counter[Cell] = field(default_factory=Counter)
    answers: dict[str, Counter[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    # By the share of all points that the attempt earned.
    blanks: Counter[Fraction] = field(default_factory=Counter)
    seconds: Counter[int] = field(default_factory=Counter)

    @property
    def blank(self) -> int:
        """How many left it without an answer."""
        return sum(self.blanks.values())


@dataclass
class Totals:
    """What was counted of whole attempts: (most, total) in units, passed, and seconds taken."""

    scores: Counter[tuple[int, int]] = field(default_factory=Counter)
    passed: int = 0
    seconds: Counter[int] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """How many attempts there are."""
        return sum(self.scores.values())


def count_attempts(selection: Selection) -> Totals:
    """The scores and times of the attempts that count; two queries."""
    found = Totals()
    attempts = selection.chosen()
    rows = attempts.values_list("max_points", "points", "passed").annotate(n=Count("pk"))
    for most, points, passed, n in rows:
        found.scores[_units(most), _units(points)] += n
        found.passed += n if passed else 0
    took = Epoch(F("submitted_at")) - Epoch(F("started_at"))
    for seconds, n in attempts.annotate(took=took).values_list("took").annotate(n=Count("pk")):
        found.seconds[seconds] += n
    return found


def count_answers(selection: Selection) -> dict[int, Counted]:
    """What was counted of each question version, by its id; two queries."""
    found: dict[int, Counted] = {}
    rows = (
        selection.items()
        .values_list(
            "version_id", "version__question_id", "kind", "points", "earned",
            "attempt__max_points", "attempt__points", "answer",
        )
        .annotate(n=Count("pk"))
    )  # fmt: skip
    for version, question, kind, points, earned, most, total, answer, n in rows.iterator(CHUNK):
        one = found.setdefault(version, Counted(question, kind))
        whole = _units(most), _units(total)
        one.cells[Cell(points * UNIT, _units(earned), *whole)] += n
        if not answer:
            one.blanks[Fraction(whole[1], whole[0])] += n
        for single in answer:
            known = single in one.answers or len(one.answers) < MOST_ANSWERS
            if known and len(single) <= LONGEST_ANSWER:
                one.answers[single][whole] += n
    for version, seconds in _times(selection):
        if version in found:
            found[version].seconds[seconds] += 1
    return found


def _times(selection: Selection) -> Iterator[tuple[int, int]]:
    """Version and seconds of each answer: since the save before it, or since the start."""
    items = selection.items()
    if selection.question_id is not None:
        # The save before it belongs to another question of the same attempt.
        items = AttemptItem.objects.filter(attempt__in=items.values("attempt"))
    rows = (
        items.filter(saved_at__isnull=False)
        .order_by("attempt_id", "saved_at")
        .values_list(
            "attempt_id", "version_id", Epoch(F("saved_at")), Epoch(F("attempt__started_at"))
        )
    )
    attempt, before = None, 0
    for of_attempt, version, saved, started in rows.iterator(CHUNK):
        if of_attempt != attempt:
            attempt, before = of_attempt, started
        yield version, max(saved - before, 0)
        before = saved


def _units(value: Decimal) -> int:
    return int(value * UNIT)
