"""Once a week every HR officer is told how far her units are: one notice, and one letter."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models.functions import Lower
from django.http import Http404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.courses.queries import course_choices
from learning.enrolments.reminding.now import SOON_DAYS, to_remind
from learning.notices.actions import Told, tell
from learning.notices.kinds import Kind, register_kind
from learning.notices.models import DeadAddress
from learning.organisations.access import MANAGING, units_managed_by
from learning.organisations.models import Membership, Responsibility
from learning.statistics.figures import Figures
from learning.statistics.filters import Filters
from learning.statistics.moments import By, Moment
from learning.statistics.queries import get_report
from learning.statistics.scope import Scope, get_scope, get_scope_on
from learning.statistics.subjects import Subject

DIGEST = "weekly-digest"
MONDAY = 0
# A Monday on which no worker ran is made up for within so many days.
LATE_DAYS = 2


def register() -> None:
    """Make the kind known; from the app's `ready`."""
    register_kind(
        Kind(
            slug=DIGEST,
            name=gettext_lazy("Every week: how far my units are"),
            subject=gettext_lazy("{unit}: learning in the week to {week}"),
            body=gettext_lazy("How far the units are that you answer for:\n\n{figures}\n\n{todo}"),
            fields=("unit", "week", "figures", "todo"),
        )
    )


def tell_weekly(*, today: datetime.date | None = None) -> int:
    """Tell each officer once a week, on Monday or the days after a missed one; how many were told.

    Who has nothing assigned in her units is told nothing: an empty letter teaches not to read them.
    """
    today = today or timezone.localdate()
    monday = today - datetime.timedelta(days=today.weekday())
    if (today - monday).days > LATE_DAYS:
        return 0
    with translation.override("vi"):
        return tell(kind=DIGEST, people=_told(monday, today))


def _told(monday: datetime.date, today: datetime.date) -> Iterator[Told]:
    held = Responsibility.objects.filter(role__in=MANAGING).on(today)
    officers = get_user_model()._default_manager.filter(pk__in=held.values("user"), is_active=True)
    for officer in officers.order_by("pk").iterator():
        facts = digest_of(officer, monday=monday, today=today)
        if facts:
            key = f"{DIGEST}:{officer.pk}:{monday:%Y%m%d}"
            yield Told(officer.pk, key, facts, reverse("statistics:overview"))


def digest_of(officer: Any, *, monday: datetime.date, today: datetime.date) -> dict[str, str]:
    """The facts of her letter; empty where nothing is assigned. Figures are those of the screen."""
    try:
        scope = get_scope(officer, today=today)
    except Http404:
        return {}
    courses = dict(course_choices())
    lines = []
    for key, title in courses.items():
        now = _total(scope, courses, key, Moment(today=today, day=today))
        if now.assigned:
            gained = now.completed - _before(officer, courses, key, monday, today).completed
            lines.append(_line(title, now, gained))
    if not lines:
        return {}
    return {
        "unit": " · ".join(top.label for top in scope.tops[:3]),
        "week": f"{monday - datetime.timedelta(days=1):%d/%m/%Y}",
        "figures": "\n".join(lines),
        "todo": "\n".join(_todo(officer, today)),
    }


def _total(scope: Scope, courses: dict[Any, str], key: Any, moment: Moment) -> Figures:
    subject = Subject(str(key), courses[key], {key: courses[key]})
    filters = Filters(scope=scope, subjects={}, subject=subject, unit=None, moment=moment)
    return get_report(filters).total


def _before(
    officer: Any, courses: dict[Any, str], key: Any, monday: datetime.date, today: datetime.date
) -> Figures:
    """A week before, by the units of that day: who came in the meantime brings what she had."""
    day = monday - datetime.timedelta(days=8)
    try:
        scope = get_scope_on(officer, day=day)
    except Http404:
        return Figures()
    return _total(scope, courses, key, Moment(today=today, day=day, by=By.THEN))


def _line(title: str, now: Figures, gained: int) -> str:
    told = {
        "course": title,
        "completed": number_format(now.completed, use_l10n=True),
        "assigned": number_format(now.assigned, use_l10n=True),
        "rate": number_format(now.rate or 0, use_l10n=True),
    }
    line = _("%(course)s: %(completed)s of %(assigned)s completed (%(rate)s %%)") % told
    if gained > 0:
        line += _(", %(n)s more than a week before") % {"n": number_format(gained)}
    if now.overdue:
        line += _("; %(n)s overdue") % {"n": number_format(now.overdue)}
    return line


def _todo(officer: Any, today: datetime.date) -> Iterator[str]:
    """What she can do something about."""
    due = to_remind(officer=officer, today=today).filter(due_on__gte=today).count()
    if due:
        yield _("%(n)s due within %(days)s days.") % {"n": number_format(due), "days": SOON_DAYS}
    silent = _unreached(officer)
    if silent:
        yield _("%(n)s people have an e-mail address that reaches nobody: correct it.") % {
            "n": number_format(silent)
        }
    yield _("Remind people, or take a text for Zalo: %(page)s") % {"page": _("Remind people")}


def _unreached(officer: Any) -> int:
    """People of her units whose address mail came back from."""
    working = Membership.objects.filter(
        ended_on__isnull=True, unit__in=units_managed_by(officer).order_by().values("pk")
    )
    return (
        working.annotate(address=Lower("user__email"))
        .filter(address__in=DeadAddress.objects.values("address"))
        .count()
    )
