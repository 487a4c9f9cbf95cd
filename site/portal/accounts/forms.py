"""The forms of logging in; each says in Vietnamese what is wrong and what to do next."""

from typing import Any

from axes.helpers import get_client_ip_address
from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _

from portal.accounts.guessing import is_paused


class LoginForm(AuthenticationForm):
    """Log in with an e-mail address or a staff code."""

    username = forms.CharField(
        label=_("E-mail or staff code"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    error_messages = {
        "invalid_login": _(
            "That e-mail or staff code and password don't match. "
            "Check Caps Lock and the Vietnamese keyboard, then type them again."
        ),
        "inactive": _("This account is closed. Ask your agency's HR officer."),
        "paused": _(
            "Many wrong passwords came for this account from many places. For an hour it takes its "
            "password only where it was used before. Log in with a code by e-mail instead."
        ),
    }

    def clean(self) -> dict[str, Any]:
        """Check the password, unless the account rests from being guessed at."""
        name = self.cleaned_data.get("username")
        address = get_client_ip_address(self.request) if self.request else ""
        if name and is_paused(name, address=address or ""):
            raise forms.ValidationError(self.error_messages["paused"], code="paused")
        return super().clean()


class NameForm(forms.Form):
    """For whom a code is asked."""

    name = forms.CharField(
        label=_("E-mail or staff code"),
        max_length=254,
        error_messages={"required": _("Type your e-mail address or staff code.")},
    )


class CodeForm(forms.Form):
    """A code of digits, spaces allowed."""

    code = forms.CharField(
        label=_("Code"), max_length=40, error_messages={"required": _("Type the code.")}
    )


class NewPasswordForm(SetPasswordForm):
    """A new password, twice."""

    error_messages = {"password_mismatch": _("The two passwords differ. Type both again.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password2"].label = _("New password again")


class ChangePasswordForm(NewPasswordForm):
    """The old password, and a new one twice."""

    old_password = forms.CharField(label=_("Present password"), strip=False)

    field_order = ["old_password", "new_password1", "new_password2"]

    def clean_old_password(self) -> str:
        """It must be hers. Each guess is counted."""
        typed: str = self.cleaned_data["old_password"]
        check_own_password(self.user, typed)
        return typed


class ConfirmForm(forms.Form):
    """The password once more, before something that a stranger at her screen must not do."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        error_messages={"required": _("Type your password.")},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """It must be hers. Each guess is counted."""
        typed: str = self.cleaned_data["password"]
        check_own_password(self.user, typed)
        return typed


def check_own_password(user: Any, typed: str) -> None:
    """Raises `ValidationError` for a wrong password, or after too many of them."""
    from portal.accounts.limits import forget, may_try

    if not may_try("own-password", user.pk, limit=10, seconds=15 * 60):
        raise forms.ValidationError(
            _("Too many wrong passwords. Wait fifteen minutes, then try again."), code="paused"
        )
    if not user.check_password(typed):
        raise forms.ValidationError(_("That is not your present password."), code="wrong")
    forget("own-password", user.pk)
