"""Codes of the second factor, and what a browser answers for a passkey."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.adapters import may_try_second_factor
from portal.accounts.limits import forget

WRONG = _("That code is not right. Look at the newest one and type it again.")
TOO_MANY = _("Too many wrong codes. Wait fifteen minutes, then try again.")
NO_PASSKEY = _("Your device and this site didn't agree on a passkey. Try again, or use a code.")


class _Counted(forms.Form):
    """A form whose tries are counted together for one person."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def count_try(self) -> None:
        """Raises `ValidationError` after too many."""
        if not may_try_second_factor(self.user):
            raise forms.ValidationError(TOO_MANY, code="paused")

    def right(self) -> None:
        """Begin counting anew."""
        forget("second-factor", self.user.pk)


class FactorCodeForm(_Counted):
    """A code of her app, or one of her recovery codes."""

    code = forms.CharField(
        label=_("Code"), max_length=40, error_messages={"required": _("Type the code.")}
    )

    def clean_code(self) -> Authenticator:
        """The factor whose code it is."""
        self.count_try()
        typed = "".join(sign for sign in self.cleaned_data["code"] if sign.isalnum())
        factors = Authenticator.objects.filter(user=self.user).exclude(
            type=Authenticator.Type.WEBAUTHN
        )
        for factor in factors:
            if factor.wrap().validate_code(typed):
                self.right()
                return factor
        raise forms.ValidationError(WRONG, code="wrong")


class NewAppForm(_Counted):
    """The first code of an app that is being set up."""

    code = forms.CharField(
        label=_("Code in the app"), max_length=12, error_messages={"required": _("Type the code.")}
    )

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret = secret

    def clean_code(self) -> str:
        """It must be the one the app shows now."""
        self.count_try()
        typed = "".join(sign for sign in self.cleaned_data["code"] if sign.isdigit())
        if not validate_totp_code(self.secret, typed):
            raise forms.ValidationError(WRONG, code="wrong")
        self.right()
        return typed


class NewPasskeyForm(forms.Form):
    """What the browser answered when it was asked for a new passkey, and a name for it."""

    name = forms.CharField(label=_("Name of the key"), max_length=60, required=False)
    credential = forms.JSONField(widget=forms.HiddenInput, error_messages={"required": NO_PASSKEY})

    def clean_credential(self) -> dict[str, Any]:
        """A new key made for this site, this person and this question."""
        credential: dict[str, Any] = self.cleaned_data["credential"]
        return _checked(credential, webauthn.parse_registration_response, self._complete)

    def _complete(self, credential: dict[str, Any]) -> dict[str, Any]:
        webauthn.complete_registration(credential)
        return credential


class PasskeyForm(_Counted):
    """What the browser answered when it was asked to show a passkey."""

    credential = forms.JSONField(widget=forms.HiddenInput, error_messages={"required": NO_PASSKEY})

    def clean_credential(self) -> Authenticator:
        """The passkey that was shown."""
        self.count_try()
        credential = self.cleaned_data["credential"]
        found: Authenticator = _checked(
            credential,
            webauthn.parse_authentication_response,
            lambda shown: webauthn.complete_authentication(self.user, shown),
        )
        self.right()
        return found


def _checked(credential: Any, parse: Any, complete: Any) -> Any:
    """`complete(credential)`; whatever a browser may send wrongly is one message."""
    try:
        parse(credential)
        return complete(credential)
    except (ValueError, TypeError, KeyError, forms.ValidationError) as error:
        raise forms.ValidationError(NO_PASSKEY, code="passkey") from error
    except Exception as error:
        # fido2 raises errors of its own and of cryptography for signatures that don't fit.
        if type(error).__module__.partition(".")[0] in ("fido2", "cryptography"):
            raise forms.ValidationError(NO_PASSKEY, code="passkey") from error
        raise
