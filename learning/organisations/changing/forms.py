"""The forms in which changes of units are planned. A valid form's `plan()` is checked already."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from learning.organisations.changing.checking import check
from learning.organisations.changing.effects import children
from learning.organisations.changing.fields import (
    PeopleLinesField,
    UnitLinesField,
    UnitTextField,
)
from learning.organisations.changing.plans import GOES_ON, Kind, Plan, Share, Target
from learning.organisations.models import Unit, UnitKind

_KINDS = [("", "—"), *UnitKind.choices]
_BY_CODE = gettext_lazy("Its code, or its name as it is today.")
FEWEST_PARTS, MOST_PARTS = 2, 8


class ChangeForm(forms.Form):
    """What every change has: the day, the decision, the reason."""

    kind = ""
    day = forms.DateField(
        label=gettext_lazy("Takes effect on"),
        widget=AdminDateInput,
        help_text=gettext_lazy("A day to come: the change waits and is applied on that day."),
    )
    decision = forms.CharField(
        label=gettext_lazy("Decision"),
        max_length=250,
        required=False,
        help_text=gettext_lazy("Number, date, issuer."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, required=False)

    def __init__(self, *args: Any, unit: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.fields["day"].initial = timezone.localdate
        # The questions of the change first, what every change has last.
        last = ["day", "decision", "reason"]
        self.order_fields([name for name in self.fields if name not in last] + last)

    def asked(self) -> dict[str, Any]:
        """The fields of the plan beside those every change has."""
        return {"units": (self.unit.pk,) if self.unit else ()}

    def plan(self) -> Plan:
        """What a valid form says."""
        data = self.cleaned_data
        return Plan(
            kind=self.kind,
            day=data["day"],
            decision=data["decision"],
            reason=data["reason"],
            **self.asked(),
        )

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if not self.errors:
            try:
                plan = self.plan()
                check(plan, now=plan.day <= timezone.localdate())
            except ValidationError as error:
                for field, found in error.error_dict.items():
                    self.add_error(field if field in self.fields else None, found)
        return data


def _new_fields() -> dict[str, forms.Field]:
    return {
        "name": forms.CharField(label=gettext_lazy("Name"), max_length=250, required=False),
        "short_name": forms.CharField(
            label=gettext_lazy("Short name"), max_length=80, required=False
        ),
        "code": forms.CharField(
            label=gettext_lazy("Code"),
            max_length=60,
            required=False,
            help_text=gettext_lazy("Letters without marks, digits, hyphens; never used before."),
        ),
        "unit_kind": forms.ChoiceField(label=gettext_lazy("Kind"), choices=_KINDS, required=False),
        "parent": UnitTextField(
            label=gettext_lazy("Belongs to"), required=False, help_text=_BY_CODE
        ),
    }


def _target(data: dict[str, Any]) -> Target:
    parent = data["parent"]
    return Target(
        code=data["code"].strip(),
        name=data["name"],
        short_name=data["short_name"],
        kind=data["unit_kind"],
        parent=parent.pk if parent else None,
    )


class OpenForm(ChangeForm):
    """A new unit."""

    kind = Kind.OPEN

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {**_new_fields(), **self.fields}
        if self.unit:
            self.fields["parent"].initial = self.unit.code

    def asked(self) -> dict[str, Any]:
        return {"into": _target(self.cleaned_data)}


class RenameForm(ChangeForm):
    """Another name, another kind."""

    kind = Kind.RENAME
    name = forms.CharField(label=gettext_lazy("New name"), max_length=250)
    short_name = forms.CharField(label=gettext_lazy("Short name"), max_length=80, required=False)
    unit_kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=UnitKind.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.unit:
            self.fields["name"].initial = self.unit.name
            self.fields["short_name"].initial = self.unit.short_name
            self.fields["unit_kind"].initial = self.unit.kind

    def asked(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            **super().asked(),
            "name": data["name"],
            "short_name": data["short_name"],
            "unit_kind": data["unit_kind"],
        }


class MoveForm(ChangeForm):
    """Another unit above."""

    kind = Kind.MOVE
    parent = UnitTextField(
        label=gettext_lazy("Belongs to, from that day"),
        required=False,
        help_text=gettext_lazy("Code or name of the unit above. Empty: to the top of the tree."),
    )

    def asked(self) -> dict[str, Any]:
        parent = self.cleaned_data["parent"]
        return {**super().asked(), "parent": parent.pk if parent else None}


class CloseForm(ChangeForm):
    """The unit ends, with all below it."""

    kind = Kind.CLOSE


class MergeForm(ChangeForm):
    """Several units become one: one that is there, or a new one."""

    kind = Kind.MERGE
    units = UnitLinesField(
        label=gettext_lazy("Units that are merged and close"),
        help_text=gettext_lazy("One a line, by code or name."),
    )
    into = UnitTextField(
        label=gettext_lazy("Into the existing unit"),
        required=False,
        help_text=gettext_lazy("Code or name. Empty: into a new unit, named below."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(_new_fields())
        self.fields["name"].label = gettext_lazy("New unit: name")
        self.fields["dissolve"] = forms.BooleanField(
            label=gettext_lazy("Close the sub-units too"),
            required=False,
            help_text=gettext_lazy(
                "Their people then work right in the new unit. Otherwise they hang below it."
            ),
        )
        self.fields["carry_roles"] = forms.BooleanField(
            label=gettext_lazy("Those responsible for the closed units are so for the new one"),
            required=False,
        )
        if self.unit:
            self.fields["units"].initial = self.unit.code
        self.order_fields(
            [name for name in self.fields if name not in ("day", "decision", "reason")]
        )

    def asked(self) -> dict[str, Any]:
        data = self.cleaned_data
        into = data["into"]
        return {
            "units": tuple(unit.pk for unit in data["units"]),
            "into": Target(unit=into.pk) if into else _target(data),
            "dissolve": data["dissolve"],
            "carry_roles": data["carry_roles"],
        }


class SplitForm(ChangeForm):
    """One unit becomes several: sub-units and listed people go, the rest follows a rule."""

    kind = Kind.SPLIT

    def __init__(self, *args: Any, parts: int = FEWEST_PARTS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = range(max(1, min(parts, MOST_PARTS)))
        common = {name: self.fields.pop(name) for name in list(self.fields)}
        for number in self.numbers:
            self.fields[f"into_{number}"] = UnitTextField(
                label=gettext_lazy("Existing unit"),
                required=False,
                help_text=gettext_lazy("Code or name. Empty: a new unit."),
            )
            for name, field in _new_fields().items():
                self.fields[f"{name}_{number}"] = field
            self.fields[f"people_{number}"] = PeopleLinesField(
                label=gettext_lazy("People who go there"),
                required=False,
                help_text=gettext_lazy("Staff code or e-mail, one a line."),
            )
        parts_choices = [
            (str(number), _("Part %(number)s") % {"number": number + 1}) for number in self.numbers
        ]
        self.subunits = children(self.unit, timezone.localdate()) if self.unit is not None else []
        for one in self.subunits:
            self.fields[f"goes_{one.pk}"] = forms.ChoiceField(
                label=one.name,
                required=False,
                choices=[("", _("with the remainder")), *parts_choices],
            )
        self.fields["remainder"] = forms.ChoiceField(
            label=gettext_lazy("The remainder: people and sub-units not named"),
            choices=[(str(GOES_ON), _("stays: the unit goes on")), *parts_choices],
        )
        self.fields["carry_roles"] = forms.BooleanField(
            label=gettext_lazy("Those responsible for it are so for whoever gets the remainder"),
            required=False,
        )
        self.fields.update(common)

    def part_fields(self) -> list[tuple[int, list[Any]]]:
        """For the template: number from 1, and the fields of each part."""
        names = ("into", *_new_fields(), "people")
        return [
            (number + 1, [self[f"{name}_{number}"] for name in names]) for number in self.numbers
        ]

    def subunit_fields(self) -> list[Any]:
        """For the template: where each sub-unit goes."""
        return [self[f"goes_{one.pk}"] for one in self.subunits]

    def asked(self) -> dict[str, Any]:
        data = self.cleaned_data
        shares: list[Share] = []
        renumbered: dict[int, int] = {}
        for number in self.numbers:
            into = data[f"into_{number}"]
            new = {name: data[f"{name}_{number}"] for name in _new_fields()}
            people = data[f"people_{number}"]
            units = tuple(one.pk for one in self.subunits if data[f"goes_{one.pk}"] == str(number))
            if not (into or new["name"] or new["code"] or people or units):
                continue  # a part left empty is none
            renumbered[number] = len(shares)
            shares.append(
                Share(
                    Target(unit=into.pk) if into else _target(new),
                    units=units,
                    people=people,
                )
            )
        rest = int(data["remainder"])
        return {
            **super().asked(),
            "shares": tuple(shares),
            "remainder": GOES_ON if rest == GOES_ON else renumbered.get(rest, len(shares)),
            "carry_roles": data["carry_roles"],
        }


FORMS: dict[str, type[ChangeForm]] = {
    str(form.kind): form
    for form in (OpenForm, RenameForm, MoveForm, MergeForm, SplitForm, CloseForm)
}
