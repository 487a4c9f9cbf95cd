"""Forms of sittings in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateTimeInput

from quizzes.attempts.models import Allowance
from quizzes.attempts.times import allow, check_outage


class AllowanceForm(WagtailAdminModelForm):
    """An allowance; the person is named as she logs in, not chosen from a list of millions."""

    person = forms.CharField(
        label=capfirst(_("person")), help_text=_("E-mail address or staff code."), max_length=254
    )

    field_order = ("person",)

    class Meta:
        model = Allowance
        fields = ("quiz", "extra_minutes", "extra_attempts", "closes_at", "reason")
        widgets = {"closes_at": AdminDateTimeInput(), "reason": AdminAutoHeightTextInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # Whose it is stays; another person gets an allowance of her own.
            self.fields["person"].initial = str(self.instance.taker)
            self.fields["person"].disabled = True
            self.fields["quiz"].disabled = True

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned is not None and not self.instance.pk and "person" in cleaned:
            self._find_taker(cleaned["person"].strip())
        return cleaned

    def _find_taker(self, name: str) -> None:
        people = get_user_model()._default_manager
        try:
            self.instance.taker = people.get_by_natural_key(name)
        except get_user_model().DoesNotExist:
            self.add_error("person", gettext("Nobody has this e-mail address or staff code."))
            return
        quiz = self.cleaned_data.get("quiz")
        if quiz and Allowance.objects.filter(taker=self.instance.taker, quiz=quiz).exists():
            self.add_error(
                "person",
                gettext("This person has an allowance for this quiz already; change that one."),
            )

    def save(self, commit: bool = True) -> Any:
        if not commit:
            return super().save(commit=False)
        return allow(allowance=self.instance, user=self.for_user)


class OutageForm(forms.Form):
    """From when to when the site could not be used, and what those concerned are told."""

    began_at = forms.DateTimeField(label=capfirst(_("outage from")), widget=AdminDateTimeInput())
    ended_at = forms.DateTimeField(label=capfirst(_("outage to")), widget=AdminDateTimeInput())
    message = forms.CharField(
        label=capfirst(_("message to those concerned")),
        max_length=300,
        widget=AdminAutoHeightTextInput(),
        help_text=_("Stands on the page of every attempt that gets the time back."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "began_at" in cleaned and "ended_at" in cleaned:
            try:
                check_outage(
                    began_at=cleaned["began_at"],
                    ended_at=cleaned["ended_at"],
                    now=timezone.now(),
                )
            except ValidationError as error:
                self.add_error(None, error)  # carries the names of its fields
        return cleaned
