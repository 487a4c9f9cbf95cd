"""The kinds of question: one module each, all reached through `get_kind`.

A kind checks a question's content, reads an answer from what a form sends, and grades it:
pure functions without a database.
"""

from __future__ import annotations

from quizzes.bank.kinds.base import BadAnswerError, Kind
from quizzes.bank.kinds.multiple import Multiple
from quizzes.bank.kinds.single import Single
from quizzes.bank.kinds.true_false import TrueFalse

_KINDS: dict[str, Kind] = {kind.name: kind for kind in (Single(), Multiple(), TrueFalse())}


def get_kind(name: str) -> Kind:
    """The kind called `name`; `KeyError` for an unknown one."""
    return _KINDS[name]


def kind_names() -> list[str]:
    """The names of all kinds."""
    return list(_KINDS)


__all__ = ["BadAnswerError", "Kind", "get_kind", "kind_names"]
