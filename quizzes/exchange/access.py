"""Who may bring questions in and take them out."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from quizzes.exchange.models import Import


def may_import(user: Any) -> bool:
    """Whoever may add questions."""
    return bool(user.has_perm("bank.add_question"))


def may_update(user: Any) -> bool:
    """Whether an import of this person may change questions that the bank has."""
    return bool(user.has_perm("bank.change_question"))


def may_publish(user: Any) -> bool:
    """Whether this person's import may be asked at once."""
    return bool(user.has_perm("bank.publish_question"))


def may_export(user: Any) -> bool:
    """Whoever may change questions, as a file holds their keys."""
    return bool(user.has_perm("bank.change_question"))


def imports_of(user: Any) -> QuerySet[Import]:
    """The imports this person may see: her own."""
    return Import.objects.filter(user_id=user.pk)
