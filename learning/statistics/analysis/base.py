"""The people a screen here is about: those the overview counts as assigned."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery

from learning.statistics.filters import Filters
from learning.statistics.moments import Moment


def assigned(filters: Filters) -> Any:
    """The enrolments of the unit and those below it, in no order."""
    units = filters.scope.query(filters.unit)
    found = filters.moment.enrolments(units).filter(course_key__in=filters.course_keys)
    return found.order_by()


def with_position(found: Any, moment: Moment) -> Any:
    """The enrolments with the position of the place where the person works, or worked then."""
    place = moment.members().filter(user=OuterRef("user_id")).order_by("-started_on", "-pk")
    return found.annotate(position=Subquery(place.values("position")[:1]))
