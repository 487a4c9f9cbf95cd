"""Whom an assignment means, and that enrolments always agree with it."""

import datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learning.audit.models import Entry
from learning.enrolments.actions import enrol, mark_started
from learning.enrolments.assigning.actions import (
    end_assignment,
    end_exemption,
    exempt,
    extend,
    open_rounds,
    save_assignment,
)
from learning.enrolments.assigning.settling import settle
from learning.enrolments.models import Assignment, Audience, Enrolment, Repeats
from learning.organisations.actions import end_membership, place_member
from learning.organisations.models import Membership, UnitKind
from tests.learning.enrolments.factories import complete, make_assignment, present
from tests.learning.organisations.factories import SINCE, make_member, make_unit, make_user

pytestmark = pytest.mark.django_db

COURSE, OTHER = uuid4(), uuid4()


@pytest.fixture
def today():
    return timezone.localdate()


def day(days):
    return datetime.timedelta(days=days)


def enrolled(course=COURSE):
    found = Enrolment.objects.counted().filter(course_key=course)
    return set(found.values_list("user_id", flat=True))


def test_kinds_mean_units_of_the_kind_and_all_below_them():
    city = make_unit("Thành phố", kind=UnitKind.CITY)
    ward = make_unit("Phường Mẫu", parent=city, kind=UnitKind.WARD)
    office = make_unit("Văn phòng", parent=ward)
    department = make_unit("Sở Mẫu", parent=city, kind=UnitKind.DEPARTMENT)
    inside, below, _outside = make_member(ward), make_member(office), make_member(department)
    make_assignment(city, COURSE, audience=Audience.KINDS, kinds=[UnitKind.WARD])
    assert enrolled() == {inside.pk, below.pk}


def test_positions_are_compared_without_marks_and_in_part():
    unit = make_unit()
    head, deputy, clerk = make_user(), make_user(), make_user()
    for user, position in (
        (head, "Trưởng phòng"),
        (deputy, "PHÓ TRƯỞNG PHÒNG"),
        (clerk, "Thủ quỹ"),
    ):
        place_member(user=user, unit=unit, position=position, on=SINCE)
    make_assignment(unit, COURSE, audience=Audience.POSITIONS, positions=["truong phong"])
    assert enrolled() == {head.pk, deputy.pk}
    place_member(user=clerk, unit=unit, position="Phó Trưởng phòng", on=SINCE)
    settle([clerk.pk])
    assert enrolled() == {head.pk, deputy.pk, clerk.pk}


def test_a_list_means_its_people_as_long_as_they_are_there():
    unit, other = make_unit("Một"), make_unit("Khác")
    one, _two = make_member(unit), make_member(unit)
    make_assignment(unit, COURSE, audience=Audience.LIST, people=[one])
    assert enrolled() == {one.pk}
    place_member(user=one, unit=other, on=SINCE)
    assert enrolled() == set()
    place_member(user=one, unit=unit, on=SINCE)
    assert enrolled() == {one.pk}
    assert Enrolment.objects.count() == 1


def test_nobody_is_enrolled_before_it_opens(today):
    unit = make_unit()
    user = make_member(unit)
    make_assignment(unit, COURSE, opens_on=today + day(3), due_on=today + day(30))
    assert enrolled() == set()
    open_rounds(today=today + day(2))
    assert enrolled() == set()
    open_rounds(today=today + day(3))
    assert enrolled() == {user.pk}
    assert present(user, COURSE).due_on == today + day(30)


def test_who_comes_later_has_the_days_that_are_granted(today):
    unit = make_unit()
    make_assignment(unit, COURSE, due_on=today - day(1) + day(2), due_days=20)
    late = make_member(unit)
    assert present(late, COURSE).due_on == today + day(1)
    assignment = Assignment.objects.get()
    Assignment.objects.filter(pk=assignment.pk).update(
        created_at=timezone.now() - day(90), due_on=today - day(30)
    )
    later = make_member(unit)
    assert present(later, COURSE).due_on == today + day(20)


def test_who_leaves_is_withdrawn_and_comes_back_to_what_she_had(today):
    unit = make_unit()
    user = make_member(unit)
    make_assignment(unit, COURSE, due_on=today + day(10))
    mark_started(enrolment=present(user, COURSE), at=timezone.now())
    end_membership(user=user, on=today)
    left = present(user, COURSE)
    assert (left.withdrawn_on, left.unit_id) == (today, None)
    assert left.started_at is not None
    place_member(user=user, unit=unit, on=today)
    back = present(user, COURSE)
    assert (back.pk, back.withdrawn_on, back.unit_id) == (left.pk, None, unit.pk)
    assert back.started_at == left.started_at


