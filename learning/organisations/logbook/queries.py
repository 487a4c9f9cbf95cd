"""Entries of the audit log within a reader's units, as lines with names."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from learning.audit.models import Entry
from learning.audit.words import act_name
from learning.organisations.access import reads_log_of
from learning.organisations.models import Responsibility, Unit
from learning.vietnamese import search_key

CHUNK = 2000
# A cell of a table is for reading; what is longer stands in the database.
MOST_DETAILS = 1000
# What `details` of entries are called; a test finds one that is missing.
DETAIL_WORDS = {
    "role": pgettext_lazy("log", "role"),
    "starts_on": pgettext_lazy("log", "from"),
    "ends_on": pgettext_lazy("log", "until"),
    "until": pgettext_lazy("log", "until"),
    "reason": pgettext_lazy("log", "reason"),
    "count": pgettext_lazy("log", "number"),
    "file": pgettext_lazy("log", "file"),
    "kind": pgettext_lazy("log", "kind"),
    "old": pgettext_lazy("log", "before"),
    "new": pgettext_lazy("log", "new"),
    "name": pgettext_lazy("log", "name"),
    "how": pgettext_lazy("log", "how"),
    "decision": pgettext_lazy("log", "decision"),
    "day": pgettext_lazy("log", "day"),
    "batch": pgettext_lazy("log", "batch"),
    "version": pgettext_lazy("log", "version"),
    "note": pgettext_lazy("log", "note"),
    "year": pgettext_lazy("log", "year"),
    "change": pgettext_lazy("log", "change"),
    "before": pgettext_lazy("log", "before"),
    "after": pgettext_lazy("log", "after"),
    "into": pgettext_lazy("log", "into"),
    "course": pgettext_lazy("log", "course"),
    "was": pgettext_lazy("log", "was"),
    "scopes": pgettext_lazy("log", "may do"),
    "counts": pgettext_lazy("log", "numbers"),
    "units": pgettext_lazy("log", "units"),
    "names": pgettext_lazy("log", "names"),
    "granted": pgettext_lazy("log", "granted"),
    "late": pgettext_lazy("log", "late"),
    "form": pgettext_lazy("log", "form"),
    "purpose": pgettext_lazy("log", "purpose"),
    "request": pgettext_lazy("log", "request"),
    "kinds": pgettext_lazy("log", "kinds"),
    "removed": pgettext_lazy("log", "removed"),
    "error": pgettext_lazy("log", "error"),
    "why": pgettext_lazy("log", "why"),
    "email": pgettext_lazy("log", "e-mail"),
    "hours": pgettext_lazy("log", "hours"),
    "hours_before": pgettext_lazy("log", "hours before"),
    "claimed": pgettext_lazy("log", "hours handed in"),
}


@dataclass(frozen=True)
class Line:
    """An entry as it is read."""

    at: datetime.datetime
    by: str
    act: str
    about: str
    unit: str
    details: str


def entries_read_by(
    reader: Any,
    *,
    person: str | None = None,
    act: str | None = None,
    unit: str | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> QuerySet[Entry]:
    """What `reader` may read, the newest first: by or about a person, an act, units of this name
    with all below them, from one day to the end of another."""
    found = Entry.objects.order_by("-at", "-pk")
    units = reads_log_of(reader)
    if units is not None:
        found = found.filter(unit_key__in=units.order_by().values("pk"))
    if act:
        found = found.filter(act=act)
    if unit:
        named = Unit.objects.all().search(unit)
        below = Unit.objects.all().within(*_topmost(named))
        found = found.filter(unit_key__in=below.order_by().values("pk"))
    if since:
        found = found.filter(at__gte=_midnight(since))
    if until:
        found = found.filter(at__lt=_midnight(until + datetime.timedelta(days=1)))
    return found.filter(_of_person(person)) if person else found


def _topmost(units: Iterable[Unit]) -> list[Unit]:
    """Of units in the tree's order, those below none of the others, as many as a query carries."""
    tops: list[Unit] = []
    for unit in units:
        if not tops or not unit.path.startswith(tops[-1].path):
            tops.append(unit)
    return tops[:200]


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _of_person(text: str) -> Q:
    """Acts by or about those of this name, e-mail or code."""
    user = get_user_model()
    people = user._default_manager.filter(
        Q(name_search__contains=search_key(text))
        | Q(email__contains=text.lower())
        | Q(staff_code__contains=text.upper())
    ).order_by()
    keys = people.annotate(key=Cast("pk", CharField())).values("key")
    about = Q(about_type=user._meta.label_lower, about_key__in=keys)
    return Q(by__in=people.values("pk")) | about


def lines(entries: Iterable[Entry]) -> list[Line]:
    """These entries with the names of their units: one query for all of them."""
    entries = list(entries)
    keys = {entry.unit_key for entry in entries if entry.unit_key}
    names = dict(Unit.objects.filter(pk__in=keys).values_list("pk", "name"))
    return [
        Line(
            at=timezone.localtime(entry.at),
            by=str(entry.by) if entry.by else _("The system"),
            act=act_name(entry.act),
            about=entry.about_name,
            unit=names.get(entry.unit_key, "") if entry.unit_key else "",
            details=details_text(entry.details),
        )
        for entry in entries
    ]


def all_lines(entries: QuerySet[Entry]) -> Iterator[Line]:
    """All of them, a chunk at a time: memory is the same for any number."""
    rows = entries.select_related("by").iterator(CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield from lines(chunk)


def details_text(details: Mapping[str, Any]) -> str:
    """«vai trò: Cán bộ nhân sự; đến: 01/05/2026»: what the entry keeps beside, in one line."""
    parts = (
        f"{DETAIL_WORDS.get(key, key)}: {_said(key, value)}"
        for key, value in details.items()
        if value not in (None, "", [], {})
    )
    return "; ".join(parts)[:MOST_DETAILS]


def _said(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return pgettext("log", "yes") if value else pgettext("log", "no")
    if isinstance(value, Mapping):
        return ", ".join(f"{one} → {_said('', said)}" for one, said in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_said("", one) for one in value)
    text = str(value)
    if key == "role" and text in Responsibility.Role.values:
        return str(Responsibility.Role(text).label)
    return _day(text)


def _day(text: str) -> str:
    """A day of the calendar as it is written here; other text as it is."""
    try:
        day = parse_date(text) if len(text) == 10 else None
    except ValueError:
        day = None
    return date_format(day, "d/m/Y") if day else text
