"""allauth, made ours: its sessions and second factors stay, its words and limits don't."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from axes.helpers import get_client_ip_address
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import login as django_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.limits import may_try

BACKEND = "portal.accounts.backends.PersonBackend"
_WRONG_CODE = gettext_lazy("That code is not right. Look at the newest one and type it again.")
_TOO_MANY = gettext_lazy("Too many wrong codes. Wait fifteen minutes, then try again.")
SECOND_FACTOR_TRIES, SECOND_FACTOR_SECONDS = 10, 15 * 60


class AccountAdapter(DefaultAccountAdapter):
    """Logging in and out by allauth's stages."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _WRONG_CODE,
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
        "account_inactive": gettext_lazy("This account is closed. Ask your agency's HR officer."),
    }

    def login(self, request: HttpRequest, user: Any) -> None:
        """Begin the session; its person is read by our backend's prepared query."""
        django_login(request, user, backend=BACKEND)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's own messages («signed in as …») say what the page shows anyway."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Letters about security are ours: `portal.accounts.letters`."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address axes counts by, so that both mean the same."""
        return get_client_ip_address(request) or "0.0.0.0"  # noqa: S104

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A closed account gets a page that says so."""
        return render(request, "accounts/closed.html", status=403)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Signing up has a door of its own: `portal.accounts.joining`."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted; names and messages are Vietnamese."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _WRONG_CODE,
        "cannot_delete_authenticator": gettext_lazy("Your work needs a second factor."),
    }

    def encrypt(self, text: str) -> str:
        """`text` under a key made of the site's secret key."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` was given; older secret keys (SECRET_KEY_FALLBACKS) are tried too."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        """«Khóa 2» for who gave her second passkey no name."""
        known = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Key %(number)d") % {"number": known + 1}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """How the person is named on her phone; the handle tells nothing about her."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.full_name, "name": user.get_username()}

    def get_totp_label(self, user: Any) -> str:
        """How the person is named in her app."""
        return str(user.get_username())

    def _get_site_name(self) -> str:
        return settings.WAGTAIL_SITE_NAME

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """See `AccountAdapter.send_notification_mail`."""


def may_try_second_factor(user: Any) -> bool:
    """Count a try of a code of the second factor; False once there were too many."""
    return may_try(
        "second-factor", user.pk, limit=SECOND_FACTOR_TRIES, seconds=SECOND_FACTOR_SECONDS
    )


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"accounts.second:" + force_bytes(key)).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
