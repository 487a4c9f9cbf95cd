"""The door to reports: who may see or change quizzes sees what was answered, without names."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.shortcuts import get_object_or_404
from wagtail.permission_policies import ModelPermissionPolicy

from quizzes.bank.models import Question, Quiz


def may_analyse(user: Any, model: type[Model]) -> bool:
    """Whether the person may see the reports of quizzes, or of questions."""
    policy = ModelPermissionPolicy(model)
    return bool(policy.user_has_any_permission(user, ["view", "change"]))


def get_quiz(user: Any, pk: int) -> Quiz:
    """The quiz, or 404; `PermissionDenied` for those who may not see its report."""
    if not may_analyse(user, Quiz):
        raise PermissionDenied
    return get_object_or_404(Quiz, pk=pk)


def get_question(user: Any, pk: int, *, of: type[Model] = Question) -> Question:
    """The question, or 404; `PermissionDenied` for those who may not see reports of `of`."""
    if not may_analyse(user, of):
        raise PermissionDenied
    return get_object_or_404(Question, pk=pk)
