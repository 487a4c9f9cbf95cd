"""How far units are towards training goals, and what is missing by when.

Of the staff (people with an open membership today), done has who has completed every course of
the goal by the end of the day in question. What a target needs is rounded up to a whole person.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from learning.enrolments.models import Enrolment, TrainingGoal
from learning.organisations.models import Membership, Unit, UnitQuerySet
from learning.statistics.figures import NOTHING, Figures, percent_of, roll_up
from learning.statistics.scope import Scope, UnitNode


@dataclass(frozen=True)
class Target:
    """A share of the staff to be reached by a day, and what it asks of these people.

    `percent` is of the staff, `staff` and `done` count people.
    """

    percent: int
    due_on: datetime.date
    staff: int
    done: int

    @property
    def needed(self) -> int:
        """People the target asks for, a part of a person counting as a whole one."""
        return -(-self.staff * self.percent // 100)

    @property
    def missing(self) -> int:
        """People still needed."""
        return max(0, self.needed - self.done)

    @property
    def reached(self) -> bool:
        """Is the target met? Never without staff."""
        return bool(self.staff) and self.missing == 0

    def days_left(self, today: datetime.date) -> int:
        """Days from today to the day of the target; negative when it has passed."""
        return (self.due_on - today).days


@dataclass(frozen=True)
class GoalLine:
    """One unit's people towards a goal."""

    unit: UnitNode
    target: Target

    @property
    def percent(self) -> Decimal | None:
        """Done of the staff, in percent to one place."""
        return percent_of(self.target.done, self.target.staff)


@dataclass(frozen=True)
class GoalView:
    """A goal with its milestones in the order of their days, the goal itself last."""

    goal: TrainingGoal
    course_titles: tuple[str, ...]
    target: Target
    steps: tuple[Target, ...]
    lines: tuple[GoalLine, ...]

    @property
    def percent(self) -> Decimal | None:
        """Done of the staff, in percent to one place."""
        return percent_of(self.target.done, self.target.staff)

    @property
    def next_step(self) -> Target | None:
        """The first milestone that is not reached."""
        return next((step for step in self.steps if not step.reached), None)


def goal_views(*, scope: Scope, unit: UnitNode | None, courses: dict[UUID, str]) -> list[GoalView]:
    """The goals that concern units of the scope, the next due first.

    Two queries a goal, and four in all besides, however many units and people there are.
    """
    goals = TrainingGoal.objects.prefetch_related("courses", "milestones", "units")
    views = []
    for goal in goals.order_by("due_on", "pk"):
        tops = [one.path for one in goal.units.all()]
        units = _within(scope.query(unit), tops)
        own = _own_figures(units, goal)
        if tops and not own:
            continue
        views.append(_view(goal, scope, unit, own, courses))
    return views


def city_progress(goal: TrainingGoal) -> Target:
    """How far everyone a goal means is, for the campaign page; two queries."""
    units = _within(Unit.objects.all(), [one.path for one in goal.units.all()])
    figures = sum(_own_figures(units, goal).values(), NOTHING)
    return Target(goal.target_percent, goal.due_on, figures.staff, figures.completed)


def _within(units: UnitQuerySet, tops: Iterable[str]) -> UnitQuerySet:
    paths = list(tops)
    if not paths:
        return units
    meant = Unit.objects.all().within(*(Unit(path=path) for path in paths))
    return units.filter(pk__in=meant.order_by().values("pk"))


def _own_figures(units: UnitQuerySet, goal: TrainingGoal) -> dict[str, Figures]:
    """Each unit's own staff and those who are done, by the unit's path."""
    members = Membership.objects.open().for_units(units).order_by()
    end = timezone.make_aware(
        datetime.datetime.combine(goal.due_on + datetime.timedelta(days=1), datetime.time.min)
    )
    done = members
    for course in goal.courses.all():
        done = done.filter(
            Exists(
                Enrolment.objects.filter(
                    user=OuterRef("user"),
                    course_key=course.course_key,
                    completion__completed_at__lt=end,
                )
            )
        )
    finished = dict(done.values_list("unit__path").annotate(count=Count("pk")))
    staff = members.values_list("unit__path").annotate(count=Count("pk"))
    return {path: Figures(staff=count, completed=finished.get(path, 0)) for path, count in staff}


def _view(
    goal: TrainingGoal,
    scope: Scope,
    unit: UnitNode | None,
    own: dict[str, Figures],
    courses: dict[UUID, str],
) -> GoalView:
    rolled = roll_up(
        {node.path: own.get(node.path, NOTHING) for node in scope.nodes}, step=Unit.steplen
    )
    tops = [unit] if unit else list(scope.tops)
    total = sum((rolled[node.path] for node in tops), NOTHING)

    def target(percent: int, due_on: datetime.date, figures: Figures) -> Target:
        return Target(percent, due_on, figures.staff, figures.completed)

    lines = [
        GoalLine(node, target(goal.target_percent, goal.due_on, rolled[node.path]))
        for node in scope.children(unit)
        if rolled[node.path].staff
    ]
    lines.sort(key=lambda line: (-(line.percent or Decimal(0)), line.unit.path))
    steps = [
        *(target(one.percent, one.due_on, total) for one in goal.milestones.all()),
        target(goal.target_percent, goal.due_on, total),
    ]
    return GoalView(
        goal=goal,
        course_titles=tuple(courses.get(course.course_key, "") for course in goal.courses.all()),
        target=steps[-1],
        steps=tuple(steps),
        lines=tuple(lines),
    )
