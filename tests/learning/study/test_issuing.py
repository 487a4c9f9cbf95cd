"""Certificates in bulk for who completed without one: previewed, scoped, none twice."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.audit.models import Entry
from learning.certificates.models import Certificate
from learning.certificates.register.checking import check_chain
from learning.organisations.models import Responsibility
from learning.progress.actions import complete_course
from learning.study.issuing import actions
from tests.factories import (
    EnrolmentFactory,
    MembershipFactory,
    UnitFactory,
    UserFactory,
    make_course,
)
from tests.learning.certificates.factories import responsible

pytestmark = pytest.mark.django_db
ISSUING = "/so-cap-giay-chung-nhan/cap-hang-loat/"


@pytest.fixture
def course():
    return make_course(modules=1, lessons=1)


@pytest.fixture
def unit():
    return UnitFactory(name="UBND phường Lê Chân")


def completed(course, unit, **user):
    """A completion that no certificate followed."""
    started = datetime.date(2020, 1, 1)
    member = MembershipFactory(
        user=UserFactory(**user), unit=unit, position="Chuyên viên", on=started
    )
    enrolment = EnrolmentFactory(user=member.user, course_key=course.key)
    completion, _new = complete_course(
        enrolment=enrolment,
        course=course.outline,
        unit=unit,
        percent=Decimal("85.5"),
        at=timezone.now() - datetime.timedelta(days=3),
    )
    return completion


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(reply):
    return [row for row, _title, _result in reply.context["rows"]]


def test_who_is_previewed_and_ticked_gets_what_was_shown(course, unit):
    officer = responsible(unit)
    first, second, unticked = (completed(course, unit) for _n in range(3))
    client = logged_in(officer)
    assert shown(client.get(ISSUING)) == [first, second, unticked]
    for _time in range(2):
        client.post(ISSUING, {"who": [first.pk, second.pk]})
    made = list(Certificate.objects.order_by("number"))
    assert [one.enrolment for one in made] == [first.enrolment, second.enrolment]
    certificate = made[0]
    assert (certificate.unit_id_then, certificate.unit_name) == (unit.pk, unit.name)
    assert (certificate.position, certificate.result) == ("Chuyên viên", "Đạt (85,5%)")
    assert certificate.completed_on == timezone.localdate(first.completed_at)
    assert certificate.course_title == course.outline.title
    assert shown(client.get(ISSUING)) == [unticked]
    logged = Entry.objects.get(act="certificates-issued-in-bulk")
    assert (logged.by, logged.details) == (officer, {"count": 2})
    assert check_chain("SKHCN").problems == ()


def test_only_of_ones_own_units(course, unit):
    other = UnitFactory()
    mine, hers = completed(course, unit), completed(course, other)
    client = logged_in(responsible(unit))
    client.post(ISSUING, {"who": [mine.pk, hers.pk, "x", "99999999999"]})
    assert [one.enrolment for one in Certificate.objects.all()] == [mine.enrolment]
    assert client.get(f"{ISSUING}?don-vi={other.pk}").status_code == 404
    auditor = responsible(unit, role=Responsibility.Role.AUDITOR)
    for person in (UserFactory(), auditor):
        assert logged_in(person).get(ISSUING).status_code == 404
        assert logged_in(person).post(ISSUING, {"who": [hers.pk]}).status_code == 404
    chief = UserFactory()
    chief.user_permissions.add(Permission.objects.get(codename="manage_register"))
    assert shown(logged_in(chief).get(ISSUING)) == [hers]


def test_a_preview_costs_the_same_whatever_it_holds(course, unit):
    client = logged_in(responsible(unit))
    completed(course, unit)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(ISSUING)
        return len(asked)

    count()
    one = count()
    for _n in range(2):
        completed(course, unit)
    assert count() == one


def test_many_come_in_portions(course, unit, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    chosen = actions.without_certificate(None, courses=[course.key])
    for _n in range(3):
        completed(course, unit)
    by = responsible(unit)
    assert [actions.issue_to(chosen, unit=unit, by=by) for _n in range(3)] == [2, 1, 0]
    assert Certificate.objects.count() == 3
