"""The figures: counted per unit by the database, added up along the tree in memory.

The number of queries is the same whatever the number of units and people.
"""

import datetime
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Sum,
)
from django.utils import timezone

from learning.courses.queries import get_outline
from learning.enrolments.models import Enrolment, TrainingGoal, TrainingGoalCourse
from learning.organisations.models import UnitQuerySet
from learning.statistics.figures import NOTHING, Figures, Scores, percent_of, total
from learning.statistics.filters import Filters, Status, status_condition
from learning.statistics.moments import Moment
from learning.statistics.narrowing import EVERYBODY
from learning.statistics.scope import Scope, UnitNode
from learning.statistics.summary.reading import read_count, read_figures, read_goal
from learning.statistics.summary.units import UnitsAsked, units_asked


@dataclass(frozen=True)
class Row:
    """One line of the table: a unit with all below it, or (`direct`) without."""

    unit: UnitNode
    figures: Figures
    direct: bool = False


@dataclass(frozen=True)
class GoalProgress:
    """How far the staff of the chosen units are towards a goal; counts are of people."""

    name: str
    decision: str
    target_percent: int
    due_on: datetime.date
    staff: int
    done: int

    @property
    def needed(self) -> int:
        """People the target asks for, a part of a person counting as a whole one."""
        return math.ceil(self.staff * self.target_percent / 100)

    @property
    def missing(self) -> int:
        """People still needed."""
        return max(0, self.needed - self.done)

    @property
    def percent(self) -> Decimal | None:
        """Done of the staff, in percent to one place."""
        return percent_of(self.done, self.staff)

    @property
    def reached(self) -> bool:
        """Is the target met? Never without staff."""
        return bool(self.staff) and self.missing == 0


@dataclass(frozen=True)
class Report:
    """What one question found; screen, CSV and XLSX show this and nothing else.

    The sum of the rows is `total`.
    """

    filters: Filters
    total: Figures
    rows: tuple[Row, ...]
    goal: GoalProgress | None
    made_at: datetime.datetime

    @property
    def unit_count(self) -> int:
        """Lines of the table that stand for a unit below."""
        return sum(1 for row in self.rows if not row.direct)


def unit_figures(
    *,
    scope: Scope,
    course_keys: Sequence[UUID],
    unit: UnitNode | None,
    moment: Moment,
    lines: Mapping[int, int] | None = None,
) -> dict[int, Figures]:
    """Each unit's own people (not those below it), keyed by the unit.

    With `lines` they are summed under the key that it tells for their unit. Of today they are those
    that are kept; a past day is counted from the facts.
    """
    if not moment.is_past:
        return read_figures(
            units=units_asked(scope, unit),
            course_keys=course_keys,
            today=moment.today,
            start=moment.start,
            lines=lines,
        )
    own = count_unit_figures(units=scope.query(unit), course_keys=course_keys, moment=moment)
    if lines is None:
        return own
    found: dict[int, Figures] = defaultdict(Figures)
    for pk, figures in own.items():
        if pk in lines:
            found[lines[pk]] += figures
    return dict(found)


def count_unit_figures(
    *, units: UnitQuerySet, course_keys: Sequence[UUID], moment: Moment
) -> dict[int, Figures]:
    """The same from the facts: four queries and one more a course."""
    of_course = moment.enrolments(units).filter(course_key__in=course_keys)
    completed = status_condition(Status.COMPLETED, moment=moment)
    counts = (
        of_course.order_by()
        .values("place")
        .annotate(
            assigned=Count("pk"),
            not_started=Count("pk", filter=status_condition(Status.NOT_STARTED, moment=moment)),
            in_progress=Count("pk", filter=status_condition(Status.IN_PROGRESS, moment=moment)),
            completed=Count("pk", filter=completed),
            exempt=Count("pk", filter=status_condition(Status.EXEMPT, moment=moment)),
            overdue=Count("pk", filter=status_condition(Status.OVERDUE, moment=moment)),
            timed=Count("pk", filter=completed & Q(due_on__isnull=False)),
            on_time=Count(
                "pk", filter=completed & Q(completion__completed_at__date__lte=F("due_on"))
            ),
            hours=Sum("completion__hours", filter=completed, default=Decimal(0)),
            new_assigned=Count("pk", filter=moment.within("created_at")),
            new_completed=Count("pk", filter=moment.within("completion__completed_at")),
        )
    )
    scores: dict[int, dict[Decimal, int]] = defaultdict(dict)
    reached = of_course.filter(completed, completion__percent__isnull=False).order_by()
    for place, percent, count in reached.values_list("place", "completion__percent").annotate(
        count=Count("pk")
    ):
        scores[place][percent] = count
    certificates = dict(
        of_course.filter(status_condition(Status.CERTIFIED, moment=moment))
        .order_by()
        .values_list("place")
        .annotate(count=Count("pk"))
    )
    attempts = _attempts(of_course, course_keys, moment)
    staff = dict(
        moment.members()
        .filter(unit__in=units.order_by().values("pk"))
        .order_by()
        .values_list("unit_id")
        .annotate(count=Count("pk"))
    )
    counted: dict[int, dict[str, Any]] = {row.pop("place"): row for row in counts}
    return {
        pk: Figures(
            **counted.get(pk, {}),
            scores=Scores(scores.get(pk)),
            attempts=attempts.get(pk, 0),
            certificates=certificates.get(pk, 0),
            staff=staff.get(pk, 0),
        )
        for pk in {*counted, *staff}
    }