def test_what_is_completed_stays_whatever_happens(today):
    unit = make_unit()
    user = make_member(unit)
    assignment = make_assignment(unit, COURSE, due_on=today + day(10))
    complete(present(user, COURSE))
    end_assignment(assignment=assignment, reason="Đổi kế hoạch", by=None)
    end_membership(user=user, on=today)
    kept = present(user, COURSE)
    assert (kept.withdrawn_on, kept.assignment_id) == (None, assignment.pk)


def test_an_ended_assignment_frees_who_has_begun_and_withdraws_who_has_not(today):
    unit = make_unit()
    begun, idle = make_member(unit), make_member(unit)
    assignment = make_assignment(unit, COURSE, due_on=today + day(10))
    mark_started(enrolment=present(begun, COURSE), at=timezone.now())
    with pytest.raises(ValidationError):
        end_assignment(assignment=assignment, reason="  ", by=None)
    assert end_assignment(assignment=assignment, reason="Nhầm", by=None).withdrawn == 1
    free = present(begun, COURSE)
    assert (free.required, free.due_on, free.assignment_id) == (False, None, None)
    assert present(idle, COURSE).withdrawn_on == today
    assert end_assignment(assignment=assignment, reason="Nhầm", by=None).withdrawn == 0


def test_a_required_assignment_takes_over_from_an_optional_one(today):
    city = make_unit("Thành phố")
    unit = make_unit("Phòng", parent=city)
    user = make_member(unit)
    make_assignment(unit, COURSE, required=False, due_on=today + day(50))
    wide = make_assignment(city, COURSE, required=True, due_on=today + day(20))
    found = present(user, COURSE)
    assert (found.assignment_id, found.required, found.due_on) == (
        wide.pk,
        True,
        today + day(20),
    )


def test_every_year_is_studied_anew_and_the_old_round_is_kept(today):
    unit = make_unit()
    done, idle = make_member(unit), make_member(unit)
    make_assignment(
        unit,
        COURSE,
        opens_on=today - day(5),
        due_on=today + day(25),
        repeats=Repeats.YEARLY,
    )
    complete(present(done, COURSE))
    next_year = today.replace(year=today.year + 1) if today.day < 29 else today + day(366)
    assert open_rounds(today=next_year - day(6)).rolled == 0
    assert open_rounds(today=next_year).rolled == 2
    assert open_rounds(today=next_year).rolled == 0
    for user in (done, idle):
        rounds = Enrolment.objects.filter(user=user).order_by("round")
        assert [(one.round, one.is_current) for one in rounds] == [(1, False), (2, True)]
        assert present(user, COURSE).counts_from is not None
    assert hasattr(Enrolment.objects.get(user=done, round=1), "completion")


def test_a_round_follows_each_persons_own_completion(today):
    unit = make_unit()
    early, late = make_member(unit), make_member(unit)
    make_assignment(unit, COURSE, repeats=Repeats.AFTER, repeat_months=12, due_days=30)
    complete(present(early, COURSE), on=today - day(400))
    complete(present(late, COURSE), on=today - day(10))
    assert open_rounds(today=today).rolled == 1
    assert open_rounds(today=today).rolled == 0
    assert present(early, COURSE).round == 2
    assert present(early, COURSE).due_on >= today - day(35) + day(30)
    assert present(late, COURSE).round == 1


def test_an_earlier_completion_counts_where_the_rule_says_so(today):
    unit = make_unit()
    old, fresh = make_member(unit), make_member(unit)
    for user, days in ((old, 500), (fresh, 50)):
        complete(enrol(user=user, course_key=COURSE), on=today - day(days))
    make_assignment(unit, COURSE, counts_since=today - day(365))
    assert present(fresh, COURSE).round == 1
    assert present(old, COURSE).round == 2
    assert not hasattr(present(old, COURSE), "completion")


def test_another_course_counts_instead(today):
    unit = make_unit()
    has, lacks = make_member(unit), make_member(unit)
    complete(enrol(user=has, course_key=OTHER))
    make_assignment(unit, COURSE, equivalents=[str(OTHER)])
    assert present(has, COURSE).exempt_on == today
    assert present(has, COURSE).exempt_reason
    assert present(lacks, COURSE).exempt_on is None


