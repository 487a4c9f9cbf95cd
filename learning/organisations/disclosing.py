"""Whose list was seen: of a unit, or of all that the reader is responsible for."""

from typing import Any

from learning.audit.actions import tell_disclosure
from learning.audit.models import Disclosure
from learning.organisations.access import responsible_units
from learning.organisations.models import Unit


def tell_list(
    *,
    how: Disclosure.How,
    what: str,
    by: Any,
    unit: int | None,
    count: int,
    filters: dict[str, Any] | None = None,
) -> None:
    """Note that `by` saw or took a list of `count` persons of the unit with the key `unit`.

    None means all the units she may see: a row for each topmost one, so that nobody outside them
    is told of a list she was not on. Most officers have one. Who sees by another right than that of
    units (an administrator) sees the people of all of them.
    """
    units: list[Unit | None] = (
        [*responsible_units(by)] if unit is None else [*Unit.objects.filter(pk=unit)]
    )
    for one in units or [None]:
        tell_disclosure(how=how, what=what, by=by, unit=one, count=count, filters=filters)
