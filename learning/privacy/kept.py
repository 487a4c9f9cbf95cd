"""What is kept about a person: each package tells it of its own tables, from its app's `ready`.

One `Kept` is one line of «Dữ liệu của tôi», of the notice, of a copy and of the preview of an
erasure. Packages above this one call `register_kept`; for those that may not import it (the
packages below, `quizzes`, the platform's own tables) someone above them does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

Text = Any  # str or lazy text
Row = Mapping[str, Any]

# Grounds on which data is processed, as the notice tells them.
TASK = _("To carry out the task of training and managing public employees, set by law")
LAW = _("A law obliges the agency to keep it")
CONSENT = _("Your consent, which you may withdraw")
SECURITY = _("To keep the system safe, and to be able to show what was done")


@dataclass(frozen=True)
class Fate:
    """What an erasure does with one kind: rows deleted, made nameless, and kept as they are."""

    deleted: int = 0
    nameless: int = 0
    stays: int = 0

    def as_details(self) -> dict[str, int]:
        """For the audit log."""
        return {"deleted": self.deleted, "nameless": self.nameless, "stays": self.stays}


@dataclass(frozen=True)
class Expiry:
    """How rows that are too old are found and removed.

    `count` and `remove` get the moment before which a row is too old; `remove` takes at most
    `limit` rows in a transaction of its own and returns how many went, 0 when none is left.
    """

    count: Callable[[datetime], int]
    remove: Callable[[datetime, int], int]


@dataclass(frozen=True)
class Kept:
    """One kind of personal data.

    `count(user)` and `collect(user)` must agree: rows are flat dictionaries of JSON-able values
    whose keys are the headings a person reads. `fate(user)` foretells what `erase(user)` does and
    must not write. Kinds are erased in the order of `rank`, lowest first: what refers to others
    before what it refers to. `months` is the default of a retention rule that administrators may
    change; None where `how_long` says all there is, and `expiry` then gets the present moment.
    `files(user)` gives files that belong into a copy of her data, one at a time, name and bytes.
    """

    slug: str
    name: Text
    purpose: Text
    basis: Text
    how_long: Text
    on_erasure: Text
    count: Callable[[Any], int]
    collect: Callable[[Any], Iterable[Row]]
    fate: Callable[[Any], Fate]
    erase: Callable[[Any], None]
    models: Sequence[str] = ()
    rank: int = 50
    months: int | None = None
    expiry: Expiry | None = None
    files: Callable[[Any], Iterable[tuple[str, bytes]]] | None = None


@dataclass(frozen=True)
class _Registry:
    kinds: dict[str, Kept] = field(default_factory=dict)
    excused: dict[str, str] = field(default_factory=dict)


_registry = _Registry()


def register_kept(kept: Kept) -> None:
    """Tell of one kind; from an app's `ready`. Raises `ValueError` for a slug of another kind."""
    if kept.slug in _registry.kinds:
        raise ValueError(f"{kept.slug!r} is registered already")
    _registry.kinds[kept.slug] = kept


def excuse(reasons: Mapping[str, str]) -> None:
    """Relations to people that need no line of their own: «app.Model.field» → why not.

    A whole app («wagtailcore.*») may be excused with one reason.
    """
    _registry.excused.update(reasons)


def kinds() -> list[Kept]:
    """All kinds, in the order in which they are erased and shown."""
    return sorted(_registry.kinds.values(), key=lambda kept: (kept.rank, kept.slug))


def get_kind(slug: str) -> Kept | None:
    """The kind with this slug; None for an unknown one."""
    return _registry.kinds.get(slug)


def untold() -> list[str]:
    """Relations to people («app.Model.field») that no kind tells of and nobody has excused."""
    told = {label for kept in _registry.kinds.values() for label in kept.models}
    person = get_user_model()
    found = []
    for model in apps.get_models(include_auto_created=True):
        for relation in model._meta.get_fields(include_parents=False):
            if not relation.concrete or relation.related_model is not person:
                continue
            label, app = model._meta.label, model._meta.app_label
            name = f"{label}.{relation.name}"
            if label not in told and not {name, f"{app}.*"} & set(_registry.excused):
                found.append(name)
    return sorted(found)


def nothing(_user: Any) -> None:
    """`erase` of a kind that stays as it is."""


def all_stay(count: Callable[[Any], int]) -> Callable[[Any], Fate]:
    """The fate of a kind of which an erasure touches nothing."""
    return lambda user: Fate(stays=count(user))


def all_go(count: Callable[[Any], int]) -> Callable[[Any], Fate]:
    """The fate of a kind that an erasure deletes wholly."""
    return lambda user: Fate(deleted=count(user))


def all_nameless(count: Callable[[Any], int]) -> Callable[[Any], Fate]:
    """The fate of a kind whose rows stay, but no longer tell whose they are."""
    return lambda user: Fate(nameless=count(user))


def expiry_of(
    old: Callable[[datetime], QuerySet[Any]],
    remove: Callable[[list[Any]], object] | None = None,
) -> Expiry:
    """An `Expiry` from the queryset of what is too old; `remove` gets primary keys.

    Without `remove` the rows are deleted.
    """

    def take(before: datetime, limit: int) -> int:
        rows = old(before).order_by("pk")
        pks = list(rows.values_list("pk", flat=True)[:limit])
        if pks and remove is not None:
            remove(pks)
        elif pks:
            rows.model._base_manager.filter(pk__in=pks).delete()
        return len(pks)

    return Expiry(count=lambda before: old(before).count(), remove=take)
