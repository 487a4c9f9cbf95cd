"""What an officer says of a new token."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.api.models import Scope
from learning.organisations.models import Unit

MOST_DAYS = 366
_DAYS = [
    (30, gettext_lazy("30 days")),
    (90, gettext_lazy("90 days")),
    (365, gettext_lazy("1 year")),
]


class TokenForm(forms.Form):
    """Name, unit, what it may do, until when."""

    name = forms.CharField(label=gettext_lazy("What is it for?"), max_length=100)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"))
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(label=gettext_lazy("Valid for"), choices=_DAYS, coerce=int)

    def __init__(self, *args: Any, units: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._units = units
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)
        unit.choices = [(str(pk), name) for pk, name in units.values_list("pk", "name")]
        for name in ("name", "unit", "days"):
            self.fields[name].widget.attrs["class"] = "field__input"

    def clean_unit(self) -> Unit:
        """The unit itself."""
        return self._units.get(pk=self.cleaned_data["unit"])

    def clean_days(self) -> int:
        """At most a year: nobody remembers an older key."""
        days = int(self.cleaned_data["days"])
        if not 0 < days <= MOST_DAYS:
            raise ValidationError(_("A token is valid for at most a year."))
        return days

    @property
    def expires_at(self) -> datetime.datetime:
        """When it ends, once valid."""
        return timezone.now() + datetime.timedelta(days=self.cleaned_data["days"])
