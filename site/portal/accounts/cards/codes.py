"""Codes on activation cards: eight signs, the last one a check, as on certificates."""

import secrets

from learning.certificates.codes import ALPHABET, printed

_RANDOM_SIGNS = 7
_READ_AS = str.maketrans("OILZ", "0112")


def new_card_code() -> str:
    """A fresh code as it is printed: «7K3M-92QF». 31⁷ codes and ten tries: not to be guessed."""
    return printed("".join(secrets.choice(ALPHABET) for _sign in range(_RANDOM_SIGNS)), check=True)


def read_card_code(typed: str) -> str | None:
    """The code that was meant, as printed; None where the check sign tells a slip."""
    signs = "".join(c for c in typed.upper() if c.isalnum()).translate(_READ_AS)
    if len(signs) != _RANDOM_SIGNS + 1 or any(c not in ALPHABET for c in signs):
        return None
    return printed(signs) if printed(signs[:-1], check=True) == printed(signs) else None
