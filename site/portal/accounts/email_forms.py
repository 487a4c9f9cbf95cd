"""A new e-mail address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learning.vietnamese import nfc
from portal.accounts.models import User


class NewEmailForm(forms.Form):
    """The address to be confirmed; nobody else's."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        error_messages={
            "required": _("Type the new address."),
            "invalid": _("That is not an e-mail address; it looks like ten@vidu.vn."),
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        """In its one form; not hers already, nobody else's."""
        email = nfc(self.cleaned_data["email"]).lower()
        if email == self.user.email:
            raise forms.ValidationError(_("This is your address already."), code="same")
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Another account has this address."), code="taken")
        return email
