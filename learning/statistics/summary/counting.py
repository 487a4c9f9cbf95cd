"""Counting what is kept, from the facts of today: a few queries a course, grouped by unit."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Greatest, TruncDate

from learning.certificates.models import Certificate
from learning.courses.origins import origin_of, origin_of_final
from learning.courses.queries import course_choices, get_course_keys
from learning.enrolments.models import Enrolment
from learning.organisations.models import Membership
from learning.progress.models import CourseCompletion
from learning.statistics.summary.models import KeptDay, KeptFigures, KeptGoal, KeptStaff

# Units named one by one in a query; all of them are not named at all.
Units = Collection[int] | None


def _in(units: Units, path: str = "unit_id") -> Q:
    return Q(**{f"{path}__isnull": False}) if units is None else Q(**{f"{path}__in": units})


def count_figures(course_key: UUID, units: Units = None) -> list[KeptFigures]:
    """The rows of these units (None: of all) in a course, not saved; none where nobody is."""
    of_course = Enrolment.objects.counted().filter(_in(units), course_key=course_key).order_by()
    done, open_ = Q(completion__isnull=False), Q(completion__isnull=True)
    unfinished = open_ & Q(exempt_on__isnull=True)
    found: dict[int, KeptFigures] = {}
    counts = of_course.values("unit_id").annotate(
        assigned=Count("pk"),
        not_started=Count("pk", filter=unfinished & Q(started_at__isnull=True)),
        in_progress=Count("pk", filter=unfinished & Q(started_at__isnull=False)),
        completed=Count("pk", filter=done),
        exempt=Count("pk", filter=open_ & Q(exempt_on__isnull=False)),
        timed=Count("pk", filter=done & Q(due_on__isnull=False)),
        on_time=Count("pk", filter=done & Q(completion__completed_at__date__lte=F("due_on"))),
        hours=Sum("completion__hours", default=Decimal(0)),
    )
    for row in counts:
        found[row["unit_id"]] = KeptFigures(course_key=course_key, **row)
    dues = of_course.filter(unfinished, due_on__isnull=False).values_list("unit_id", "due_on")
    for unit, day, count in dues.annotate(count=Count("pk")):
        found[unit].dues[day.isoformat()] = count
    scored = of_course.filter(completion__percent__isnull=False)
    scores = scored.values_list("unit_id", "completion__percent").annotate(count=Count("pk"))
    for unit, percent, count in scores:
        found[unit].scores[f"{percent:.2f}"] = count
    valid = Certificate.objects.filter(
        _in(units, "enrolment__unit_id"),
        status="valid",
        enrolment__course_key=course_key,
        enrolment__is_current=True,
        enrolment__withdrawn_on__isnull=True,
    ).order_by()
    # As on the screens, enrolments with a certificate are counted, and not certificates.
    held = valid.values_list("enrolment__unit_id")
    for unit, count in held.annotate(count=Count("enrolment_id", distinct=True)):
        found[unit].certificates = count
    handed_in = of_course.filter(
        Q(round=1) | Q(user__attempts__started_at__gte=F("created_at")),
        user__attempts__submitted_at__isnull=False,
        user__attempts__practice=False,
    )
    # Left out here: to exclude them in the query would exclude people who have any of them.
    others = _of_others(course_key)
    attempts = handed_in.values_list("unit_id", "user__attempts__origin")
    for unit, origin, count in attempts.annotate(count=Count("user__attempts")):
        if origin not in others:
            found[unit].attempts[origin] = count
    return list(found.values())


def _of_others(course_key: UUID) -> set[str]:
    """Origins that belong to other courses. All others are kept: what is unpublished now has its
    attempts again when it is published."""
    modules = [key for key, course in get_course_keys().items() if course != course_key]
    finals = [key for key, _title in course_choices() if key != course_key]
    return {"", *map(origin_of, modules), *map(origin_of_final, finals)}


def count_days(course_key: UUID, units: Units = None) -> list[KeptDay]:
    """The days of these units in a course on which somebody was enrolled or completed."""
    of_course = Enrolment.objects.counted().filter(_in(units), course_key=course_key).order_by()
    found: dict[tuple[int, datetime.date], KeptDay] = {}

    def row(unit: int, day: datetime.date) -> KeptDay:
        made = KeptDay(unit_id=unit, course_key=course_key, day=day)
        return found.setdefault((unit, day), made)

    came = of_course.values_list("unit_id", TruncDate("created_at"))
    for unit, day, count in came.annotate(count=Count("pk")):
        row(unit, day).assigned = count
    completed = CourseCompletion.objects.filter(
        _in(units, "enrolment__unit_id"),
        enrolment__course_key=course_key,
        enrolment__is_current=True,
        enrolment__withdrawn_on__isnull=True,
    ).order_by()
    done = completed.values_list("enrolment__unit_id", TruncDate("completed_at"))
    for unit, day, count in done.annotate(count=Count("pk")):
        row(unit, day).completed = count
    return list(found.values())


def count_staff(units: Units = None) -> list[KeptStaff]:
    """The open memberships of these units."""
    members = Membership.objects.open().filter(_in(units)).order_by()
    counted = members.values_list("unit_id").annotate(count=Count("pk"))
    return [KeptStaff(unit_id=unit, staff=count) for unit, count in counted]


def count_goal(courses: str, units: Units = None) -> list[KeptGoal]:
    """On which days the staff of these units completed the last of a set of courses, and in all."""
    keys = [UUID(key) for key in courses.split(",")]
    members = Membership.objects.open().filter(_in(units)).order_by()
    ends = {f"end_{place}": _first_completion(key) for place, key in enumerate(keys)}
    members = members.annotate(**ends).filter(**{f"{name}__isnull": False for name in ends})
    last = Greatest(*ends) if len(ends) > 1 else F("end_0")
    days = members.annotate(day=TruncDate(last)).values_list("unit_id", "day")
    found = [
        KeptGoal(unit_id=unit, courses=courses, day=day, done=count)
        for unit, day, count in days.annotate(count=Count("pk"))
    ]
    whole: Counter[int] = Counter()
    for row in found:
        whole[row.unit_id] += row.done
    found += [KeptGoal(unit_id=unit, courses=courses, done=sum_) for unit, sum_ in whole.items()]
    return found


def _first_completion(course_key: UUID) -> Subquery:
    """When the person completed the course first, in whichever round."""
    mine = CourseCompletion.objects.filter(
        enrolment__user=OuterRef("user"), enrolment__course_key=course_key
    )
    return Subquery(mine.order_by("completed_at").values("completed_at")[:1])
