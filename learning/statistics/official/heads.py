"""The letterhead of a unit: its own, or one made of its name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from learning.audit.actions import record
from learning.organisations.models import Unit
from learning.statistics.official.models import Letterhead

FIELDS = (
    "parent_name",
    "agency_name",
    "symbol",
    "place",
    "addressee",
    "signer_lines",
    "signer_name",
    "recipients",
)


def letterhead_of(unit: Unit) -> Letterhead:
    """The unit's letterhead as it is kept, or one that is not saved, with what its place tells."""
    return Letterhead.objects.filter(unit=unit).first() or _of_its_place(unit)


def _of_its_place(unit: Unit) -> Letterhead:
    above = unit.get_parent()
    return Letterhead(
        unit=unit,
        parent_name=above.name if above else "",
        agency_name=unit.name,
        symbol="BC",
        place=settings.CERTIFICATE_ISSUER["place"],
        addressee=above.name if above else "",
        signer_lines=_("HEAD OF THE AGENCY"),
        recipients=_("As above"),
    )


@transaction.atomic
def save_letterhead(*, unit: Unit, by: Any, **fields: str) -> Letterhead:
    """Keep what stands above and below the unit's reports; `fields` are those of `FIELDS`."""
    kept, _made = Letterhead.objects.update_or_create(unit=unit, defaults=fields)
    record(act="letterhead-changed", by=by, about=unit, unit=unit)
    return kept
