"""What the attempts of a report are narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quizzes.analysis.counting import Selection, Which


class SelectionForm(forms.Form):
    """Which attempts count, and from when to when; everything may be left out."""

    which = forms.ChoiceField(label=_("Attempts"), choices=Which.choices, required=False)
    since = forms.DateField(
        label=_("Handed in from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=pgettext_lazy("day", "to"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def selection(self, **of: Any) -> Selection:
        """The selection; what cannot be understood is left out."""
        self.is_valid()
        cleaned = self.cleaned_data
        return Selection(
            which=cleaned.get("which") or Which.FIRST,
            since=cleaned.get("since"),
            until=cleaned.get("until"),
            **of,
        )
