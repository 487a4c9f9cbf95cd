"""Giving and ending roles on somebody's behalf. Checked here again, whatever the screen offered."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.organisations.access import may_end, people_named_by, units_named_by
from learning.organisations.actions import end_responsibility, make_responsible
from learning.organisations.models import Responsibility, Unit

Role = Responsibility.Role


class NamingError(ValueError):
    """The role can't be given; its text says why. `field` is the form's field it belongs to."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


@transaction.atomic
def name_role(
    *,
    user: Any,
    units: Sequence[Unit],
    role: str,
    by: Any,
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
    deputy_for: Any | None = None,
) -> list[Responsibility]:
    """`by` gives `user` the role in each of the units, for the days given; all or none.

    A deputy (`deputy_for`) needs a first and a last day. Raises `NamingError`.
    """
    # The person's row is the lock: two who name her at once take turns.
    get_user_model()._default_manager.select_for_update().filter(pk=user.pk).first()
    _check_people(user=user, by=by, deputy_for=deputy_for)
    _check_days(starts_on=starts_on, ends_on=ends_on, is_deputy=deputy_for is not None)
    if not units:
        raise NamingError(_("Choose at least one unit."), "units")
    pks = {unit.pk for unit in units}
    own = units_named_by(by).current(on=timezone.localdate()).filter(pk__in=pks)
    if {unit.pk for unit in own} != pks:
        raise NamingError(_("You give roles in your own units only."), "units")
    for unit in own:
        _check_present(user=user, unit=unit, role=role, by=by, is_deputy=deputy_for is not None)
        if deputy_for is not None and not _is_officer(deputy_for, unit):
            raise NamingError(
                _("%(name)s is not HR officer of %(unit)s.") % {"name": deputy_for, "unit": unit},
                "deputy_for",
            )
    return [
        make_responsible(
            user=user,
            unit=unit,
            role=role,
            starts_on=starts_on,
            ends_on=ends_on,
            deputy_for=deputy_for,
            by=by,
        )
        for unit in own
    ]


def _check_people(*, user: Any, by: Any, deputy_for: Any | None) -> None:
    if user.pk == by.pk:
        raise NamingError(_("Nobody gives herself a role."))
    if not people_named_by(by).filter(pk=user.pk).exists():
        raise NamingError(_("You give roles to people of your own units only."))
    if deputy_for is not None and deputy_for.pk == user.pk:
        raise NamingError(_("Nobody is her own deputy."), "deputy_for")


def _check_days(
    *, starts_on: datetime.date | None, ends_on: datetime.date | None, is_deputy: bool
) -> None:
    if is_deputy and starts_on is None:
        raise NamingError(_("A deputy needs a first day."), "starts_on")
    if is_deputy and ends_on is None:
        raise NamingError(_("A deputy needs a last day."), "ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        raise NamingError(_("The last day lies before the first."), "ends_on")
    if ends_on and ends_on < timezone.localdate():
        raise NamingError(_("The last day is over already."), "ends_on")


def _is_officer(user: Any, unit: Unit) -> bool:
    """Is `user` HR officer of the unit or of one above it, in her own right, today?"""
    above = [unit.path[:end] for end in range(Unit.steplen, len(unit.path) + 1, Unit.steplen)]
    held = Responsibility.objects.filter(
        user=user, role=Role.HR_OFFICER, unit__path__in=above, deputy_for__isnull=True
    )
    return held.on(timezone.localdate()).exists()


def _check_present(*, user: Any, unit: Unit, role: str, by: Any, is_deputy: bool) -> None:
    """What she holds there now must not be narrowed by the way."""
    held = Responsibility.objects.select_related("unit").filter(user=user, unit=unit, role=role)
    present = held.first()
    if present is None:
        return
    if not may_end(by, present):
        raise NamingError(
            _("Only who stands above %(unit)s changes this role.") % {"unit": unit}, "units"
        )
    lasts = present.ends_on is None or present.ends_on >= timezone.localdate()
    if is_deputy and present.deputy_for_id is None and lasts:
        raise NamingError(
            _("%(name)s is HR officer of %(unit)s already.") % {"name": user, "unit": unit},
            "units",
        )


@transaction.atomic
def end_role(*, held: Responsibility, by: Any) -> None:
    """`by` ends this role. Raises `NamingError` where it isn't hers to end."""
    if not may_end(by, held):
        raise NamingError(_("You end roles in your own units only."))
    end_responsibility(user=held.user, unit=held.unit, role=held.role, by=by)
