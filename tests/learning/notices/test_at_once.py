"""Two workers at one outbox: every notice goes out once."""

import pytest
from django.db import connection

from learning.notices.actions import Told, tell
from learning.notices.models import Letter
from learning.notices.tasks import run
from tests.learning.notices.test_sending import LONG_AGO
from tests.learning.organisations.factories import make_user
from tests.threads import at_once


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_workers_send_every_letter_once(post):
    people = [make_user() for _number in range(120)]
    tell(kind="thu-tu-chon", people=[Told(p.pk, f"k{p.pk}") for p in people], at=LONG_AGO)
    at_once(run, run)
    assert sorted(mail["To"] for mail in post.taken) == sorted(p.email for p in people)
    assert Letter.objects.filter(state="sent").count() == 120
