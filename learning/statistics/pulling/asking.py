"""A machine's question, inside what its token may see."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.api.models import ApiToken
from learning.api.problems import ProblemError
from learning.organisations.models import Unit
from learning.statistics.filters import Filters, choose
from learning.statistics.moments import Moment
from learning.statistics.scope import Scope, UnitNode, get_scope, get_scope_on
from learning.statistics.subjects import subjects


def read_question(
    token: ApiToken,
    *,
    course: str,
    unit: str,
    since: datetime.date | None,
    to: datetime.date | None,
    by: str,
    status: str = "",
) -> Filters:
    """The question as the screens ask it. Raises `ProblemError` for what cannot be asked.

    `unit` is a code, of the token's unit or one below it (empty: the token's); what lies outside
    is not there.
    """
    today = timezone.localdate()
    day = min(to or today, today)
    if since and since > day:
        raise ProblemError(
            422, _("The request is not as it should be"), _("The period ends before it begins.")
        )
    moment = Moment(today=today, day=day, by=by, start=since)
    choices = subjects()
    if course and course not in choices:
        raise ProblemError(404, _("There is no such course"))
    scope = _scope(token, moment)
    return Filters(
        scope=scope,
        subjects=choices,
        subject=choose(course, choices),
        unit=_unit(token, scope, unit),
        moment=moment,
        status=status,
    )


def _scope(token: ApiToken, moment: Moment) -> Scope:
    maker: Any = token.made_by
    if moment.by_units_then:
        return get_scope_on(maker, day=moment.day)
    return get_scope(maker, today=moment.today)


def _unit(token: ApiToken, scope: Scope, code: str) -> UnitNode:
    top = scope.by_pk.get(token.unit_id)
    if top is None:
        raise ProblemError(404, _("The token's unit did not exist on that day"))
    if not code:
        return top
    found = Unit.objects.filter(code=code).values_list("pk", flat=True).first()
    node = scope.by_pk.get(found or 0)
    if node is None or not node.path.startswith(top.path):
        raise Http404
    return node
