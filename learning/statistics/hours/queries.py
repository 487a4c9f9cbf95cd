"""One question, one answer: the screen, the CSV and the XLSX show the same rows and totals."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet, TextChoices
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from learning.hours.models import FIRST_YEAR
from learning.hours.queries import (
    Balance,
    balance_of,
    counting_day,
    hours_of,
    members_in,
)
from learning.statistics.scope import Scope, UnitNode, get_scope, get_scope_on
from learning.vietnamese import nfc, search_key

YEAR, UNIT, SHOWN, SEARCH, PAGE = "nam", "don-vi", "muc", "tim", "trang"
PEOPLE_A_PAGE = 50
_AT_ONCE = 2000


class Shown(TextChoices):
    """Which people the list shows; the values stand in addresses."""

    SHORT = "con-thieu", _("Short of the obligation")
    REACHED = "da-du", _("Obligation reached")
    UNSET = "khong-dat", _("Nothing obliged")


_CONDITIONS = {
    Shown.SHORT: Q(due__isnull=False, total__lt=F("due")),
    Shown.REACHED: Q(due__isnull=False, total__gte=F("due")),
    Shown.UNSET: Q(due__isnull=True),
}


@dataclass(frozen=True)
class Asked:
    """One reader's question, inside her scope."""

    scope: Scope
    year: int
    today: datetime.date
    unit: UnitNode | None = None
    shown: str = ""
    search: str = ""

    @property
    def day(self) -> datetime.date:
        """The day whose people and units are counted."""
        return counting_day(self.year, today=self.today)

    @property
    def years(self) -> list[int]:
        """The years to choose from: this one and the four before it, and the one asked for."""
        return sorted({*range(self.today.year - 4, self.today.year + 1), self.year}, reverse=True)

    def address(self, **changes: Any) -> str:
        """The query part of the address of this question with some answers changed."""
        asked = replace(self, **changes)
        parts = {
            YEAR: str(asked.year),
            UNIT: str(asked.unit.pk) if asked.unit else "",
            SHOWN: str(asked.shown),
            SEARCH: asked.search,
        }
        return urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True)
class PersonHours:
    """One line of the list."""

    full_name: str
    staff_code: str
    position: str
    unit_name: str
    balance: Balance

    @property
    def total(self) -> Decimal:
        """Hours of the year."""
        return self.balance.total


@dataclass(frozen=True)
class Totals:
    """The people of a unit: how many, of how many something is obliged, who reached it, hours."""

    people: int = 0
    obliged: int = 0
    reached: int = 0
    tenths: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.people + other.people,
            self.obliged + other.obliged,
            self.reached + other.reached,
            self.tenths + other.tenths,
        )

    @property
    def short(self) -> int:
        """Of whom hours are missing."""
        return self.obliged - self.reached

    @property
    def hours(self) -> Decimal:
        """All their hours."""
        return hours_of(self.tenths)

    @property
    def mean(self) -> Decimal | None:
        """Hours a person, to one decimal; None of nobody."""
        if not self.people:
            return None
        return (self.hours / self.people).quantize(Decimal("0.1"))

    @property
    def rate(self) -> Decimal | None:
        """Share of those obliged who reached it, in percent; None where nothing is obliged."""
        if not self.obliged:
            return None
        return (Decimal(self.reached) * 100 / self.obliged).quantize(Decimal("0.1"))


@dataclass(frozen=True)
class UnitHours:
    """A line of the totals; `direct` are the people of the unit itself beside its sub-units."""

    unit: UnitNode
    totals: Totals
    direct: bool = False


def read_asked(request: HttpRequest) -> Asked:
    """What the address asks for. Raises `Http404` for anything unknown or outside the scope."""
    today = timezone.localdate()
    get = request.GET
    year_text, shown = get.get(YEAR, "") or str(today.year), get.get(SHOWN, "")
    if not (year_text.isascii() and year_text.isdecimal() and len(year_text) == 4):
        raise Http404
    year = int(year_text)
    if not FIRST_YEAR <= year <= today.year or (shown and shown not in Shown.values):
        raise Http404
    if year < today.year:
        scope = get_scope_on(request.user, day=counting_day(year, today=today))
    else:
        scope = get_scope(request.user, today=today)
    return Asked(
        scope=scope,
        year=year,
        today=today,
        unit=_unit(get.get(UNIT, ""), scope),
        shown=shown,
        search=nfc(get.get(SEARCH, ""))[:100],
    )


