"""The only door to a person's enrolment."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from learning.enrolments.models import Enrolment


def get_enrolment(user: Any, course_key: UUID) -> Enrolment | None:
    """The person's own enrolment in the course; None without one or without a log-in."""
    if isinstance(user, AnonymousUser):
        return None
    # With its completion: every page that shows progress asks for both.
    return (
        Enrolment.objects.filter(user=user, course_key=course_key)
        .select_related("completion")
        .first()
    )


def get_enrolment_or_404(user: Any, course_key: UUID) -> Enrolment:
    """As `get_enrolment`. Raises `Http404` where that returns None."""
    enrolment = get_enrolment(user, course_key)
    if enrolment is None:
        raise Http404
    return enrolment