def _attempts(of_course: Any, course_keys: Sequence[UUID], moment: Moment) -> dict[int, int]:
    """Quizzes of the courses that were handed in, by unit: one query a course.

    Attempts are of a person; those of an earlier round don't count in a later one. What belongs
    to a course that is gone can't be told any more.
    """
    found: Counter[int] = Counter()
    for course_key in course_keys:
        outline = get_outline(course_key)
        if outline is None:
            continue
        handed_in = with_attempts(of_course, course_key, outline.origins, moment)
        by_place = handed_in.order_by().values_list("place")
        found.update(dict(by_place.annotate(count=Count("user__attempts"))))
    return found


def with_attempts(of_course: Any, course_key: UUID, origins: Sequence[str], moment: Moment) -> Any:
    """The enrolments beside each attempt at a quiz of the course that was handed in by then."""
    return of_course.filter(
        Q(round=1) | Q(user__attempts__started_at__gte=F("created_at")),
        moment.done("user__attempts__submitted_at"),
        course_key=course_key,
        user__attempts__origin__in=origins,
        user__attempts__practice=False,
    )


_FIGURE_OF = {
    "": "assigned",
    Status.NOT_STARTED: "not_started",
    Status.IN_PROGRESS: "in_progress",
    Status.COMPLETED: "completed",
    Status.EXEMPT: "exempt",
    Status.OVERDUE: "overdue",
    Status.CERTIFIED: "certificates",
}


def how_many(filters: Filters, *, unnamed: int) -> int | None:
    """The length of the list of people, where it is a kept figure less the `unnamed`; else None."""
    if not is_kept(filters):
        return None
    name, keys, units = _FIGURE_OF[filters.status], filters.course_keys, asked_units(filters)
    return read_count(units=units, course_keys=keys, name=name, today=filters.today) - unnamed


def is_kept(filters: Filters) -> bool:
    """Whether the people asked for are those that a kept figure counts."""
    narrowed = filters.search or filters.narrowing != EVERYBODY
    return not (filters.moment.is_past or narrowed or (filters.direct and not filters.unit))


def asked_units(filters: Filters) -> UnitsAsked:
    """The units whose people a list is of."""
    unit = filters.unit
    if filters.direct and unit:
        return UnitsAsked(frozenset({unit.pk}), filters.scope.query(unit, direct=True))
    return units_asked(filters.scope, unit)


def get_report(filters: Filters) -> Report:
    """The figures of the chosen course and unit, by sub-unit, and the goal."""
    scope, unit = filters.scope, filters.unit
    found: dict[int, Figures] = {}
    if filters.course_keys:
        found = unit_figures(
            scope=scope,
            course_keys=filters.course_keys,
            unit=unit,
            moment=filters.moment,
            lines=scope.lines(unit),
        )
    rows = [
        Row(unit=node, figures=found.get(node.pk, NOTHING))
        for node in scope.children(unit)
        if not node.ended or found.get(node.pk, NOTHING) != NOTHING
    ]
    rows.sort(key=_best_first)
    if unit is not None:
        here = found.get(unit.pk, NOTHING)
        if not rows or here != NOTHING:
            rows.append(Row(unit=unit, figures=here, direct=True))
    summed = total(row.figures for row in rows)
    return Report(
        filters=filters,
        total=summed,
        rows=tuple(rows),
        goal=goal_progress(filters, staff=summed.staff),
        made_at=timezone.localtime(),
    )


def _best_first(row: Row) -> tuple[Decimal, str]:
    """Highest rate first, those without anyone assigned last, else as the tree has them."""
    rate = row.figures.rate
    return (Decimal(1) if rate is None else -rate, row.unit.path)


def goal_progress(filters: Filters, *, staff: int) -> GoalProgress | None:
    """The goal the course serves: the next one due, or else one past; None without any.

    Of a programme it is the one that asks for it.
    """
    if filters.subject is None:
        return None
    serving = TrainingGoalCourse.objects.filter(
        goal=OuterRef("pk"), course_key__in=filters.course_keys
    )
    goals = TrainingGoal.objects.filter(Exists(serving))
    if filters.subject.goal:
        goals = goals.filter(pk=filters.subject.goal)
    passed = ExpressionWrapper(Q(due_on__lt=filters.today), output_field=BooleanField())
    goal = goals.order_by(passed, "due_on", "pk").prefetch_related("courses").first()
    if goal is None:
        return None
    course_keys = [course.course_key for course in goal.courses.all()]
    return GoalProgress(
        name=goal.name,
        decision=goal.decision,
        target_percent=goal.target_percent,
        due_on=goal.due_on,
        staff=staff,
        done=_done(filters, course_keys, goal.due_on),
    )


def _done(filters: Filters, course_keys: Sequence[UUID], due_on: datetime.date) -> int:
    """The staff who had completed all these courses by the day, or by that of the report."""
    if not filters.moment.is_past:
        units = units_asked(filters.scope, filters.unit)
        (by_unit,) = read_goal(units=units, course_keys=course_keys, days=[due_on])
        return sum(by_unit.values())
    the_day_after = timezone.make_aware(
        datetime.datetime.combine(due_on + datetime.timedelta(days=1), datetime.time.min)
    )
    inside = filters.scope.query(filters.unit).order_by().values("pk")
    finished = filters.moment.members().filter(unit__in=inside)
    for key in course_keys:
        finished = finished.filter(
            Exists(
                Enrolment.objects.filter(
                    user=OuterRef("user"),
                    course_key=key,
                    completion__completed_at__lt=min(the_day_after, filters.moment.end),
                )
            )
        )
    count: int = finished.count()
    return count
