"""Publishing in the admin makes the version that is asked."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from wagtail.models import Revision
from wagtail.signals import published

from quizzes.bank.actions import publish_question
from quizzes.bank.models import Question


@receiver(published, sender=Question, dispatch_uid="bank.question_published")
def question_published(instance: Question, revision: Revision, **_kwargs: Any) -> None:
    """Whoever saved the revision is who the version names."""
    publish_question(question=instance, user=revision.user)
