"""Reading: what is kept, who has seen it, which requests wait, what was agreed to."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.audit.models import Disclosure
from learning.audit.words import thing_name
from learning.organisations.models import Membership, Unit
from learning.organisations.queries import spans_above
from learning.privacy.kept import Kept, Text, kinds
from learning.privacy.models import (
    CalendarDay,
    Consent,
    ConsentText,
    DataRequest,
    Restriction,
    RetentionRule,
)
from learning.privacy.workdays import ANSWER_DAYS, add_working_days


@dataclass(frozen=True)
class KeptOfPerson:
    """A kind of data with how many rows of it there are of one person."""

    kept: Kept
    count: int
    how_long: Text


def what_is_kept(user: Any) -> list[KeptOfPerson]:
    """Every kind with its figure; a few queries a kind, none a row."""
    rules = months_by_kind()
    return [
        KeptOfPerson(kept, kept.count(user), how_long(kept, rules.get(kept.slug, kept.months)))
        for kept in kinds()
    ]


def months_by_kind() -> dict[str, int]:
    """The rules an administrator has set, kind → months."""
    return dict(RetentionRule.objects.values_list("kind", "months"))


def how_long(kept: Kept, months: int | None) -> str:
    """How long a kind is kept, in words: its rule's time, where there is one, and since when."""
    if kept.months is None or months is None:
        return str(kept.how_long)
    years, rest = divmod(months, 12)
    time = (
        ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
        if not rest
        else ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    )
    return _("%(time)s: %(since)s") % {"time": time, "since": kept.how_long}


def notice_lines() -> list[KeptOfPerson]:
    """The kinds as the public notice lists them, without anybody's figures."""
    rules = months_by_kind()
    return [
        KeptOfPerson(kept, 0, how_long(kept, rules.get(kept.slug, kept.months))) for kept in kinds()
    ]


def disclosures_about(user: Any) -> QuerySet[Disclosure]:
    """Who saw or took data of `user`: of her alone, or lists of a unit she worked in at the time.

    A list names the unit it was made of; it is hers if that unit stood on that day at or above the
    one she worked in, wherever either hangs now. What she did herself is left out.
    """
    mine = Q(about=user)
    worked = [
        (unit, start, end + datetime.timedelta(days=1) if end else datetime.date.max)
        for unit, start, end in Membership.objects.filter(user=user).values_list(
            "unit", "started_on", "ended_on"
        )
    ]
    everywhere = [(None, start, end) for _unit, start, end in worked]
    for unit, start, end in [*spans_above(worked), *everywhere]:
        listed = Q(about__isnull=True, unit_key=unit, at__gte=_midnight(start))
        if end < datetime.date.max:
            listed &= Q(at__lt=_midnight(end))
        mine |= listed
    return Disclosure.objects.filter(mine).exclude(by=user).select_related("by").order_by("-at")


@dataclass(frozen=True)
class Seen:
    """A line of «who has seen my data»."""

    at: datetime.datetime
    by: str
    how: str
    what: str
    of: str


def seen_lines(disclosures: Iterable[Disclosure]) -> list[Seen]:
    """The lines for these disclosures; one query for the names of all units."""
    disclosures = list(disclosures)
    units = {d.unit_key for d in disclosures if d.unit_key}
    names = dict(Unit.objects.filter(pk__in=units).values_list("pk", "name"))
    return [
        Seen(
            at=disclosure.at,
            by=_who(disclosure),
            how=disclosure.get_how_display(),
            what=thing_name(disclosure.what),
            of=_list_words(disclosure, names.get(disclosure.unit_key or 0, "")),
        )
        for disclosure in disclosures
    ]


def _who(disclosure: Disclosure) -> str:
    if disclosure.by is not None:
        return str(disclosure.by)
    # Another system, under the name its key was given.
    return str(disclosure.filters.get("token") or _("The system"))


def _list_words(disclosure: Disclosure, unit: str) -> str:
    if disclosure.about_id is not None:
        return _("Of you alone")
    words = ngettext("A list of %(n)s person", "A list of %(n)s people", disclosure.count)
    told = words % {"n": disclosure.count}
    return f"{told}, {unit}" if unit else told


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def answer_due(*, asked_on: datetime.date) -> datetime.date:
    """The day by which a request of this day is to be answered."""
    calendar = dict(CalendarDay.objects.filter(day__gt=asked_on).values_list("day", "works")[:200])
    return add_working_days(asked_on, ANSWER_DAYS, calendar)


def requests_of(user: Any) -> QuerySet[DataRequest]:
    """Her own requests, the newest first."""
    return DataRequest.objects.filter(person=user).order_by("-made_at", "-pk")


def is_restricted(user: Any) -> bool:
    """Whether the use of her data is restricted at her own wish."""
    return Restriction.objects.filter(person=user).exists()


def restricted_people() -> QuerySet[Restriction, Any]:
    """The keys of those whose data is restricted, for a subquery. What follows from it:

    no list of how people learn names them (figures, which name nobody, still count them), no
    officer reminds them, and nothing but what is required is mailed to them. Staff lists,
    certificates and the log go on: the agency keeps them by law.
    """
    return Restriction.objects.order_by().values("person")


def restricted_among(people: Collection[int]) -> set[int]:
    """Those of these people whose data is restricted."""
    held = Restriction.objects.filter(person__in=people)
    return set(held.values_list("person_id", flat=True))


@dataclass(frozen=True)
class Agreed:
    """A consent with the words that were agreed to."""

    consent: Consent
    title: str
    text: str


def consents_of(user: Any) -> list[Agreed]:
    """Her consents, the newest first; two queries."""
    given = list(Consent.objects.filter(person=user))
    wanted = {consent.purpose for consent in given}
    texts = {
        (text.purpose, text.version): text
        for text in ConsentText.objects.filter(purpose__in=wanted)
    }
    agreed = []
    for consent in given:
        text = texts.get((consent.purpose, consent.version))
        agreed.append(
            Agreed(consent, text.title if text else consent.purpose, text.text if text else "")
        )
    return agreed


def current_consent_text(purpose: str) -> ConsentText | None:
    """The text that people agree to today for this purpose."""
    return (
        ConsentText.objects.filter(purpose=purpose, valid_from__lte=timezone.localdate())
        .order_by("-valid_from", "-pk")
        .first()
    )
