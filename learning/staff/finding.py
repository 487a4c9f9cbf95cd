"""Who is meant, and which unit: people and units as a list may name them, a few queries a chunk."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.utils.translation import gettext as _

from learning.organisations.models import Responsibility, Unit, UnitQuerySet
from learning.staff.reading.values import Birth
from learning.vietnamese import search_key

_SIGNS = re.compile(r"[^a-z0-9]+")
_FORMS = re.compile(r"^(?:ubnd|uy ban nhan dan) ")
# Codes given by us, until the agency's list tells a code of its own.
_GENERATED = re.compile(r"CB\d+-\d+")


class UnitError(ValueError):
    """The unit can't be found; its text says why, to the officer."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known here, as she is now. `path` is her unit's, empty where she works nowhere."""

    pk: int
    full_name: str
    key: str
    email: str
    code: str
    active: bool
    born_on: datetime.date | None
    born_in: int | None
    sex: str
    phone: str
    unit_id: int | None
    path: str
    position: str
    # May do more here than learn: her log-in is no officer's to change.
    privileged: bool

    @property
    def birth(self) -> str:
        """«1985-03-05», «1985», or nothing."""
        return birth_text(Birth(self.born_in, self.born_on) if self.born_in else None)

    @property
    def has_own_code(self) -> bool:
        """Whether she has a code that an agency gave her."""
        return bool(self.code) and not _GENERATED.fullmatch(self.code)

    def state(self) -> dict[str, Any]:
        """All that a list may change, as JSON; equal as long as nothing of it changed."""
        return {
            "full_name": self.full_name,
            "email": self.email,
            "staff_code": self.code,
            "birth": self.birth,
            "sex": self.sex,
            "phone": self.phone,
            "unit": self.unit_id,
            "position": self.position,
            "active": self.active,
        }


def birth_text(birth: Birth | None) -> str:
    """A birth as JSON keeps it: «1985-03-05», «1985», or nothing."""
    if birth is None:
        return ""
    return birth.on.isoformat() if birth.on else str(birth.year)


def birth_fields(text: str) -> tuple[datetime.date | None, int | None]:
    """Date and year of what `birth_text` made."""
    if not text:
        return None, None
    on = datetime.date.fromisoformat(text) if len(text) > 4 else None
    return on, on.year if on else int(text)


_COLUMNS = (
    "pk",
    "full_name",
    "name_search",
    "email",
    "staff_code",
    "is_active",
    "staff_profile__birth_date",
    "staff_profile__birth_year",
    "staff_profile__sex",
    "staff_profile__phone",
    "present__unit_id",
    "present__unit__path",
    "present__position",
    "is_superuser",
    "is_staff",
    "held",
)


def find_people(condition: Q, *, within: Iterable[tuple[str, str]] | None = None) -> list[Person]:
    """The people that fulfil `condition`, in one query; working below one of the ranges of paths
    in `within`, if it is given."""
    people = (
        get_user_model()
        ._default_manager.annotate(
            present=FilteredRelation(
                "memberships", condition=Q(memberships__ended_on__isnull=True)
            ),
            held=Exists(Responsibility.objects.filter(user=OuterRef("pk"))),
        )
        .filter(condition)
        .order_by("pk")
    )
    if within is not None:
        inside = Q(pk__in=[])
        for span in within:
            inside |= Q(present__unit__path__range=span)
        people = people.filter(inside)
    return [_person(row) for row in people.values_list(*_COLUMNS)]


def _person(row: tuple[Any, ...]) -> Person:
    (pk, name, key, email, code, active, on, year, sex, phone, unit, path, position, *rights) = row
    return Person(
        pk=pk,
        full_name=name,
        key=key,
        email=email or "",
        code=code or "",
        active=active,
        born_on=on,
        born_in=year,
        sex=sex or "",
        phone=phone or "",
        unit_id=unit,
        path=path or "",
        position=position or "",
        privileged=any(rights),
    )


class Units:
    """The units an officer manages, found by code, name or short name as lists write them."""

    def __init__(self, *, top: Unit, managed: UnitQuerySet, loose: bool, on: datetime.date) -> None:
        self.top = top
        self.loose = loose
        self.names: dict[int, str] = {}
        self._paths: dict[int, str] = {}
        self._found: dict[str, list[int]] = {}
        found = managed.current(on=on).values_list("pk", "path", "code", "name", "short_name")
        for pk, path, code, name, short in found:
            self.names[pk], self._paths[pk] = name, path
            for key in {unit_key(text) for text in (code, name, short) if text}:
                self._found.setdefault(key, []).append(pk)

    def __contains__(self, pk: int | None) -> bool:
        return pk in self._paths

    def find(self, text: str) -> int:
        """The unit meant by `text` below the list's own, else among all she manages; the list's
        own where nothing is said. Raises `UnitError`."""
        if not text:
            return int(self.top.pk)
        found = self._found.get(unit_key(text), [])
        below = [pk for pk in found if self._paths[pk].startswith(self.top.path)]
        best = below or found
        if len(best) > 1:
            # The list's own unit, or the one that lies highest, if just one does.
            height = min(len(self._paths[pk]) for pk in best)
            best = [pk for pk in best if len(self._paths[pk]) == height]
        if len(best) == 1:
            return best[0]
        if best:
            raise UnitError(
                _("Several units are called “%(name)s”. Write the unit's code instead.")
                % {"name": text[:80]}
            )
        if self.loose:
            return int(self.top.pk)
        raise UnitError(
            _(
                "You manage no unit called “%(name)s”. Write a unit's name or code as it stands in"
                " the tree of units, or leave the cell empty for “%(top)s”."
            )
            % {"name": text[:80], "top": self.top.name}
        )


def unit_key(text: str) -> str:
    """A unit's name without marks, signs, and the words for its authority."""
    words = _SIGNS.sub(" ", search_key(text)).strip()
    return _FORMS.sub("", words)


def names_of(pks: Iterable[int]) -> Mapping[int, str]:
    """Names of units by key, in one query."""
    return dict(Unit.objects.filter(pk__in=set(pks)).order_by().values_list("pk", "name"))
