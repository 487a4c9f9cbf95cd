"""Reads for the officers' screens."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.enrolments.access import assignments_seen
from learning.enrolments.assigning.audience import members_meant
from learning.enrolments.assigning.rounds import Window, preview, window_on
from learning.enrolments.models import Assignment, Audience, Enrolment, Repeats
from learning.organisations.access import units_of_hr
from learning.organisations.models import Membership, UnitKind
from learning.privacy.queries import restricted_people

SAMPLE = 8
UNFINISHED = Q(completion__isnull=True, exempt_on__isnull=True)
# State in the address → name and condition; `today` is put in where it is needed.
STATES = ("chua-hoc", "dang-hoc", "hoan-thanh", "duoc-mien", "qua-han")


@dataclass(frozen=True)
class Line:
    """An assignment on the list, with figures of the people the reader may see."""

    assignment: Assignment
    course_title: str
    people: int
    completed: int
    exempt: int
    overdue: int
    state: str


@dataclass(frozen=True)
class Meant:
    """Before saving: how many people, the first of them, and the dates that follow."""

    count: int
    sample: list[Membership]
    rounds: list[Window]
    enrolled: int


def assignment_lines(
    user: Any, *, courses: dict[UUID, str], today: datetime.date, ended: bool = False
) -> list[Line]:
    """The assignments that concern her units, those in force or the ended; two queries."""
    units = units_of_hr(user).order_by().values("pk")
    counted = Q(
        enrolments__is_current=True,
        enrolments__withdrawn_on__isnull=True,
        enrolments__unit__in=units,
    )
    unfinished = counted & Q(
        enrolments__completion__isnull=True, enrolments__exempt_on__isnull=True
    )
    done = counted & Q(enrolments__completion__isnull=False)
    exempt = counted & Q(enrolments__completion__isnull=True, enrolments__exempt_on__isnull=False)
    found = (
        assignments_seen(user)
        .filter(ended_on__isnull=not ended)
        .select_related("unit")
        .annotate(
            n_people=Count("enrolments", filter=counted),
            n_completed=Count("enrolments", filter=done),
            n_exempt=Count("enrolments", filter=exempt),
            n_overdue=Count("enrolments", filter=unfinished & Q(enrolments__due_on__lt=today)),
        )
        .order_by("-created_at", "-pk")
    )
    return [
        Line(
            assignment=one,
            course_title=courses.get(one.course_key, _("A course that is not published")),
            people=one.n_people,
            completed=one.n_completed,
            exempt=one.n_exempt,
            overdue=one.n_overdue,
            state=_state(one, today),
        )
        for one in found
    ]


def _state(assignment: Assignment, today: datetime.date) -> str:
    if assignment.ended_on is not None:
        return "ended"
    return "open" if assignment.is_open(on=today) else "waiting"


def look_ahead(assignment: Assignment, people: list[int] | None) -> Meant:
    """Whom the assignment would mean and when, without writing anything."""
    members = members_meant(assignment)
    if assignment.audience == Audience.LIST and people is not None:
        members = Membership.objects.open().filter(user__in=people)
    held = Enrolment.objects.counted().filter(
        course_key=assignment.course_key, user__in=members.order_by().values("user")
    )
    return Meant(
        count=members.count(),
        sample=list(members.select_related("user", "unit").order_by("user__name_sort")[:SAMPLE]),
        rounds=preview(assignment),
        enrolled=held.count(),
    )


def people_of(
    enrolments: QuerySet[Enrolment, Any], *, state: str, today: datetime.date
) -> QuerySet[Enrolment, Any]:
    """The enrolments in one state (empty: all), with what the list shows, by given name.

    Whose data is restricted is counted and not listed.
    """
    conditions = {
        "chua-hoc": UNFINISHED & Q(started_at__isnull=True),
        "dang-hoc": UNFINISHED & Q(started_at__isnull=False),
        "hoan-thanh": Q(completion__isnull=False),
        "duoc-mien": Q(completion__isnull=True, exempt_on__isnull=False),
        "qua-han": UNFINISHED & Q(due_on__lt=today),
    }
    return (
        enrolments.filter(conditions.get(state, Q()))
        .exclude(user__in=restricted_people())
        .select_related("user", "unit", "completion")
        .order_by("user__name_sort", "pk")
    )


def counts_of(enrolments: QuerySet[Enrolment, Any], *, today: datetime.date) -> dict[str, int]:
    """How many stand in each state, and `all`; one query."""
    return enrolments.aggregate(
        all=Count("pk"),
        not_started=Count("pk", filter=UNFINISHED & Q(started_at__isnull=True)),
        in_progress=Count("pk", filter=UNFINISHED & Q(started_at__isnull=False)),
        completed=Count("pk", filter=Q(completion__isnull=False)),
        exempt=Count("pk", filter=Q(completion__isnull=True, exempt_on__isnull=False)),
        overdue=Count("pk", filter=UNFINISHED & Q(due_on__lt=today)),
    )


def window_shown(assignment: Assignment, today: datetime.date) -> Window:
    """The round that is on, or the first one to come."""
    return window_on(assignment, today) or preview(assignment, most=1)[0]


def in_words(assignment: Assignment, today: datetime.date) -> list[tuple[str, str]]:
    """The assignment's terms as name and text, for a person to read."""
    window = window_shown(assignment, today)
    rows = [
        (_("For whom"), _audience(assignment)),
        (_("Obligation"), _("Required") if assignment.required else _("Optional")),
        (_("Opens on"), _date(window.opens_on) or _("at once")),
        (_("Due date"), _date(window.due_on) or _("none")),
    ]
    if assignment.due_days:
        text = ngettext("%d day", "%d days", assignment.due_days) % assignment.due_days
        rows.append((_("For who comes later"), text))
    if assignment.repeats != Repeats.NEVER:
        rows.append((_("Repeats"), _repeats(assignment)))
    if assignment.counts_since:
        rows.append((_("A completion counts since"), _date(assignment.counts_since)))
    if assignment.goal:
        rows.append((_("Training goal"), str(assignment.goal)))
    return rows


def _audience(assignment: Assignment) -> str:
    match assignment.audience:
        case Audience.KINDS:
            kinds = dict(UnitKind.choices)
            return ", ".join(str(kinds.get(kind, kind)) for kind in assignment.kinds)
        case Audience.POSITIONS:
            return ", ".join(assignment.positions)
        case Audience.LIST:
            return _("A list of people")
    return _("Everyone in the unit and below it")


def _repeats(assignment: Assignment) -> str:
    if assignment.repeats == Repeats.YEARLY:
        return _("every year")
    months = assignment.repeat_months or 0
    return ngettext("%d month after each completion", "%d months after each completion", months) % (
        months
    )


def _date(day: datetime.date | None) -> str:
    return formats.date_format(day, "d/m/Y") if day else ""
