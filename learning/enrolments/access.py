"""The only door to a person's enrolment."""

from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, QuerySet, UUIDField
from django.http import Http404

from learning.enrolments.models import Enrolment
from quizzes.prepared import prepared_models


def get_enrolment(user: Any, course_key: UUID) -> Enrolment | None:
    """The person's own enrolment in the course; None without one or without a log-in."""
    return enrolment_of(user.pk, course_key) if user.is_authenticated else None


def enrolment_of(user_id: int, course_key: UUID) -> Enrolment | None:
    """As `get_enrolment`, for the id of a person who is known."""
    return _enrolment.first(user_id, course_key)


def get_enrolment_or_404(user: Any, course_key: UUID) -> Enrolment:
    """As `get_enrolment`. Raises `Http404` where that returns None."""
    enrolment = get_enrolment(user, course_key)
    if enrolment is None:
        raise Http404
    return enrolment


def hold_enrolment(pk: int) -> Enrolment:
    """The enrolment with its row locked until the transaction ends."""
    held = _held.first(pk)
    if held is None:
        raise Enrolment.DoesNotExist
    return held


@prepared_models(BigIntegerField(), UUIDField())
def _enrolment(user_id: int, course_key: UUID) -> QuerySet[Enrolment]:
    return Enrolment.objects.counted().filter(user_id=user_id, course_key=course_key)


@prepared_models(BigIntegerField())
def _held(pk: int) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(pk=pk).select_for_update()
