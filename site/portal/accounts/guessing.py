"""Guessing at one account from many addresses: it rests, but its owner gets in.

axes pauses a pair of name and address after ten wrong passwords; a robot with a thousand addresses
would still have ten thousand guesses. After `WRONG_AN_HOUR` wrong passwords for one name the
password counts for the rest of the hour only at addresses where its owner has logged in before; she
has the code by mail as well, so nobody can lock her out.
"""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver

from portal.accounts.limits import may_try, tried
from portal.accounts.models import User, canonical_login

WRONG_AN_HOUR = 50


@receiver(user_login_failed, dispatch_uid="accounts.count_wrong_password")
def count_wrong_password(credentials: dict[str, Any], **_signal: Any) -> None:
    """One more wrong password for the person, whichever of her two names was typed."""
    typed = str(credentials.get("username") or "")
    if typed.strip():
        may_try("password", _whose(typed)[1], limit=WRONG_AN_HOUR, seconds=3600)


def is_paused(typed: str, *, address: str) -> bool:
    """Does this account take no password from this address now?

    A name that nobody has is paused like any other: the answer tells nothing.
    """
    user, key = _whose(typed)
    if tried("password", key) < WRONG_AN_HOUR:
        return False
    return user is None or not UserSession.objects.filter(user=user, ip=address).exists()


def _whose(typed: str) -> tuple[User | None, str]:
    """The person with this name, and what her tries are counted under."""
    try:
        user = User.objects.get_by_natural_key(typed)
    except User.DoesNotExist:
        return None, canonical_login(typed)
    return user, f"person {user.pk}"
