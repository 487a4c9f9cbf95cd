"""What is said of a role: which, where, from when until when, in whose place."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.organisations.access import units_named_by
from learning.organisations.models import Responsibility, Unit
from learning.vietnamese import DAY_FORMATS

# As many units as one can look through; of more than that, those that are searched for.
MOST_UNITS = 60
OFFICER, DEPUTY, AUDITOR = "hr_officer", "deputy", "auditor"
_ROLES = [
    (OFFICER, gettext_lazy("HR officer: sees the people and acts for them")),
    (DEPUTY, gettext_lazy("Deputy of an HR officer: the same, for a span of time")),
    (AUDITOR, gettext_lazy("Auditor: sees everything, changes nothing")),
]
_INDENT = "\u2003"
Role = Responsibility.Role


def _day(label: Any, help_text: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(
            format="%d/%m/%Y",
            attrs={"class": "field__input", "placeholder": "dd/mm/yyyy", "autocomplete": "off"},
        ),
        error_messages={"invalid": gettext_lazy("Write the day as dd/mm/yyyy.")},
    )


class NamingForm(forms.Form):
    """The role of one person, in one unit or several."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=_ROLES, widget=forms.RadioSelect, initial=OFFICER
    )
    units = forms.MultipleChoiceField(
        label=gettext_lazy("Units"),
        help_text=gettext_lazy("The role holds for the unit and all below it."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one unit.")},
    )
    starts_on = _day(gettext_lazy("From"), gettext_lazy("Empty: from today."))
    ends_on = _day(
        gettext_lazy("Until the end of"),
        gettext_lazy("Empty: until it is taken away. A deputy needs both days."),
    )
    deputy_for = forms.ChoiceField(
        label=gettext_lazy("Deputy for"),
        required=False,
        help_text=gettext_lazy("Only for a deputy: the HR officer whose place she takes."),
        widget=forms.Select(attrs={"class": "field__input"}),
    )

    def __init__(self, *args: Any, by: Any, find: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self._units = units_named_by(by).current(on=timezone.localdate())
        self.has_many = self._units.count() > MOST_UNITS
        ticked = self._ticked()
        units, officers = self.fields["units"], self.fields["deputy_for"]
        assert isinstance(units, forms.ChoiceField)
        assert isinstance(officers, forms.ChoiceField)
        units.choices = self._unit_choices(find, ticked)
        officers.choices = [("", "–"), *self._officers()]

    def _ticked(self) -> list[int]:
        data = self.data
        told = (
            data.getlist("units") if isinstance(data, QueryDict) else self.initial.get("units", [])
        )
        return [int(pk) for pk in told if pk.isdecimal() and len(pk) < 12]

    def _unit_choices(self, find: str, ticked: list[int]) -> list[tuple[str, str]]:
        if not self.has_many:
            found = list(self._units)
        else:
            kept = list(self._units.filter(pk__in=ticked))
            shown = self._units.search(find) if find else self._units.filter(depth__lte=2)
            pks = {unit.pk for unit in kept}
            found = [*kept, *(unit for unit in shown[:MOST_UNITS] if unit.pk not in pks)]
        top = min((unit.depth for unit in found), default=1)
        flat = self.has_many and (find or ticked)
        return [
            (str(unit.pk), unit.name if flat else f"{_INDENT * (unit.depth - top)}{unit.name}")
            for unit in found
        ]

    def _officers(self) -> list[tuple[str, str]]:
        """HR officers of the units one gives roles in, in their own right."""
        held = Responsibility.objects.filter(
            unit__in=self._units.order_by().values("pk"),
            role=Role.HR_OFFICER,
            deputy_for__isnull=True,
        ).on(timezone.localdate())
        people = get_user_model()._default_manager.filter(pk__in=held.values("user"))
        return [(str(one.pk), str(one)) for one in people.order_by("name_sort", "pk")[:500]]

    def clean_units(self) -> list[Unit]:
        """The units themselves."""
        return list(self._units.filter(pk__in=self.cleaned_data["units"]))

    def clean_deputy_for(self) -> Any:
        """The officer herself, None where nobody is named."""
        pk = self.cleaned_data["deputy_for"]
        return get_user_model()._default_manager.get(pk=pk) if pk else None

    def clean(self) -> dict[str, Any]:
        """A deputy is somebody's."""
        told = super().clean() or self.cleaned_data
        if told.get("role") == DEPUTY and "deputy_for" in told and told["deputy_for"] is None:
            self.add_error("deputy_for", ValidationError(_("Say whose place the deputy takes.")))
        return told

    @property
    def named(self) -> dict[str, Any]:
        """What `name_role` is to be told, once valid."""
        told = self.cleaned_data
        is_deputy = told["role"] == DEPUTY
        return {
            "units": told["units"],
            "role": Role.AUDITOR if told["role"] == AUDITOR else Role.HR_OFFICER,
            "starts_on": told["starts_on"],
            "ends_on": told["ends_on"],
            "deputy_for": told["deputy_for"] if is_deputy else None,
        }
