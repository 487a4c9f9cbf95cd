"""Officers are told of requests that wait, people of answers. No notice names who asked: it would
outlive her erasure."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from learning.notices.actions import Told, tell
from learning.notices.kinds import Kind, register_kind
from learning.organisations.access import MANAGING, current_unit
from learning.organisations.models import Responsibility, Unit
from learning.privacy.models import DataRequest

WAITS, ANSWERED = "data-request", "data-answered"


def register() -> None:
    """Make the kinds known; from the app's `ready`. The law sets the time, so both are required."""
    register_kind(
        Kind(
            slug=WAITS,
            name=_("One of my people asks something about her or his data"),
            subject=_("Request about personal data: answer by {due}"),
            body=_("A request about personal data waits for your answer. It is due by {due}."),
            fields=("due",),
            required=True,
        )
    )
    register_kind(
        Kind(
            slug=ANSWERED,
            name=_("My request about my data was answered"),
            subject=_("Your request was answered: {request}"),
            body=_("Your request was answered: {request}. The answer stands under «My data»."),
            fields=("request",),
            required=True,
        )
    )


def tell_asked(request: DataRequest) -> int:
    """The officers nearest to her learn at once that she asked; how many were told."""
    return _tell(request, "new", nearest_officers(request))


def tell_answered(request: DataRequest) -> int:
    """She learns that there is an answer; what it says stands on her page."""
    with translation.override("vi"):
        facts = {"request": str(request.get_kind_display())}
    told = Told(request.person_id, f"{ANSWERED}:{request.pk}", facts, link=reverse("privacy:mine"))
    return tell(kind=ANSWERED, people=[told])


def tell_due(*, today: datetime.date | None = None) -> int:
    """The job of the morning: what is due today is told to the nearest officers once more, and what
    is late to all above them too. How many notices were new."""
    today = today or timezone.localdate()
    made = 0
    waiting = DataRequest.objects.unanswered()
    for request in waiting.filter(due_on__lte=today).select_related("person", "unit"):
        if request.due_on < today:
            levels = list(officers_upwards(request))
            made += _tell(request, "late", [one for level in levels for one in level])
        else:
            made += _tell(request, "due", nearest_officers(request))
    return made


def nearest_officers(request: DataRequest) -> list[int]:
    """The HR officers of her unit; of the next unit above where there is none but herself."""
    return next(officers_upwards(request), [])


def officers_upwards(request: DataRequest) -> Iterator[list[int]]:
    """The officers who may answer, level by level from her unit to the top, none left empty."""
    unit = current_unit(request.person) or request.unit
    chain: Iterable[Unit] = (
        [*unit.get_ancestors(), unit] if unit is not None else Unit.get_root_nodes()
    )
    held = Responsibility.objects.filter(
        unit__in=[one.pk for one in chain], role__in=MANAGING, user__is_active=True
    ).exclude(user=request.person_id)
    levels: dict[int, list[int]] = {}
    rows: Iterable[Any] = held.on(timezone.localdate()).order_by("-unit__depth", "user")
    for depth, user in rows.values_list("unit__depth", "user"):  # type: ignore[attr-defined]
        levels.setdefault(depth, []).append(user)
    yield from levels.values()


def _tell(request: DataRequest, stage: str, officers: list[int]) -> int:
    link = reverse("privacy:request", args=[request.pk])
    facts = {"due": f"{request.due_on:%d/%m/%Y}"}
    people = [
        Told(officer, f"{WAITS}:{request.pk}:{stage}:{officer}", facts, link=link)
        for officer in dict.fromkeys(officers)
    ]
    return tell(kind=WAITS, people=people)
