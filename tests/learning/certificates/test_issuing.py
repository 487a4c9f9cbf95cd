"""Numbers without a gap, one certificate per enrolment, nothing printed changes afterwards."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction

from learning.certificates.actions import revoke_certificate
from learning.certificates.models import Certificate
from tests.factories import EnrolmentFactory, UserFactory
from tests.learning.certificates.factories import facts, issue
from tests.threads import at_once

PEOPLE, EACH = 8, 25


@pytest.mark.django_db
def test_issuing_twice_gives_the_same_certificate():
    enrolment = EnrolmentFactory(course_key=uuid4())
    first, second = issue(enrolment), issue(enrolment, full_name="Tên Khác")
    assert first == second
    assert Certificate.objects.get().full_name == enrolment.user.full_name


@pytest.mark.django_db
def test_a_new_one_is_issued_after_a_revoked_one():
    enrolment = EnrolmentFactory(course_key=uuid4())
    old = revoke_certificate(certificate=issue(enrolment), reason="Sai tên", by=UserFactory())
    new = issue(enrolment)
    assert (old.number, new.number) == (1, 2)
    assert old.code != new.code


@pytest.mark.django_db
def test_a_second_revocation_keeps_the_first_reason():
    certificate = issue()
    first = revoke_certificate(certificate=certificate, reason="Sai tên", by=UserFactory())
    again = revoke_certificate(certificate=certificate, reason="Khác", by=UserFactory())
    assert (again.revoked_reason, again.revoked_at) == ("Sai tên", first.revoked_at)


@pytest.mark.django_db
def test_a_later_change_of_the_person_leaves_the_certificate_alone():
    certificate = issue()
    name = certificate.full_name
    user = certificate.enrolment.user
    user.full_name = "Tên Đã Đổi"
    user.save()
    certificate.refresh_from_db()
    assert certificate.full_name == name


@pytest.mark.django_db
def test_one_that_fails_gives_its_number_back():
    issue()
    with pytest.raises(RuntimeError), transaction.atomic():
        assert issue().number == 2
        raise RuntimeError
    assert issue().number == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_numbers_have_no_gap_when_many_finish_at_once(settings):
    # The papers are not what is looked at here: the queue only notes them.
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    user = UserFactory()
    enrolments = [
        [EnrolmentFactory(user=user, course_key=uuid4()) for _n in range(EACH)]
        for _person in range(PEOPLE)
    ]

    def finish(mine):
        def run():
            for place, enrolment in enumerate(mine):
                if place % 5 == 2:
                    with pytest.raises(RuntimeError), transaction.atomic():
                        issue(enrolment)
                        raise RuntimeError
                issue(enrolment)

        return run

    at_once(*[finish(mine) for mine in enrolments])
    numbers = Certificate.objects.values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, PEOPLE * EACH + 1))


@pytest.mark.django_db
def test_facts_are_frozen():
    given = facts(EnrolmentFactory(course_key=uuid4()))
    with pytest.raises(AttributeError):
        given.full_name = "Khác"
