from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


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
    }
