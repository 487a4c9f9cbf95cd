"""What a person types about her data, and what an officer answers."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from learning.privacy.models import DataRequest
from learning.vietnamese import nfc

# Who logs in elsewhere (one log-in for all systems) has no password here: a fresh log-in counts.
FRESH_SECONDS = 600


class NameForm(forms.Form):
    """The right name, and why."""

    new_name = forms.CharField(label=gettext_lazy("Right full name"), max_length=120)
    wish = forms.CharField(
        label=gettext_lazy("What is wrong, and where the right name stands"),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_new_name(self) -> str:
        name = nfc(self.cleaned_data["new_name"])
        if name == self.person.full_name:
            raise forms.ValidationError(_("This is the name that is kept already."))
        if not any(sign.isalpha() for sign in name) or any(sign.isdigit() for sign in name):
            raise forms.ValidationError(_("A name has letters, and no digits."))
        return name


class WishForm(forms.Form):
    """What is asked, in her own words."""

    wish = forms.CharField(
        label=gettext_lazy("What you ask, and why (you may leave it empty)"),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
    )


class CopyForm(forms.Form):
    """In which form, and the password once more: a copy is all there is about her."""

    form = forms.ChoiceField(
        label=gettext_lazy("Form of the file"),
        choices=[
            ("zip", gettext_lazy("ZIP: pages and tables to read, for people")),
            ("json", gettext_lazy("JSON: one file, for programs")),
        ],
        initial="zip",
        widget=forms.RadioSelect,
    )
    password = forms.CharField(
        label=gettext_lazy("Password"), widget=forms.PasswordInput, required=False
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        person: Any = request.user
        self.asks_password: bool = person.has_usable_password()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        user: Any = self.request.user
        if not self.asks_password:
            seconds = (
                (timezone.now() - user.last_login).total_seconds() if user.last_login else None
            )
            if seconds is None or seconds > FRESH_SECONDS:
                raise forms.ValidationError(
                    _("For your safety, log out and in again, then download within ten minutes.")
                )
            return data
        password = data.get("password") or ""
        if not password:
            self.add_error("password", _("Give your password: a copy holds all there is of you."))
            return data
        # Through the backends, so that wrong tries are counted and stopped as at the log-in.
        known = authenticate(self.request, username=user.get_username(), password=password)
        if known is None or known.pk != user.pk:
            self.add_error("password", _("That is not your password. Nothing was downloaded."))
        return data


class AnswerForm(forms.Form):
    """Yes or no; a no says why."""

    decision = forms.ChoiceField(
        label=pgettext_lazy("request", "Decision"),
        choices=[("grant", gettext_lazy("Accept")), ("refuse", gettext_lazy("Refuse"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose: accept or refuse.")},
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer to the person"),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "refuse" and not (data.get("answer") or "").strip():
            self.add_error("answer", _("Say why you refuse: the person reads it."))
        return data

    @property
    def grants(self) -> bool:
        """Whether the request is granted."""
        return bool(self.cleaned_data["decision"] == "grant")


class EraseForm(forms.Form):
    """The second confirmation: nothing brings the data back."""

    sure = forms.BooleanField(
        label=gettext_lazy("I have read what is erased and know that it cannot be undone."),
        error_messages={"required": gettext_lazy("Tick the box to confirm.")},
    )
    full_name = forms.CharField(
        label=gettext_lazy("Type the person's full name to confirm"), max_length=120
    )

    def __init__(self, *args: Any, request: DataRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_full_name(self) -> str:
        name = nfc(self.cleaned_data["full_name"])
        if name != self.request.person.full_name:
            raise forms.ValidationError(_("This is not the person's full name."))
        return name
