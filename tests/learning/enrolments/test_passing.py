"""A merger takes no due date from anybody, and assignments live on in the successor."""

import datetime
from uuid import uuid4

import pytest
from django.utils import timezone

from learning.enrolments.models import Assignment, Enrolment
from learning.organisations.changing.preview import make_preview
from learning.organisations.models import Unit
from tests.learning.enrolments.factories import complete, make_assignment, present
from tests.learning.organisations.changes import done, new, plan
from tests.learning.organisations.factories import make_member, make_unit

pytestmark = pytest.mark.django_db
COURSE = uuid4()


@pytest.fixture
def wards():
    root = make_unit("Thành phố")
    return root, make_unit("Phường Một", parent=root), make_unit("Phường Hai", parent=root)


def merge(root, *units):
    return plan("merge", *units, day=timezone.localdate(), into=new("moi", "Phường Mới", root))


def test_an_assignment_goes_on_in_the_merged_unit(wards):
    root, one, two = wards
    due = timezone.localdate() + datetime.timedelta(days=9)
    late = timezone.localdate() - datetime.timedelta(days=9)
    idle, finished, other = make_member(one), make_member(one), make_member(two)
    assignment = make_assignment(one, COURSE, due_on=due)
    Enrolment.objects.filter(user=idle).update(due_on=late)
    complete(present(finished, COURSE))
    asked = merge(root, one, two)
    told = make_preview(asked).further
    assert sorted(told.values()) == [1]
    done(asked)
    merged = Unit.objects.get(code="moi")
    assignment.refresh_from_db()
    assert (assignment.unit_id, assignment.ended_on) == (merged.pk, None)
    for user in (idle, finished):
        held = present(user, COURSE)
        assert (held.assignment_id, held.unit_id, held.withdrawn_on) == (
            assignment.pk,
            merged.pk,
            None,
        )
    assert present(idle, COURSE).due_on == late
    assert present(other, COURSE).due_on == due
    newcomer = make_member(merged)
    assert present(newcomer, COURSE).assignment_id == assignment.pk


def test_two_assignments_of_one_course_become_one(wards):
    root, one, two = wards
    due = timezone.localdate() + datetime.timedelta(days=9)
    first, second = make_member(one), make_member(two)
    make_assignment(one, COURSE, due_on=due)
    make_assignment(two, COURSE, due_on=due + datetime.timedelta(days=5))
    done(merge(root, one, two))
    (held,) = Assignment.objects.in_force()
    assert {present(user, COURSE).assignment_id for user in (first, second)} == {held.pk}
    assert present(first, COURSE).due_on == due
    assert present(second, COURSE).due_on == due + datetime.timedelta(days=5)


def test_who_hangs_below_another_unit_is_assigned_what_that_one_was(wards):
    _root, one, two = wards
    room = make_unit("Phòng", parent=one)
    user = make_member(room)
    make_assignment(two, COURSE)
    assert Enrolment.objects.count() == 0
    done(plan("move", room, day=timezone.localdate(), parent=two.pk))
    assert present(user, COURSE).assignment.unit_id == two.pk
