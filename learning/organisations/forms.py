"""The admin's form for a unit: its place in the tree is a field like any other."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from learning.organisations.actions import move_unit
from learning.organisations.models import Unit


class IndentedUnitField(forms.ModelChoiceField):
    """Units in the order of the tree, each as deep as it lies."""

    def label_from_instance(self, obj: Unit) -> str:
        return "\u2003" * (obj.depth - 1) + obj.name


class UnitForm(WagtailAdminModelForm):
    """A unit and the unit above it. treebeard wants nodes added, not saved, hence `save`."""

    parent = IndentedUnitField(label=_("Belongs to"), queryset=Unit.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        candidates = Unit.objects.all()
        if self.instance.pk:
            own = candidates.within(self.instance).order_by().values("pk")
            candidates = candidates.exclude(pk__in=own)
            parent = self.instance.get_parent()
            self.fields["parent"].initial = parent.pk if parent else None
        self.fields["parent"].queryset = candidates

    def save(self, commit: bool = True) -> Unit:
        """Add the new unit to the tree, or save it and move it where it now belongs."""
        unit: Unit = super().save(commit=False)
        if not commit:
            return unit
        parent = self.cleaned_data["parent"]
        if unit.pk is None:
            unit = parent.add_child(instance=unit) if parent else Unit.add_root(instance=unit)
            self.instance = unit
        else:
            unit.save()
            move_unit(unit=unit, parent=parent)
        return unit
