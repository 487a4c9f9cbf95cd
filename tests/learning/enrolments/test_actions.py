"""Who studies what: assigning, enrolling, moving; repeating each harms nothing."""

import datetime
from uuid import uuid4

import pytest
from django.http import Http404
from django.utils import timezone

from learning.enrolments.access import get_enrolment, get_enrolment_or_404
from learning.enrolments.actions import assign_course, enrol, mark_started, save_goal
from learning.enrolments.models import Assignment, Enrolment, TrainingGoal
from learning.organisations.actions import end_membership, place_member
from tests.learning.organisations.factories import SINCE, make_member, make_unit, make_user

pytestmark = pytest.mark.django_db

COURSE = uuid4()
TODAY = datetime.date(2026, 11, 22)
SOON = TODAY + datetime.timedelta(days=20)


def assign(unit, due_on=SOON, required=True):
    return assign_course(course_key=COURSE, unit=unit, due_on=due_on, required=required, by=None)


def test_assigning_enrols_the_subtree_and_nobody_else():
    one, other = make_unit("Một"), make_unit("Khác")
    room = make_unit("Phòng", parent=one)
    here, below, outside = make_member(one), make_member(room), make_member(other)
    assign(one)
    found = {e.user_id: e for e in Enrolment.objects.all()}
    assert set(found) == {here.pk, below.pk}
    assert found[below.pk].unit_id == room.pk
    assert all(e.required and e.due_on == SOON for e in found.values())
    assert outside.pk not in found


def test_assigning_again_adds_only_who_has_come_and_carries_the_new_date():
    unit = make_unit()
    make_member(unit)
    assign(unit)
    make_user()
    later = SOON + datetime.timedelta(days=7)
    assert assign(unit, due_on=later).pk == assign(unit, due_on=later).pk
    assert Assignment.objects.count() == 1
    assert [e.due_on for e in Enrolment.objects.all()] == [later]


def test_who_enrolled_herself_is_bound_by_an_assignment():
    unit = make_unit()
    user = make_member(unit)
    own = enrol(user=user, course_key=COURSE)
    assert not own.required
    assign(unit)
    own.refresh_from_db()
    assert own.required
    assert own.due_on == SOON


def test_anothers_assignment_keeps_its_terms():
    city = make_unit("Thành phố")
    room = make_unit("Phòng", parent=city)
    make_member(room)
    assign(room, due_on=SOON)
    assign(city, due_on=SOON + datetime.timedelta(days=60))
    assert Enrolment.objects.get().due_on == SOON


def test_enrolling_twice_is_one_enrolment():
    user = make_member(make_unit())
    assert enrol(user=user, course_key=COURSE) == enrol(user=user, course_key=COURSE)
    assert Enrolment.objects.count() == 1


def test_the_first_start_counts():
    enrolment = enrol(user=make_member(make_unit()), course_key=COURSE)
    first = timezone.now()
    stale = Enrolment.objects.get(pk=enrolment.pk)
    mark_started(enrolment=enrolment, at=first)
    mark_started(enrolment=stale, at=first + datetime.timedelta(hours=1))
    enrolment.refresh_from_db()
    assert enrolment.started_at == stale.started_at == first


def test_enrolments_follow_their_person():
    old, new = make_unit("Cũ"), make_unit("Mới")
    user = make_member(old)
    enrolment = enrol(user=user, course_key=COURSE)
    place_member(user=user, unit=new, on=SINCE)
    enrolment.refresh_from_db()
    assert enrolment.unit_id == new.pk
    end_membership(user=user, on=SINCE)
    enrolment.refresh_from_db()
    assert enrolment.unit_id is None


def test_who_joins_is_assigned_what_the_unit_and_those_above_were():
    city = make_unit("Thành phố")
    room = make_unit("Phòng", parent=city)
    due = timezone.localdate() + datetime.timedelta(days=5)
    assign(city, due_on=due)
    user = make_member(room)
    enrolment = Enrolment.objects.get(user=user)
    assert (enrolment.due_on, enrolment.required) == (due, True)


def test_a_date_that_has_passed_is_not_held_against_who_joins():
    unit = make_unit()
    assign(unit, due_on=timezone.localdate() - datetime.timedelta(days=1))
    assert Enrolment.objects.get(user=make_member(unit)).due_on is None


def test_overdue_begins_the_day_after():
    unit = make_unit()
    make_member(unit)
    assign(unit, due_on=TODAY)
    assert not Enrolment.objects.overdue(on=TODAY).exists()
    assert Enrolment.objects.overdue(on=TODAY + datetime.timedelta(days=1)).count() == 1


def test_the_door_opens_to_ones_own_enrolment_only():
    unit = make_unit()
    user, colleague = make_member(unit), make_member(unit)
    enrolment = enrol(user=user, course_key=COURSE)
    assert get_enrolment(user, COURSE) == enrolment
    assert get_enrolment(colleague, COURSE) is None
    with pytest.raises(Http404):
        get_enrolment_or_404(colleague, COURSE)


def test_a_goal_saved_twice_is_one_goal():
    other = uuid4()
    for keys in ([COURSE], [COURSE, other], [other]):
        save_goal(name="Chỉ tiêu", decision="QĐ", target_percent=80, due_on=SOON, course_keys=keys)
    goal = TrainingGoal.objects.get()
    assert [course.course_key for course in goal.courses.all()] == [other]