def test_exempting_and_extending_are_kept_with_their_reason(today):
    unit = make_unit()
    one, two, done = make_member(unit), make_member(unit), make_member(unit)
    assignment = make_assignment(unit, COURSE, due_on=today + day(5))
    complete(present(done, COURSE))
    everyone = Enrolment.objects.filter(assignment=assignment)
    with pytest.raises(ValidationError):
        exempt(enrolments=everyone, reason="", by=None)
    first = everyone.filter(user=one)
    assert exempt(enrolments=first, reason="Nghỉ thai sản", by=None) == 1
    assert exempt(enrolments=first, reason="Nghỉ thai sản", by=None) == 0
    assert extend(enrolments=everyone, due_on=today + day(9), reason="Đi công tác", by=None) == 1
    given_time = present(two, COURSE)
    assert (given_time.first_due_on, given_time.due_on) == (today + day(5), today + day(9))
    assert present(done, COURSE).due_on == today + day(5)
    assert end_exemption(enrolments=first, by=None) == 1
    about = Entry.objects.filter(about_type="accounts.user", about_key=str(one.pk))
    acts = about.values_list("act", flat=True)
    assert sorted(acts) == ["exemption-ended", "person-exempted"]
    # A due date that is changed for all takes nothing away that was granted to one.
    assignment.due_on = today + day(7)
    save_assignment(assignment=assignment, by=None)
    assert present(one, COURSE).due_on == today + day(7)
    assert present(two, COURSE).due_on == today + day(9)


def test_a_past_day_is_no_extension(today):
    unit = make_unit()
    make_member(unit)
    assignment = make_assignment(unit, COURSE, due_on=today + day(5))
    everyone = Enrolment.objects.filter(assignment=assignment)
    with pytest.raises(ValidationError) as caught:
        extend(enrolments=everyone, due_on=today - day(1), reason="Vì", by=None)
    assert list(caught.value.message_dict) == ["due_on"]


def test_a_thousand_people_cost_the_same_queries(django_assert_max_num_queries):
    unit = make_unit()
    users = [make_member(unit) for _number in range(3)]
    Assignment.objects.bulk_create([Assignment(unit=unit, course_key=COURSE)])
    with django_assert_max_num_queries(8):
        assert settle([users[0].pk]).new == 1
    with django_assert_max_num_queries(8):
        assert settle([user.pk for user in users]).new == 2
    with django_assert_max_num_queries(6):
        again = settle([user.pk for user in users])
    assert (again.new, again.changed, again.withdrawn) == (0, 0, 0)


STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["a", "b", "c", "leave", "start", "finish"])),
    max_size=12,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_the_order_enrolments_agree_with_places_and_assignments(db, steps):
    """Slow and plain beside it: who is counted, and that settling all once more changes nothing."""
    today = timezone.localdate()
    course = uuid4()
    top = make_unit("Trên")
    units = {"a": make_unit("A", parent=top), "b": make_unit("B", parent=top), "c": make_unit("C")}
    people = [make_member(units["a"]) for _number in range(3)]
    make_assignment(top, course, due_on=today + day(30))
    for number, step in steps:
        user = people[number]
        if step in units:
            place_member(user=user, unit=units[step], on=today)
        elif step == "leave":
            end_membership(user=user, on=today)
        else:
            enrolment = Enrolment.objects.filter(
                user=user, course_key=course, withdrawn_on__isnull=True, completion__isnull=True
            ).first()
            if enrolment and step == "start":
                mark_started(enrolment=enrolment, at=timezone.now())
            elif enrolment:
                mark_started(enrolment=enrolment, at=timezone.now())
                complete(enrolment)
    done = settle([user.pk for user in people])
    assert (done.new, done.changed, done.withdrawn, done.restored) == (0, 0, 0, 0)
    for user in people:
        place = Membership.objects.open().filter(user=user).first()
        found = Enrolment.objects.get(user=user, course_key=course)
        meant = place is not None and place.unit_id in (units["a"].pk, units["b"].pk)
        assert found.unit_id == (place.unit_id if place else None)
        if hasattr(found, "completion"):
            assert found.withdrawn_on is None
        elif meant:
            assert found.withdrawn_on is None
            assert found.assignment_id is not None
        else:
            assert found.withdrawn_on is not None or found.assignment_id is None
