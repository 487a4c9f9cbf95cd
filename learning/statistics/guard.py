"""The door of every screen here: a question inside the reader's scope, and its period."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learning.statistics.filters import (
    EndsBeforeItBeginsError,
    NotADayError,
    read_filters,
    read_moment,
)
from learning.statistics.moments import Moment
from learning.statistics.scope import get_scope, get_scope_on


def for_hr(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Hand the view a question inside the reader's scope; 404 for who is responsible for none."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        today = timezone.localdate()
        moment = _moment(request, today)
        if view.__name__ == "goals":
            moment = Moment(today=today, day=today)
        if moment.by_units_then:
            scope = get_scope_on(request.user, day=moment.day)
        else:
            scope = get_scope(request.user, today=today)
        return view(request, read_filters(request, scope=scope, moment=moment), **kwargs)

    return require_safe(never_cache(login_required(guarded)))


def _moment(request: HttpRequest, today: datetime.date) -> Moment:
    """The period asked for; one that can't be read is told, and today's figures are shown."""
    try:
        return read_moment(request, today=today)
    except NotADayError as error:
        told = _("«%(day)s» is no day. Write it as dd/mm/yyyy. The figures are those of today.")
        messages.error(request, told % {"day": error})
    except EndsBeforeItBeginsError as error:
        start, end = (f"{day:%d/%m/%Y}" for day in error.args)
        told = _(
            "The period ends on %(end)s, before it begins on %(start)s. "
            "The figures are those of today."
        )
        messages.error(request, told % {"end": end, "start": start})
    return Moment(today=today, day=today)
