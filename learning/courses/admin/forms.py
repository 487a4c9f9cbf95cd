"""Forms of the register in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminAutoHeightTextInput

from learning.courses.models import SourceReview
from learning.courses.register.actions import note_news


class SourceForm(WagtailAdminModelForm):
    """A source; a new amendment, successor or end is news to all who cite it."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        for name in ("amended_by", "replaced_by"):
            if self.instance.pk and self.instance in cleaned.get(name, ()):
                self.add_error(name, gettext("A source cannot change itself."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        note_news(self.instance, changed=set(self.changed_data))
        return super().save(commit=commit)


class ReviewForm(forms.Form):
    """The verdict on a content whose sources have news; `seen` is the latest that was on screen."""

    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=SourceReview.Verdict.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Remarks"),
        required=False,
        max_length=2000,
        widget=AdminAutoHeightTextInput,
        help_text=_("What was compared, and what was corrected."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, latest: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = latest
        self.initial["seen"] = latest

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned is not None and cleaned.get("seen") != self.latest:
            # Shown anew with the news that came meanwhile.
            data: Any = self.data
            self.data = data = data.copy()
            data["seen"] = self.latest
            raise ValidationError(
                gettext("More news of the sources has come meanwhile. Look at it, then save again.")
            )
        return cleaned
