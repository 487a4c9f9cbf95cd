"""Writing what is kept: again for what is marked, anew for everything, and looked over."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from learning.enrolments.models import Enrolment, TrainingGoal
from learning.statistics.summary.counting import (
    count_days,
    count_figures,
    count_goal,
    count_staff,
)
from learning.statistics.summary.models import (
    KeptDay,
    KeptFigures,
    KeptGoal,
    KeptSet,
    KeptStaff,
    Mark,
    Turn,
)

# Marks looked at and units counted in one transaction: writers wait for no longer than that.
MARKS, UNITS = 20_000, 400
FIGURES = (
    *("assigned", "not_started", "in_progress", "completed", "exempt", "timed", "on_time"),
    *("certificates", "hours", "dues", "scores", "attempts"),
)


@dataclass(frozen=True)
class Wrong:
    """Where what is kept isn't what the facts say."""

    table: str
    unit_id: int
    about: str
    figure: str
    kept: Any
    counted: Any


def refresh() -> int:
    """Count again what is marked; how many pairs of unit and course. May run at any time."""
    done = 0
    while portion := _refresh_some():
        done += portion
    _keep_new_sets()
    return done


@transaction.atomic
def _refresh_some() -> int:
    """One portion of marks. Only marks that were seen go: what comes meanwhile leaves its own."""
    _take_turn()
    marks = list(Mark.objects.order_by("pk")[:MARKS])
    by_course: dict[UUID | None, set[int]] = defaultdict(set)
    for mark in marks:
        by_course[mark.course_key].add(mark.unit_id)
    kept: list[int] = []
    pairs = 0
    for course, units in by_course.items():
        chosen = set(sorted(units)[: UNITS - pairs])
        if not chosen:
            continue
        _count_again(course, chosen)
        pairs += len(chosen)
        kept += [m.pk for m in marks if m.course_key == course and m.unit_id in chosen]
    for start in range(0, len(kept), 500):
        Mark.objects.filter(pk__in=kept[start : start + 500]).delete()
    return pairs


def _take_turn() -> None:
    """Two who count again take turns: else the earlier count could be written last."""
    Turn.objects.get_or_create(pk=1)
    Turn.objects.select_for_update().get(pk=1)
    Turn.objects.filter(pk=1).update(taken_at=timezone.now())


def _count_again(course: UUID | None, units: Collection[int]) -> None:
    if course is None:
        _replace(KeptStaff, KeptStaff.objects.filter(unit_id__in=units), count_staff(units))
    else:
        mine = {"course_key": course, "unit_id__in": units}
        _replace(KeptFigures, KeptFigures.objects.filter(**mine), count_figures(course, units))
        _replace(KeptDay, KeptDay.objects.filter(**mine), count_days(course, units))
    for courses in KeptSet.objects.values_list("courses", flat=True):
        if course is None or str(course) in courses:
            kept = KeptGoal.objects.filter(courses=courses, unit_id__in=units)
            _replace(KeptGoal, kept, count_goal(courses, units))


def _replace(model: Any, old: Any, new: Iterable[Any]) -> None:
    old.delete()
    model.objects.bulk_create(new, batch_size=500)


@transaction.atomic
def rebuild() -> None:
    """Everything anew, from the facts alone."""
    _take_turn()
    # Marks that came before the counting begins are met by it; later ones stay.
    last = Mark.objects.order_by("-pk").values_list("pk", flat=True).first()
    if last:
        Mark.objects.filter(pk__lte=last).delete()
    for model in (KeptFigures, KeptDay, KeptStaff, KeptGoal, KeptSet):
        model.objects.all().delete()
    for course in courses_with_people():
        KeptFigures.objects.bulk_create(count_figures(course), batch_size=500)
        KeptDay.objects.bulk_create(count_days(course), batch_size=2000)
    KeptStaff.objects.bulk_create(count_staff(), batch_size=500)
    for courses in sets_of_goals():
        _keep_set(courses)


def _keep_new_sets() -> None:
    """What a goal asks for since lately is kept from now on, what none asks for no longer."""
    wanted = set(sets_of_goals())
    known = set(KeptSet.objects.values_list("courses", flat=True))
    if wanted == known:
        return
    with transaction.atomic():
        _take_turn()
        for courses in wanted - known:
            _keep_set(courses)
        KeptSet.objects.filter(courses__in=known - wanted).delete()
        KeptGoal.objects.filter(courses__in=known - wanted).delete()


def _keep_set(courses: str) -> None:
    KeptGoal.objects.filter(courses=courses).delete()
    KeptGoal.objects.bulk_create(count_goal(courses), batch_size=2000)
    KeptSet.objects.get_or_create(courses=courses)


def courses_with_people() -> list[UUID]:
    """The courses anybody is enrolled in, each found by one look into the index."""
    found: list[UUID] = []
    enrolled = Enrolment.objects.order_by("course_key").values_list("course_key", flat=True)
    while (after := enrolled.filter(course_key__gt=found[-1]) if found else enrolled)[:1]:
        found.append(after[0])
    return found


def set_of(keys: Iterable[UUID]) -> str:
    """A set of courses as it is kept."""
    return ",".join(sorted(str(key) for key in keys))


def sets_of_goals() -> set[str]:
    """The sets that training goals ask for."""
    goals = TrainingGoal.objects.prefetch_related("courses")
    asked = (set_of(one.course_key for one in goal.courses.all()) for goal in goals)
    return {courses for courses in asked if courses}


def check() -> Iterator[Wrong]:
    """What is kept, unmarked, and isn't what the facts say. Nothing is changed."""
    marked = set(Mark.objects.values_list("unit_id", "course_key"))
    for course in {*courses_with_people(), *_kept_courses()}:
        yield from _compare(
            "figures",
            str(course),
            KeptFigures.objects.filter(course_key=course),
            count_figures(course),
            key=lambda row: (row.unit_id,),
            names=FIGURES,
            marked={unit for unit, key in marked if key == course},
        )
        yield from _compare(
            "days",
            str(course),
            KeptDay.objects.filter(course_key=course),
            count_days(course),
            key=lambda row: (row.unit_id, row.day),
            names=("assigned", "completed"),
            marked={unit for unit, key in marked if key == course},
        )
    yield from _compare(
        "staff",
        "",
        KeptStaff.objects.all(),
        count_staff(),
        key=lambda row: (row.unit_id,),
        names=("staff",),
        marked={unit for unit, key in marked if key is None},
    )
    for courses in KeptSet.objects.values_list("courses", flat=True):
        yield from _compare(
            "goals",
            courses,
            KeptGoal.objects.filter(courses=courses),
            count_goal(courses),
            key=lambda row: (row.unit_id, row.day or datetime.date.min),
            names=("done",),
            marked={unit for unit, key in marked if key is None or str(key) in courses},
        )


def _kept_courses() -> set[UUID]:
    return set(KeptFigures.objects.order_by().values_list("course_key", flat=True).distinct())


def _compare(
    table: str,
    about: str,
    kept: Iterable[Any],
    counted: Iterable[Any],
    *,
    key: Any,
    names: Collection[str],
    marked: Collection[int],
) -> Iterator[Wrong]:
    old = {key(row): row for row in kept}
    new = {key(row): row for row in counted}
    for place in sorted(old.keys() | new.keys()):
        if place[0] in marked:
            continue
        for name in names:
            mine, theirs = (getattr(rows.get(place), name, None) or 0 for rows in (old, new))
            if mine != theirs:
                yield Wrong(table, place[0], about, name, mine, theirs)
