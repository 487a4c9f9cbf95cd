"""Sessions in the database: Django's own, the reading prepared, since every request reads one."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField, QuerySet
from django.utils import timezone

from quizzes.prepared import prepared


class SessionStore(db.SessionStore):
    """Django's store of sessions in the database."""

    def load(self) -> dict[str, Any]:
        """The session's data; empty, and the key forgotten, where there is none or it is over."""
        row = _data.first(self.session_key, timezone.now())
        if row is None:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(row[0])
        return data


@prepared(CharField(), DateTimeField())
def _data(session_key: str, now: datetime) -> QuerySet[Session, Any]:
    return Session.objects.filter(session_key=session_key, expire_date__gt=now).values_list(
        "session_data"
    )
