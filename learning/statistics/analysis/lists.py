"""The lists behind the figures of this package: the same conditions as the counts."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from learning.courses.queries import get_outline
from learning.statistics.analysis.base import with_position
from learning.statistics.analysis.standing import standing_condition
from learning.statistics.filters import Filters
from learning.statistics.moments import Moment
from learning.statistics.narrowing import FINAL, NO_POSITION, Did, Standing
from learning.vietnamese import search_key

WHEN = {
    Did.ASSIGNED: "created_at",
    Did.STARTED: "started_at",
    Did.COMPLETED: "completion__completed_at",
}


def narrow(found: Any, filters: Filters) -> Any:
    """Those of the enrolments whom the question's narrowing means."""
    asked, moment = filters.narrowing, filters.moment
    if asked.did and asked.first and asked.last:
        found = found.filter(moment.between(WHEN[Did(asked.did)], asked.first, asked.last))
    outline = get_outline(filters.course_key) if asked.step and filters.course_key else None
    if outline is not None:
        stands = standing_condition(asked.standing, step=asked.step, outline=outline, moment=moment)
        found = found.filter(*stands)
    return _at_position(found, asked.position, moment) if asked.position else found


def words(filters: Filters) -> str:
    """What the list is narrowed to, for its head; empty for everybody."""
    asked = filters.narrowing
    said = []
    if asked.did and asked.first and asked.last:
        days = f"{asked.first:%d/%m/%Y}"
        if asked.last != asked.first:
            days += f" – {asked.last:%d/%m/%Y}"
        said.append(f"{Did(asked.did).label}: {days}")
    if asked.step:
        outline = get_outline(filters.course_key) if filters.course_key else None
        titles = {str(one.key): one.title for one in outline.modules} if outline else {}
        title = _("Final test") if asked.step == FINAL else titles.get(asked.step, "")
        said.append(f"{title}: {Standing(asked.standing).label}")
    if asked.position == NO_POSITION:
        said.append(_("Without a position"))
    elif asked.position:
        said.append(f"{_('Position')}: {asked.position}")
    return "; ".join(said)


def _at_position(found: Any, key: str, moment: Moment) -> Any:
    """Who has this position, whatever its spelling: one query for the spellings there are."""
    placed = with_position(found, moment)
    if key == NO_POSITION:
        return placed.filter(Q(position__isnull=True) | Q(position=""))
    spellings = set(placed.order_by().values_list("position", flat=True).distinct())
    return placed.filter(position__in=[one for one in spellings if one and search_key(one) == key])
