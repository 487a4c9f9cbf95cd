"""Keeping robots out without asking anybody outside.

A form carries a signed slip: when it was shown, and a small sum. Whoever sends it shows one of two
things: a number that took a computer a second to find (a script does that unseen), or the sum's
result, for those without a script. A field that people don't see stays empty, nobody types a form
in two seconds, and a slip is good once.
"""

import hashlib
import secrets
import time

from django.core import signing
from django.utils.translation import gettext as _

from portal.accounts.limits import may_try

_SALT = "accounts.joining"
TOO_QUICK, TOO_OLD = 2.0, 2 * 3600.0  # seconds
BITS = 14  # leading zeros of the hash: some 16,000 tries


class RobotError(Exception):
    """It may be a robot; the text says what a person does next."""


def new_slip(*, shown_at: float | None = None) -> str:
    """A slip for one showing of the form, now or at another moment (seconds since 1970)."""
    numbers = [2 + secrets.randbelow(8), 2 + secrets.randbelow(8)]
    moment = time.time() if shown_at is None else shown_at
    return signing.dumps([*numbers, secrets.token_hex(6), moment], salt=_SALT)


def question_of(slip: str) -> str:
    """The sum on a slip, in words that a person understands."""
    first, second = signing.loads(slip, salt=_SALT)[:2]
    return _("What is %(first)d plus %(second)d?") % {"first": first, "second": second}


def check(*, slip: str, trap: str, proof: str, answer: str) -> None:
    """Let a person through. Raises `RobotError`."""
    if trap:
        raise RobotError(_("The field that must stay empty was filled in. Leave it empty."))
    try:
        first, second, _rest, shown_at = signing.loads(slip, salt=_SALT)
    except signing.BadSignature:
        raise RobotError(_("This page stood open too long. Send it once more.")) from None
    age = time.time() - shown_at
    if age > TOO_OLD:
        raise RobotError(_("This page stood open too long. Send it once more."))
    if age < TOO_QUICK:
        raise RobotError(_("That was very quick. Send it once more."))
    if not (is_proof(slip, proof) or answer.strip() == str(first + second)):
        raise RobotError(_("Answer the little sum, as a digit or two."))
    if not may_try("slip", slip, limit=1, seconds=int(TOO_OLD)):
        raise RobotError(_("This page was sent already. Send it once more."))


def is_proof(slip: str, proof: str) -> bool:
    """Does the hash of slip and number begin with enough zeros?"""
    if not (proof.isascii() and proof.isdigit() and len(proof) < 12):
        return False
    found = hashlib.sha256(f"{slip}.{proof}".encode()).digest()
    return int.from_bytes(found[:4], "big") >> (32 - BITS) == 0
