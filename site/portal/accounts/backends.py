"""Who is behind a session: Django's own backend, its reading prepared."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import BigIntegerField, QuerySet

from portal.accounts.models import User
from quizzes.prepared import prepared_models


class PersonBackend(ModelBackend):
    """Log-in by e-mail or staff code with a password; permissions from groups."""

    def get_user(self, user_id: Any) -> User | None:
        """The person of a session; None if she is gone or may no longer log in."""
        user = _person.first(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


@prepared_models(BigIntegerField())
def _person(pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)