def _unit(text: str, scope: Scope) -> UnitNode | None:
    if not text:
        return scope.tops[0] if len(scope.tops) == 1 else None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    return scope.get(int(text))


class HoursReport:
    """The answer: people by name, totals by unit. Nothing is read before it is asked for."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self._everybody = members_in(asked.year, today=asked.today).filter(
            unit__in=asked.scope.query(asked.unit).order_by().values("pk")
        )

    @cached_property
    def lines(self) -> tuple[UnitHours, ...]:
        """Each unit right below the one asked for, with all that is below it. One query."""
        sums = self._sums
        scope, top = self.asked.scope, self.asked.unit
        lines: list[UnitHours] = []
        for node in scope.children(top):
            inside = [one.pk for one in scope.nodes if one.path.startswith(node.path)]
            totals = sum((sums[pk] for pk in inside), Totals())
            if totals.people or not node.ended:
                lines.append(UnitHours(node, totals))
        if top is not None and sums[top.pk].people:
            lines.insert(0, UnitHours(top, sums[top.pk], direct=bool(lines)))
        return tuple(lines)

    @cached_property
    def total(self) -> Totals:
        """All of them together."""
        return sum((line.totals for line in self.lines), Totals())

    @cached_property
    def _sums(self) -> dict[int, Totals]:
        """Totals of each unit's own people.

        The database groups by what people have, so that each person's hours are added only once.
        """
        found: dict[int, Totals] = defaultdict(Totals)
        # The type checker forgets what was annotated where the query was made.
        everybody: Any = self._everybody
        alike = everybody.order_by().values("unit", "due", "total")
        rows = alike.annotate(n=Count("pk")).values_list("unit", "due", "total", "n")
        for unit, due, total, people in rows:
            is_obliged = due is not None
            found[unit] += Totals(
                people=people,
                obliged=people if is_obliged else 0,
                reached=people if is_obliged and total >= due else 0,
                tenths=people * total,
            )
        return found

    def page(self, number: Any) -> tuple[Page[Any], list[PersonHours]]:
        """A page of the list, with its rows: found by name first, added up afterwards."""
        paginator = Paginator(self.people().values_list("pk", flat=True), PEOPLE_A_PAGE)
        if not self.asked.search:
            paginator.count = self._size
        page = paginator.get_page(number)
        return page, [self.person(row) for row in self._rows(list(page.object_list))]

    def _rows(self, pks: list[int]) -> list[Any]:
        found = self._everybody.select_related("user").filter(pk__in=pks).order_by()
        rows = {row.pk: row for row in found}
        return [rows[pk] for pk in pks if pk in rows]

    @property
    def _size(self) -> int:
        """How long the list is, of which the totals know."""
        total = self.total
        return {
            Shown.SHORT: total.short,
            Shown.REACHED: total.reached,
            Shown.UNSET: total.people - total.obliged,
        }.get(Shown(self.asked.shown) if self.asked.shown else None, total.people)  # type: ignore[arg-type]

    def people(self) -> QuerySet[Any]:
        """Those the question means, sorted by given name; rows for `person`."""
        found = self._everybody.select_related("user")
        if self.asked.shown:
            found = found.filter(_CONDITIONS[Shown(self.asked.shown)])
        key = search_key(self.asked.search)
        if key:
            code = Q(user__staff_code__contains=self.asked.search.upper())
            found = found.filter(Q(user__name_search__contains=key) | code)
        return found.order_by("user__name_sort", "user_id")

    def person(self, row: Any) -> PersonHours:
        """One row of `people` as the screen and the files show it."""
        return PersonHours(
            full_name=row.user.full_name,
            staff_code=row.user.staff_code or "",
            position=row.position,
            unit_name=self.asked.scope.full_name(row.unit_id),
            balance=balance_of(row),
        )

    def everyone(self) -> Iterator[PersonHours]:
        """All lines of the list, read in portions."""
        for row in self.people().iterator(chunk_size=_AT_ONCE):
            yield self.person(row)
