"""What a saved answer carries beside the options chosen, and what a quiz asks before it starts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quizzes.attempts.entering import Entry
from quizzes.bank.models import Quiz


class AnswerForm(forms.Form):
    """Who sent it, and in which order: see `AttemptItem.client` and `.sequence`."""

    client = forms.CharField(max_length=64, required=False)
    sequence = forms.IntegerField(min_value=0, max_value=2**62, required=False, localize=False)


class EntryForm(forms.Form):
    """The entry code and the agreement, where the quiz asks for them."""

    entry_code = forms.CharField(label=_("Entry code"), max_length=60, required=False)
    pledge = forms.BooleanField(label=_("I have read this and agree."), required=False)

    def __init__(self, *args: Any, quiz: Quiz, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not quiz.entry_code:
            del self.fields["entry_code"]
        if not quiz.honesty_note:
            del self.fields["pledge"]

    def entry(self) -> Entry:
        """What was typed and agreed to."""
        return Entry(
            code=self.cleaned_data.get("entry_code", ""),
            pledged=self.cleaned_data.get("pledge", False),
        )
