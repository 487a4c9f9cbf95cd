"""Verification codes: fourteen signs that a person can read out, the last one a check.

Crockford's base 32 leaves out I, L, O and U; Z goes too, because it is easily taken for 2 and 31
signs, a prime number of them, let the check sign find any single wrong sign and any swap of two
neighbours. Thirteen random signs are 64 bits: codes can't be guessed or counted through.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"
_RANDOM_SIGNS = 13
_READ_AS = str.maketrans("OILZ", "0112")
_PRIME = len(ALPHABET)


def new_code() -> str:
    """A fresh code as it is printed: «7K3M-92QF-XWAB-4C»."""
    return printed("".join(secrets.choice(ALPHABET) for _sign in range(_RANDOM_SIGNS)), check=True)


def printed(signs: str, *, check: bool = False) -> str:
    """`signs` in groups of four; with `check` its check sign is added first."""
    whole = signs + _check_sign(signs) if check else signs
    return "-".join(whole[at : at + 4] for at in range(0, len(whole), 4))


def read_code(typed: str) -> str | None:
    """The code that was meant, as printed; None if it can't be one.

    Case, spaces and dashes don't matter; O is read as 0, I and L as 1, Z as 2.
    """
    signs = "".join(c for c in typed.upper() if c.isalnum()).translate(_READ_AS)
    if len(signs) != _RANDOM_SIGNS + 1 or any(c not in ALPHABET for c in signs):
        return None
    return printed(signs) if _check_sign(signs[:-1]) == signs[-1] else None


def _check_sign(signs: str) -> str:
    """A weighted sum modulo a prime: one wrong sign always changes it."""
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, start=1))
    return ALPHABET[total % _PRIME]
