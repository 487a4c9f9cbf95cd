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
    """One more wrong password for this name."""
    name = canonical_login(str(credentials.get("username") or ""))
    if name:
        may_try("password", name, limit=WRONG_AN_HOUR, seconds=3600)


def is_paused(typed: str, *, address: str) -> bool:
    """Does this account take no password from this address now?

    A name that nobody has is paused like any other: the answer tells nothing.
    """
    name = canonical_login(typed)
    if tried("password", name) < WRONG_AN_HOUR:
        return False
    try:
        user = User.objects.get_by_natural_key(name)
    except User.DoesNotExist:
        return True
    return not UserSession.objects.filter(user=user, ip=address).exists()
