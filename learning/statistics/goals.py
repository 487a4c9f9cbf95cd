"""How far units are towards training goals, and what is missing by when.

Of the staff (people with an open membership today), done has who has completed every course of
the goal by the end of the day in question. What a target needs is rounded up to a whole person.

A forecast goes on from a unit's own pace: as many people a day as completed in the last 28 days.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from learning.enrolments.models import TrainingGoal
from learning.organisations.models import Unit
from learning.statistics.figures import NOTHING, Figures, percent_of, roll_up
from learning.statistics.scope import Scope, UnitNode
from learning.statistics.summary.reading import read_goal, read_staff
from learning.statistics.summary.units import UnitsAsked, all_units, units_asked

# Four whole weeks, so that no weekday counts more often than another.
PACE_DAYS = 28


@dataclass(frozen=True)
class Target:
    """A share of the staff to be reached by a day, and what it asks of these people.

    `percent` is of the staff, `staff` and `done` count people.
    """

    percent: int
    due_on: datetime.date
    staff: int
    done: int
    # Of those done, who came to it in the last `PACE_DAYS`.
    lately: int = 0

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

    def forecast(self, today: datetime.date) -> Forecast | None:
        """Where it ends at the present pace; None when it is reached or over, or of nobody."""
        days = self.days_left(today)
        if self.reached or days < 0 or not self.staff:
            return None
        by_due = min(self.staff, self.done + self.lately * days // PACE_DAYS)
        needs_days = -(-self.missing * PACE_DAYS // self.lately) if self.lately else None
        # Farther than any plan reaches is told as never.
        far = needs_days is None or needs_days > _FAR_DAYS
        return Forecast(
            by_due=by_due,
            percent=percent_of(by_due, self.staff),
            reached_on=None if far else today + datetime.timedelta(days=needs_days or 0),
            in_time=by_due >= self.needed,
        )


_FAR_DAYS = 3650


@dataclass(frozen=True)
class Forecast:
    """People done by the target's day and their share of the staff; the day it would be reached.

    `reached_on` is None where nobody came to it lately, or not within ten years.
    """

    by_due: int
    percent: Decimal | None
    reached_on: datetime.date | None
    in_time: bool


@dataclass(frozen=True)
class GoalLine:
    """One unit's people towards a goal."""

    unit: UnitNode
    target: Target
    forecast: Forecast | None = None

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
    forecast: Forecast | None = None

    @property
    def percent(self) -> Decimal | None:
        """Done of the staff, in percent to one place."""
        return percent_of(self.target.done, self.target.staff)

    @property
    def next_step(self) -> Target | None:
        """The first milestone that is not reached."""
        return next((step for step in self.steps if not step.reached), None)


def goal_views(
    *, scope: Scope, unit: UnitNode | None, courses: dict[UUID, str], today: datetime.date
) -> list[GoalView]:
    """The goals that concern units of the scope, the next due first.

    Some queries a goal, and four in all besides, however many units and people there are.
    """
    goals = TrainingGoal.objects.prefetch_related("courses", "milestones", "units")
    asked = units_asked(scope, unit)
    views = []
    for goal in goals.order_by("due_on", "pk"):
        tops = tuple(one.path for one in goal.units.all())
        meant = [
            node
            for node in scope.nodes
            if node.pk in asked and (not tops or node.path.startswith(tops))
        ]
        by_unit = _own_figures(asked, goal, today)
        own = {node.path: by_unit[node.pk] for node in meant if node.pk in by_unit}
        if tops and not own:
            continue
        views.append(_view(goal, scope, unit, own, courses, today))
    return views


def city_progress(goal: TrainingGoal, *, today: datetime.date) -> Target:
    """How far everyone a goal means is, for the campaign page."""
    own = _own_figures(all_units(), goal, today)
    tops = [one.path for one in goal.units.all()]
    if tops:
        within = Unit.objects.all().within(*(Unit(path=path) for path in tops))
        meant = set(within.order_by().values_list("pk", flat=True))
        own = {pk: figures for pk, figures in own.items() if pk in meant}
    return _target(goal.target_percent, goal.due_on, sum(own.values(), NOTHING))


def _target(percent: int, due_on: datetime.date, figures: Figures) -> Target:
    return Target(percent, due_on, figures.staff, figures.completed, figures.new_completed)


def _own_figures(units: UnitsAsked, goal: TrainingGoal, today: datetime.date) -> dict[int, Figures]:
    """Each unit's own staff, those who are done and of these the late comers."""
    before = min(goal.due_on, today - datetime.timedelta(days=PACE_DAYS))
    keys = [course.course_key for course in goal.courses.all()]
    finished, earlier = read_goal(units=units, course_keys=keys, days=[goal.due_on, before])
    return {
        pk: Figures(
            staff=count,
            completed=finished.get(pk, 0),
            new_completed=finished.get(pk, 0) - earlier.get(pk, 0),
        )
        for pk, count in read_staff(units).items()
    }


def _view(
    goal: TrainingGoal,
    scope: Scope,
    unit: UnitNode | None,
    own: dict[str, Figures],
    courses: dict[UUID, str],
    today: datetime.date,
) -> GoalView:
    rolled = roll_up(
        {node.path: own.get(node.path, NOTHING) for node in scope.nodes}, step=Unit.steplen
    )
    tops = [unit] if unit else list(scope.tops)
    total = sum((rolled[node.path] for node in tops), NOTHING)
    lines = []
    for node in scope.children(unit):
        if rolled[node.path].staff:
            target = _target(goal.target_percent, goal.due_on, rolled[node.path])
            lines.append(GoalLine(node, target, target.forecast(today)))
    lines.sort(key=lambda line: (-(line.percent or Decimal(0)), line.unit.path))
    steps = [
        *(_target(one.percent, one.due_on, total) for one in goal.milestones.all()),
        _target(goal.target_percent, goal.due_on, total),
    ]
    return GoalView(
        goal=goal,
        course_titles=tuple(courses.get(course.course_key, "") for course in goal.courses.all()),
        target=steps[-1],
        steps=tuple(steps),
        lines=tuple(lines),
        forecast=steps[-1].forecast(today),
    )
