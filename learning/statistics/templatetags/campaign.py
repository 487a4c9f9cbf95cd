"""The city's progress on the campaign page, where the department wants it shown."""

from __future__ import annotations

import datetime
from typing import Any

from django import template
from django.core.cache import cache
from django.utils import timezone

from learning.enrolments.models import TrainingGoal
from learning.statistics.figures import percent_of
from learning.statistics.goals import city_progress
from learning.statistics.small import SMALL

register = template.Library()

KEY, SECONDS = "statistics:campaign-goals", 600


@register.inclusion_tag("statistics/campaign_goals.html")
def campaign_goals() -> dict[str, Any]:
    """Goals that may be shown and are not over, counted at most every ten minutes.

    Sums of all whom a goal asks: they tell nothing of anybody, and a goal that asks fewer than
    `SMALL` people is not shown.
    """
    today = timezone.localdate()
    lines = cache.get(KEY)
    if lines is None:
        shown = TrainingGoal.objects.filter(on_campaign=True, due_on__gte=today)
        goals = shown.prefetch_related("courses", "units").order_by("due_on", "pk")
        every = [_line(goal, today) for goal in goals]
        lines = [line for line in every if line["target"].staff >= SMALL]
        cache.set(KEY, lines, SECONDS)
    return {"lines": lines}


def _line(goal: TrainingGoal, today: datetime.date) -> dict[str, Any]:
    target = city_progress(goal, today=today)
    return {
        "name": goal.name,
        "decision": goal.decision,
        "target": target,
        "percent": percent_of(target.done, target.staff),
        # For the bar alone; the number beside it is the exact one.
        "share": min(100, target.done * 100 // target.staff) if target.staff else 0,
    }
