"""What a learner does in a sitting, by its addresses."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from quizzes.attempts.models import Attempt, AttemptItem

JSON = {"HTTP_ACCEPT": "application/json"}


def url(name, attempt, *args):
    return reverse(f"attempts:{name}", args=[attempt.pk, *args])


def save(browser, attempt, position, *keys, **extra):
    return browser.post(url("save", attempt, position), {"answer": keys, **extra}, **JSON)


def answer_all(client, attempt, key="a"):
    for item in attempt.items.all():
        assert save(client, attempt, item.position, key).status_code == 200


def given():
    """The questions that have been answered."""
    return AttemptItem.objects.filter(saved_at__isnull=False)


def late(attempt):
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() - timedelta(seconds=31))
