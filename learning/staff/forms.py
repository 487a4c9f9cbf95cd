"""What an officer fills in. Cells of a list and fields of a form are read by the same functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.organisations.models import Unit
from learning.staff.finding import Person, birth_fields, birth_text
from learning.staff.models import Sex
from learning.staff.people import Told
from learning.staff.reading.headers import LABELS, Field, Header
from learning.staff.reading.records import POSITION_LENGTH, Record
from learning.staff.reading.values import (
    NAME_LENGTH,
    Birth,
    CellError,
    read_birth,
    read_code,
    read_email,
    read_name,
    read_phone,
    read_text,
)

# An indent a level, so that a flat list shows the tree.
_INDENT = "\u2003"


def unit_choices(units: Any) -> list[tuple[str, str]]:
    """Units for a select, indented as they hang in the tree."""
    rows = list(units.values_list("pk", "depth", "name"))
    top = min((depth for _pk, depth, _name in rows), default=1)
    return [(str(pk), f"{_INDENT * (depth - top)}{name}") for pk, depth, name in rows]


class _UnitsForm(forms.Form):
    """A form with a unit out of those the officer manages."""

    unit = forms.ChoiceField(label=gettext_lazy("Unit"))

    def __init__(self, *args: Any, units: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._units = units
        chosen = self.fields["unit"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = unit_choices(units)
        for one in self.fields.values():
            if not isinstance(one.widget, forms.CheckboxInput):
                one.widget.attrs.setdefault("class", "field__input")

    def clean_unit(self) -> Unit:
        """The unit itself."""
        return self._units.get(pk=self.cleaned_data["unit"])


class UploadForm(_UnitsForm):
    """A file, whose it is, and whether all of them stand in it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Excel (.xlsx) or CSV, at most 20 MB."),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    complete = forms.BooleanField(
        label=gettext_lazy("The list is complete: whoever does not stand in it has left"),
        required=False,
    )
    field_order = ["unit", "file", "complete"]


class ColumnsForm(forms.Form):
    """What each column says, as recognised, to be corrected."""

    complete = forms.BooleanField(
        label=gettext_lazy("The list is complete: whoever does not stand in it has left"),
        required=False,
    )
    loose_units = forms.BooleanField(
        label=gettext_lazy(
            "People of divisions that are not in the tree belong to the unit itself"
        ),
        required=False,
    )

    def __init__(self, *args: Any, header: Header, **options: Any) -> None:
        super().__init__(*args, **options)
        self.header = header
        choices = [("", _("(not read)")), *((str(one), str(LABELS[one])) for one in Field)]
        self.columns = [column for column in range(len(header.titles)) if self._is_shown(column)]
        for column in self.columns:
            self.fields[f"column-{column}"] = forms.ChoiceField(
                label=header.titles[column] or _("(no title)"),
                choices=choices,
                required=False,
                initial=str(header.fields.get(column, "")),
                widget=forms.Select(attrs={"class": "field__input"}),
            )

    def _is_shown(self, column: int) -> bool:
        return bool(self.header.titles[column]) or column in self.header.fields

    def clean(self) -> dict[str, Any]:
        """Each field once, a name among them."""
        told = super().clean() or self.cleaned_data
        chosen: dict[str, int] = {}
        for column in self.columns:
            one = told.get(f"column-{column}", "")
            if one and one in chosen and one != Field.NOTE:
                self.add_error(
                    f"column-{column}",
                    _("“%(field)s” is another column already.") % {"field": LABELS[Field(one)]},
                )
            elif one:
                chosen[one] = column
        if not {Field.NAME, Field.GIVEN} & chosen.keys():
            raise ValidationError(_("Say which column holds the names."))
        return told

    @property
    def mapping(self) -> dict[int, Field]:
        """The fields by column, once valid."""
        told = {column: self.cleaned_data[f"column-{column}"] for column in self.columns}
        return {column: Field(one) for column, one in told.items() if one}


def _read(read: Callable[..., Any], value: Any, **options: Any) -> Any:
    try:
        return read(value, **options)
    except CellError as error:
        raise ValidationError(str(error)) from error


class PersonForm(_UnitsForm):
    """One person."""

    full_name = forms.CharField(label=gettext_lazy("Full name"), max_length=NAME_LENGTH)
    staff_code = forms.CharField(
        label=gettext_lazy("Staff code"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Empty for a new person: a code is made."),
    )
    email = forms.CharField(label=gettext_lazy("E-mail"), required=False, max_length=254)
    phone = forms.CharField(label=gettext_lazy("Phone"), required=False, max_length=40)
    birth = forms.CharField(
        label=gettext_lazy("Date or year of birth"),
        required=False,
        help_text=gettext_lazy("dd/mm/yyyy, or the year alone"),
        max_length=20,
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"), required=False, choices=[("", "–"), *Sex.choices]
    )
    position = forms.CharField(
        label=gettext_lazy("Position"), required=False, max_length=POSITION_LENGTH
    )
    field_order = [
        "full_name",
        "unit",
        "position",
        "staff_code",
        "email",
        "phone",
        "birth",
        "sex",
    ]

    def clean_full_name(self) -> str:
        """The name in Unicode, with capitals."""
        return str(_read(read_name, self.cleaned_data["full_name"]))

    def clean_staff_code(self) -> str:
        """The code in capitals."""
        return str(_read(read_code, self.cleaned_data["staff_code"]))

    def clean_email(self) -> str:
        """The address in small letters."""
        return str(_read(read_email, self.cleaned_data["email"]))

    def clean_phone(self) -> str:
        """The number in digits."""
        return str(_read(read_phone, self.cleaned_data["phone"]))

    def clean_birth(self) -> Birth | None:
        """The date, or the year."""
        found = _read(read_birth, self.cleaned_data["birth"], today=timezone.localdate())
        return found if isinstance(found, Birth) else None

    def clean_position(self) -> str:
        """One line of text."""
        return str(_read(read_text, self.cleaned_data["position"], most=POSITION_LENGTH))

    @property
    def told(self) -> Told:
        """What it says, once valid."""
        said = self.cleaned_data
        return Told(**{**said, "birth": birth_text(said["birth"])})

    @property
    def record(self) -> Record:
        """The same as a row of a list would say it."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "unit"}
        return Record(row=1, unit="", **said)


def person_initial(person: Person) -> dict[str, Any]:
    """The form filled in with the person as she is."""
    on, year = birth_fields(person.birth)
    return {
        "full_name": person.full_name,
        "unit": person.unit_id,
        "position": person.position,
        "staff_code": person.code,
        "email": person.email,
        "phone": person.phone,
        "sex": person.sex,
        "birth": f"{on:%d/%m/%Y}" if on else (str(year) if year else ""),
    }
