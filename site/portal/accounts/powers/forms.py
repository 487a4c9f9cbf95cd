"""Naming somebody: whom, as what, where, from when to when."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.enrolments.assigning.forms import DAY_FORMATS, Day
from learning.organisations.changing.fields import UnitTextField
from learning.organisations.models import Responsibility, Unit
from learning.vietnamese import nfc
from portal.accounts.models import User
from portal.accounts.powers.access import deputy_units, own_units, units_to_name_in

Role = Responsibility.Role
DEPUTY = "deputy"
MOST_DAYS = 366


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=Day(),
        help_text=help_text,
        input_formats=DAY_FORMATS,
        error_messages={"invalid": gettext_lazy("Write the day as dd/mm/yyyy.")},
    )


class NamingForm(forms.Form):
    """What was typed is kept, whatever is wrong with it."""

    person = forms.CharField(
        label=gettext_lazy("Person"),
        help_text=gettext_lazy("Staff code or e-mail."),
        max_length=254,
        widget=forms.TextInput(attrs={"class": "field__input", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the role.")},
    )
    unit = UnitTextField(
        label=gettext_lazy("Unit"),
        help_text=gettext_lazy("Its code, or its name as it is today. It holds below too."),
        widget=forms.TextInput(attrs={"class": "field__input"}),
    )
    starts_on = _day(gettext_lazy("From"), gettext_lazy("Empty: from today."))
    ends_on = _day(gettext_lazy("Until"), gettext_lazy("The last day. A deputy needs one."))

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by = by
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = role_choices(by)

    def clean_person(self) -> User:
        text = nfc(self.cleaned_data["person"])
        found = User.objects.filter(Q(staff_code=text.upper()) | Q(email=text.lower())).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has this staff code or e-mail."))
        if found == self.by:
            raise forms.ValidationError(_("Nobody gives a role to herself."))
        if not found.is_active:
            raise forms.ValidationError(_("This person's account is closed."))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_days(data)
        unit, role = data.get("unit"), data.get("role")
        if unit is not None and role:
            units = deputy_units(self.by) if role == DEPUTY else units_to_name_in(self.by)
            if not units.filter(pk=unit.pk).exists():
                self.add_error("unit", _("You cannot give this role in «%s».") % unit.name)
            elif data.get("person") and self._holds(data["person"], unit, role):
                self.add_error("person", _("She has this role there already. End it first."))
        return data

    def _holds(self, user: User, unit: Unit, role: str) -> bool:
        """Given again, a role takes the new span: an officer for good would become a deputy."""
        held = Responsibility.objects.filter(
            user=user, unit=unit, role=Role.HR_OFFICER if role == DEPUTY else role
        )
        return held.exclude(ends_on__lt=timezone.localdate()).exists()

    def _check_days(self, data: dict[str, Any]) -> None:
        today = timezone.localdate()
        starts, ends = data.get("starts_on") or today, data.get("ends_on")
        if data.get("role") == DEPUTY and ends is None and "ends_on" not in self.errors:
            self.add_error("ends_on", _("Say until when she stands in for you."))
        if ends is None:
            return
        if ends < starts:
            self.add_error("ends_on", _("The last day lies before the first."))
        elif ends < today:
            self.add_error("ends_on", _("This day is over."))
        elif data.get("role") == DEPUTY and ends - starts > datetime.timedelta(days=MOST_DAYS):
            self.add_error("ends_on", _("A deputy is named for a year at most."))


def role_choices(by: User) -> list[tuple[str, Any]]:
    """Those she may give somewhere."""
    deputy = [(DEPUTY, _("My deputy for a time: may do all that I may"))] if own_units(by) else []
    others = [(str(Role.HR_OFFICER), _("HR officer")), (str(Role.AUDITOR), _("Auditor"))]
    return [*deputy, *(others if units_to_name_in(by).exists() else [])]
