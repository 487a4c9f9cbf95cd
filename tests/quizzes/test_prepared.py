"""Prepared queries: the ORM's answer, without the ORM's preparation, on the database under test."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import models, transaction
from django.utils import timezone

from learning.enrolments.models import Enrolment
from learning.progress.models import LessonRead
from portal.accounts.models import User
from quizzes.bank.models import Quiz
from quizzes.prepared import prepared, prepared_models, prepared_update
from tests.factories import EnrolmentFactory, UserFactory

pytestmark = pytest.mark.django_db


@prepared(models.BigIntegerField(), models.UUIDField())
def _reads(user_id, course_key):
    return Enrolment.objects.filter(user_id=user_id, course_key=course_key).values_list(
        "course_key", "created_at", "lessons_read__lesson_key"
    )


@prepared_models(models.CharField(), models.DateTimeField())
def _joined_before(email, day):
    return User.objects.filter(email=email, date_joined__lt=day)


def test_it_gives_what_the_orm_gives():
    enrolment = EnrolmentFactory(course_key=uuid.uuid4())
    for key in (uuid.uuid4(), uuid.uuid4()):
        LessonRead.objects.create(enrolment=enrolment, lesson_key=key, read_at=timezone.now())
    asked = Enrolment.objects.filter(pk=enrolment.pk).values_list(
        "course_key", "created_at", "lessons_read__lesson_key"
    )
    assert sorted(_reads.rows(enrolment.user_id, enrolment.course_key)) == sorted(asked)


def test_each_execution_has_its_own_values():
    first, second = (EnrolmentFactory(course_key=uuid.uuid4()) for _n in range(2))
    for enrolment in (first, second, first):
        row = _reads.first(enrolment.user_id, enrolment.course_key)
        assert row == (enrolment.course_key, enrolment.created_at, None)
    assert _reads.first(first.user_id, uuid.uuid4()) is None
    assert _reads.rows(0, first.course_key) == []


def test_models_are_as_the_orm_gives_them():
    person, later = UserFactory(), timezone.now() + timedelta(days=1)
    found = _joined_before.first(person.email, later)
    assert found == person
    assert {f.attname: getattr(found, f.attname) for f in User._meta.concrete_fields} == {
        f.attname: getattr(person, f.attname) for f in User._meta.concrete_fields
    }
    assert found._state.adding is False
    assert _joined_before.all(person.email, timezone.now() - timedelta(days=1)) == []


def test_it_is_one_query(django_assert_num_queries):
    person = UserFactory()
    for _time in ("made", "kept"):
        with django_assert_num_queries(1):
            _joined_before.first(person.email, timezone.now())


def test_too_few_values_are_refused():
    with pytest.raises(TypeError, match="takes 2 values"):
        _reads.rows(1)


def test_what_is_typed_stays_a_value():
    @prepared(models.CharField())
    def titled(title):
        return Quiz.objects.filter(title=title).values_list("pk")

    quiz = Quiz.objects.create(title="100% '; DROP TABLE x; -- %s")
    assert titled.rows("100% '; DROP TABLE x; -- %s") == [(quiz.pk,)]
    assert titled.rows("%") == []


def test_a_lock_is_taken_inside_a_transaction():
    @prepared(models.BigIntegerField())
    def held(pk):
        return User.objects.filter(pk=pk).select_for_update(no_key=True).values_list("email")

    person = UserFactory()
    with transaction.atomic():
        assert held.first(person.pk) == (person.email,)


@prepared_update(models.DateTimeField(), models.BigIntegerField())
def _join(at, pk):
    return User.objects.filter(pk=pk), {"date_joined": at}


def test_an_update_writes_what_the_orm_would_and_tells_how_many():
    person, other = UserFactory(), UserFactory()
    at = timezone.now() - timedelta(days=3)
    assert _join.execute(at, person.pk) == 1
    assert User.objects.get(pk=person.pk).date_joined == at
    assert User.objects.get(pk=other.pk).date_joined != at
    assert _join.execute(at, 0) == 0
    with pytest.raises(TypeError):
        _join.execute(at)
