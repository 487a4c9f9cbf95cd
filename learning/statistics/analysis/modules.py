"""Module by module: how many have come through, how many are in it, and how many stopped there."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.db.models import BooleanField, Case, Count, When

from learning.courses.origins import origin_of, origin_of_final
from learning.courses.outline import CourseOutline
from learning.statistics.analysis.base import assigned
from learning.statistics.analysis.standing import first_open, steps_done, stopped
from learning.statistics.figures import Scores, percent_of
from learning.statistics.filters import Filters, Status, status_condition
from learning.statistics.narrowing import Narrowing, Standing, steps_of
from learning.statistics.queries import with_attempts


@dataclass(frozen=True)
class ModuleLine:
    """A module, or the final test (`number` 0); counts are of people, `attempts` of quizzes.

    Who `stopped` is among those who are there `now`.
    """

    step: str
    number: int
    title: str
    has_quiz: bool
    assigned: int
    completed: int
    now: int
    stopped: int
    attempts: int
    scores: Scores

    @property
    def share(self) -> Decimal | None:
        """Completed of all assigned, in percent to one place."""
        return percent_of(self.completed, self.assigned)

    @property
    def parts(self) -> list[tuple[int, str, str]]:
        """The bar in percent of all assigned: kind, start and width of each part of it.

        1 completed, 2 there and going on, 4 stopped.
        """
        found, x = [], 0.0
        for kind, count in ((1, self.completed), (2, self.now - self.stopped), (4, self.stopped)):
            width = 100 * count / self.assigned if self.assigned else 0
            if count:
                found.append((kind, f"{x:.2f}", f"{max(width - 0.3, 0.4):.2f}"))
            x += width
        return found


@dataclass(frozen=True)
class ModuleReport:
    """The lines in the course's order; who is in progress stands in exactly one of them."""

    lines: tuple[ModuleLine, ...]
    assigned: int
    not_started: int
    in_progress: int

    @property
    def stopped(self) -> int:
        """All who have stopped, wherever."""
        return sum(line.stopped for line in self.lines)


def get_modules(filters: Filters, outline: CourseOutline) -> ModuleReport:
    """The modules of the one course that is asked about; four queries, whatever their number."""
    moment, found = filters.moment, assigned(filters)
    totals = found.aggregate(
        assigned=Count("pk"),
        completed=Count("pk", filter=status_condition(Status.COMPLETED, moment=moment)),
        not_started=Count("pk", filter=status_condition(Status.NOT_STARTED, moment=moment)),
        in_progress=Count("pk", filter=status_condition(Status.IN_PROGRESS, moment=moment)),
    )
    keys = [module.key for module in outline.modules]
    completed = dict(
        found.filter(
            moment.done("modules_completed__completed_at"), modules_completed__module_key__in=keys
        )
        .values_list("modules_completed__module_key")
        .annotate(count=Count("pk"))
    )
    now, quiet = _standing(filters, outline)
    scores = _scores(filters, outline)
    lines = []
    for place, (step, key) in enumerate(steps_of(outline).items()):
        module = outline.module(key) if key else None
        origin = origin_of(key) if key else origin_of_final(outline.key)
        reached = scores.get(origin, {})
        lines.append(
            ModuleLine(
                step=step,
                number=module.number if module else 0,
                title=module.title if module else "",
                has_quiz=(module.quiz_id if module else outline.final_quiz_id) is not None,
                assigned=totals["assigned"],
                completed=completed.get(key, 0) if key else totals["completed"],
                now=now[place],
                stopped=quiet[place],
                attempts=sum(reached.values()),
                scores=Scores({score: n for score, n in reached.items() if score is not None}),
            )
        )
    if not outline.modules:
        lines = []
    elif outline.final_quiz_id is None and not lines[-1].now:
        lines = lines[:-1]
    return ModuleReport(
        lines=tuple(lines),
        assigned=totals["assigned"],
        not_started=totals["not_started"],
        in_progress=totals["in_progress"],
    )


def list_of(filters: Filters, line: ModuleLine, standing: Standing) -> str:
    """The query part of the address of the list behind one number."""
    return replace(filters, narrowing=Narrowing(step=line.step, standing=standing)).address()


def _standing(filters: Filters, outline: CourseOutline) -> tuple[Counter[int], Counter[int]]:
    """By the place of the module: who is in it now, and who of them has stopped."""
    keys = [module.key for module in outline.modules]
    moment = filters.moment
    rows = (
        assigned(filters)
        .filter(status_condition(Status.IN_PROGRESS, moment=moment))
        .annotate(
            done=steps_done(keys, moment),
            quiet=Case(
                When(stopped(outline, moment), then=True),
                default=False,
                output_field=BooleanField(),
            ),
        )
        .values_list("done", "quiet")
        .annotate(count=Count("pk"))
    )
    now: Counter[int] = Counter()
    still: Counter[int] = Counter()
    for done, quiet, count in rows:
        place = first_open(done, len(keys))
        now[place] += count
        still[place] += count if quiet else 0
    return now, still


def _scores(filters: Filters, outline: CourseOutline) -> dict[str, dict[Decimal | None, int]]:
    """By the quiz's origin: how often each score was reached; None waits for its marks."""
    course_key: UUID = outline.key
    handed_in = with_attempts(assigned(filters), course_key, outline.origins, filters.moment)
    found: dict[str, dict[Decimal | None, int]] = defaultdict(dict)
    grouped = handed_in.values_list("user__attempts__origin", "user__attempts__percent")
    for origin, percent, count in grouped.annotate(count=Count("user__attempts")):
        found[origin][percent] = count
    return found
