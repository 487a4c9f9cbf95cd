"""What of the log is asked for. What is typed wrongly is told beside its field and left aside."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from learning.audit.words import acts
from learning.vietnamese import DAY_FORMATS

# Field → its part of the address.
PARTS = {"person": "nguoi", "act": "viec", "unit": "don-vi", "since": "tu", "until": "den"}


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=100,
        help_text=help_text,
        widget=forms.TextInput(
            attrs={"class": "field__input", "type": "search", "autocomplete": "off"}
        ),
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(
            attrs={"class": "field__input", "placeholder": "dd/mm/yyyy", "autocomplete": "off"}
        ),
        error_messages={"invalid": gettext_lazy("Write the day as dd/mm/yyyy.")},
    )


class LogForm(forms.Form):
    """The questions one may put to the log; each is a part of the address."""

    person = _text(gettext_lazy("Person"))
    act = forms.ChoiceField(
        label=gettext_lazy("Act"),
        required=False,
        widget=forms.Select(attrs={"class": "field__input"}),
    )
    unit = _text(gettext_lazy("Unit"))
    since = _day(gettext_lazy("From"))
    until = _day(gettext_lazy("Until the end of"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        act = self.fields["act"]
        assert isinstance(act, forms.ChoiceField)
        act.choices = [("", gettext_lazy("All acts")), *acts()]

    def add_prefix(self, field_name: str) -> str:
        """The name in the address, which is Vietnamese everywhere."""
        return PARTS.get(field_name, field_name)

    @property
    def told(self) -> dict[str, Any]:
        """What was said rightly; call `is_valid` first."""
        return {name: self.cleaned_data.get(name) or None for name in self.fields}
