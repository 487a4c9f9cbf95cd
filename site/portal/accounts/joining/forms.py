"""Signing up as a citizen."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learning.vietnamese import nfc
from portal.accounts.joining import robots
from portal.accounts.joining.actions import open_courses


class SignUpForm(forms.Form):
    """Name, address, course, consent; and what tells a person from a robot."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=120,
        error_messages={
            "required": _("Type your full name, as it shall stand on the certificate.")
        },
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={
            "required": _("Type your e-mail address."),
            "invalid": _("That is not an e-mail address; it looks like ten@vidu.vn."),
        },
    )
    course = forms.TypedChoiceField(
        label=_("Course"), error_messages={"required": _("Choose a course.")}
    )
    consent = forms.BooleanField(
        error_messages={"required": _("Without your consent no account can be made. Tick the box.")}
    )
    slip = forms.CharField(widget=forms.HiddenInput)
    proof = forms.CharField(widget=forms.HiddenInput, required=False)
    website = forms.CharField(label=_("Leave this empty"), required=False)
    answer = forms.CharField(required=False, max_length=10)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courses = [(str(key), title) for key, title in open_courses()]
        self.fields["course"].choices = self.courses  # type: ignore[attr-defined]
        self.new_slip = robots.new_slip()

    @property
    def question(self) -> str:
        """The sum on the slip that is shown now."""
        return robots.question_of(self.new_slip)

    def clean_full_name(self) -> str:
        """A name has letters, and no address in it: those are robots' names."""
        name = nfc(self.cleaned_data["full_name"])
        if not any(sign.isalpha() for sign in name) or "://" in name or "www." in name.lower():
            raise forms.ValidationError(_("Type your full name, without an address."))
        return name

    def clean_email(self) -> str:
        """In its one form."""
        return nfc(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        """Everything right: then the slip is looked at, and used up."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                robots.check(
                    slip=data["slip"],
                    trap=data["website"],
                    proof=data["proof"],
                    answer=data["answer"],
                )
            except robots.RobotError as error:
                raise forms.ValidationError(str(error), code="robot") from error
        return data
