"""What a saved answer carries beside the options chosen."""

from __future__ import annotations

from django import forms


class AnswerForm(forms.Form):
    """Who sent it, and in which order: see `AttemptItem.client` and `.sequence`."""

    client = forms.CharField(max_length=64, required=False)
    sequence = forms.IntegerField(min_value=0, max_value=2**62, required=False, localize=False)
