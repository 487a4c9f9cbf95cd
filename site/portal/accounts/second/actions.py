"""Second factors are added, taken away and reset. Each act is audited and told by mail."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction
from django.http import HttpRequest

from learning.audit.actions import record
from portal.accounts.entry.passwords import tell_of_change
from portal.accounts.models import User


@transaction.atomic
def add_app(*, request: HttpRequest, user: Any, secret: str) -> Authenticator:
    """Codes of an app made with `secret` count from now on; an app set up earlier no longer."""
    _lock(user)
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    made: Authenticator = TOTP.activate(user, secret).instance
    _added(request, user, made)
    return made


@transaction.atomic
def add_passkey(
    *, request: HttpRequest, user: Any, name: str, credential: dict[str, Any]
) -> Authenticator:
    """The passkey that this response of the browser holds, already checked, counts from now on."""
    _lock(user)
    made: Authenticator = WebAuthn.add(user, name, credential).instance
    _added(request, user, made)
    return made


@transaction.atomic
def remove_factor(*, user: Any, pk: int) -> bool:
    """Take one of her factors away; recovery codes go with the last.

    False where she has no such.
    """
    _lock(user)
    factor = Authenticator.objects.filter(user=user, pk=pk).first()
    if factor is None:
        return False
    kind = factor.type
    factor.delete()
    delete_dangling_recovery_codes(user)
    record(act="second-factor-removed", by=user, about=user, kind=kind)
    tell_of_change(user, "second")
    return True


@transaction.atomic
def renew_recovery_codes(*, user: Any) -> None:
    """Ten new recovery codes; the old ones count no longer."""
    _lock(user)
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
    record(act="recovery-codes-renewed", by=user, about=user)


@transaction.atomic
def reset_second_factor(*, user: Any, by: Any) -> int:
    """An administrator takes away all of a person's factors, who has lost them; how many.

    She sets up new ones when she logs in next, where her work needs one.
    """
    _lock(user)
    gone, _kinds = Authenticator.objects.filter(user=user).delete()
    if gone:
        record(act="second-factor-reset", by=by, about=user, count=gone)
        tell_of_change(user, "second")
    return gone


def recovery_codes_of(user: Any) -> list[str]:
    """Her codes not used yet, in groups of four digits."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    codes = row.wrap().get_unused_codes() if row else []
    return [f"{code[:4]} {code[4:]}" for code in codes]


def _added(request: HttpRequest, user: Any, factor: Authenticator) -> None:
    RecoveryCodes.activate(user)
    # She has just shown it: this session needs no further proof.
    record_authentication(request, user, "mfa", id=factor.pk, type=factor.type)
    record(act="second-factor-added", by=user, about=user, kind=factor.type)
    tell_of_change(user, "second")


def _lock(user: Any) -> None:
    User.objects.select_for_update().get(pk=user.pk)
