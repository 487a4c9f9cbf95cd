"""What officers write about a certificate."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from learning.vietnamese import nfc


class ReasonForm(forms.Form):
    """Why a certificate shall be revoked or restored; whoever checks it will read this."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        error_messages={
            "required": _("Write the reason: it stands in the register and on the public page.")
        },
    )

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"])


class DecisionForm(forms.Form):
    """Yes or no, and why not."""

    decision = forms.ChoiceField(choices=[("approve", ""), ("decline", "")])
    note = forms.CharField(label=pgettext_lazy("register", "Note"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("decision") == "decline" and not told.get("note"):
            self.add_error("note", _("Write why you decline it."))
        return told
