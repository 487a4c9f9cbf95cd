"""The door of every screen here: a question inside the reader's scope, and its period."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learning.statistics.filters import (
    EndsBeforeItBeginsError,
    Filters,
    NotADayError,
    read_filters,
    read_moment,
)
from learning.statistics.moments import Moment
from learning.statistics.scope import Scope, get_scope, get_scope_on


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
        scope = scope_of(request.user, moment)
        return view(request, read_filters(request.GET, scope=scope, moment=moment), **kwargs)

    return require_safe(never_cache(login_required(guarded)))


def scope_of(user: Any, moment: Moment) -> Scope:
    """The units that `user` may ask about. Raises `Http404` for who is responsible for none."""
    if moment.by_units_then:
        return get_scope_on(user, day=moment.day)
    return get_scope(user, today=moment.today)


def moment_of(asked: QueryDict) -> Moment:
    """The period of an address that a screen has made. Raises `Http404` for any other."""
    try:
        return read_moment(asked, today=timezone.localdate())
    except (NotADayError, EndsBeforeItBeginsError):
        raise Http404 from None


def read_question(user: Any, asked: QueryDict) -> Filters:
    """The question of an address that a screen has made, as `user` may ask it today.

    Raises `Http404` for any other, and for what lies outside her scope.
    """
    moment = moment_of(asked)
    return read_filters(asked, scope=scope_of(user, moment), moment=moment)


def _moment(request: HttpRequest, today: datetime.date) -> Moment:
    """The period asked for; one that can't be read is told, and today's figures are shown."""
    try:
        return read_moment(request.GET, today=today)
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
