"""People and units for tests, made through the same actions as the real ones."""

import datetime
import itertools
from typing import Any

from django.contrib.auth import get_user_model

from learning.organisations.actions import make_responsible, place_member, save_unit
from learning.organisations.models import Unit, UnitKind

SINCE = datetime.date(2026, 1, 5)
_numbers = itertools.count(1)


def make_user(full_name: str = "Nguyễn Thị Mẫu", **fields: Any) -> Any:
    """A person one can log in as, with an address of her own."""
    fields.setdefault("email", f"nguoi-{next(_numbers)}@vidu.example")
    return get_user_model().objects.create_user(full_name=full_name, **fields)


def make_unit(
    name: str = "Phòng Mẫu", *, parent: Unit | None = None, kind: str = UnitKind.DIVISION
) -> Unit:
    """A unit below `parent`."""
    return save_unit(code=f"dv-{next(_numbers)}", name=name, kind=kind, parent=parent)


def make_member(unit: Unit, full_name: str = "Nguyễn Thị Mẫu", **fields: Any) -> Any:
    """A person who works in the unit."""
    user = make_user(full_name, **fields)
    place_member(user=user, unit=unit, position="Chuyên viên", on=SINCE)
    return user


def make_officer(unit: Unit, full_name: str = "Trần Mẫu Lan") -> Any:
    """The HR officer of a unit; she works nowhere, so that she is in nobody's figures."""
    user = make_user(full_name)
    make_responsible(user=user, unit=unit)
    return user
