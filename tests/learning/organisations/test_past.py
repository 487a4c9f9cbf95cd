"""Any past day can be read, and any gone unit leads to those of today."""

import datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.audit.models import Entry
from learning.organisations.changing.actions import (
    NotWaitingError,
    apply_due_changes,
    decide_change,
    take_back,
)
from learning.organisations.changing.plans import Share, Target
from learning.organisations.changing.preview import make_preview
from learning.organisations.models import EarlierState, Unit, UnitChange
from learning.organisations.queries import (
    Present,
    find_units,
    members_on,
    tree_on,
    unit_on,
    units_below_on,
    units_standing_for,
)
from learning.organisations.tasks import apply_unit_changes
from tests.learning.organisations.changes import DAY, done, new, plan
from tests.learning.organisations.factories import make_member, make_unit

pytestmark = pytest.mark.django_db
ONE = datetime.timedelta(days=1)
BEFORE = DAY - ONE


def test_what_it_was_called_and_where_it_hung():
    root, other = make_unit("Thành phố"), make_unit("Nơi khác")
    unit = make_unit("Tên Một", parent=root)
    done(plan("rename", unit, name="Tên Hai", short_name="T2", unit_kind="ward"))
    done(plan("move", unit, parent=other.pk, day=DAY + ONE))
    done(plan("rename", unit, name="Tên Ba", unit_kind="ward", day=DAY + 2 * ONE))
    told = [unit_on(unit, DAY + shift * ONE) for shift in (-1, 0, 1, 2)]
    assert [(u.name, u.label, u.kind, u.parent) for u in told] == [
        ("Tên Một", "Tên Một", "division", root.pk),
        ("Tên Hai", "T2", "ward", root.pk),
        ("Tên Hai", "T2", "ward", other.pk),
        ("Tên Ba", "Tên Ba", "ward", other.pk),
    ]
    assert unit_on(unit, unit.valid_from - ONE) is None


def test_two_changes_on_a_day_leave_one_earlier_state():
    root, other = make_unit("Thành phố"), make_unit("Nơi khác")
    unit = make_unit("Tên Một", parent=root)
    done(plan("rename", unit, name="Tên Hai", unit_kind="ward"))
    done(plan("move", unit, parent=other.pk))
    assert EarlierState.objects.filter(unit=unit).count() == 1
    assert (unit_on(unit, BEFORE).name, unit_on(unit, BEFORE).parent) == ("Tên Một", root.pk)
    assert (unit_on(unit, DAY).name, unit_on(unit, DAY).parent) == ("Tên Hai", other.pk)


def test_the_tree_of_a_day_before_a_merger():
    root = make_unit("Thành phố")
    one, two = make_unit("Một", parent=root), make_unit("Hai", parent=root)
    room = make_unit("Phòng", parent=one)
    done(plan("merge", one, two, into=new("moi", "Mới", root)))
    merged = Unit.objects.get(code="moi")
    before, after = tree_on(BEFORE), tree_on(DAY)
    assert set(before) == {root.pk, one.pk, two.pk, room.pk}
    assert before[room.pk].parent == one.pk
    assert set(after) == {root.pk, merged.pk, room.pk}
    assert after[room.pk].parent == merged.pk

    def below(parent, day):
        return {unit.pk for unit in units_below_on(parent, day)}

    assert below(root, BEFORE) == {one.pk, two.pk}
    assert below(one, BEFORE) == {room.pk}
    assert below(root, DAY) == {merged.pk}
    assert below(merged, DAY) == {room.pk}
    assert below(one, DAY) == below(merged, BEFORE) == set()
    assert below(None, BEFORE) == {root.pk}


def test_names_of_the_day_come_with_the_list():
    root = make_unit("Thành phố")
    unit = make_unit("Cũ", parent=root)
    done(plan("rename", unit, name="Mới", unit_kind="ward"))
    assert [u.name_then for u in units_below_on(root, BEFORE)] == ["Cũ"]
    assert [(u.name_then, u.name) for u in units_below_on(root, DAY)] == [(None, "Mới")]


def test_units_are_found_by_names_they_had_and_by_code():
    unit = make_unit("Quận Hải An")
    done(plan("rename", unit, name="Phường Đông Hải", unit_kind="ward"))
    for text in ("hai an", "DONG HAI", unit.code):
        assert list(find_units(text)) == [unit]
    assert not find_units("do son").exists()


def test_successors_through_chains_of_mergers_and_splits():
    root = make_unit("Thành phố")
    a, b, c = (make_unit(name, parent=root) for name in "ABC")
    done(plan("merge", a, b, into=new("ab", "AB", root)))
    ab = Unit.objects.get(code="ab")
    shares = (Share(new("bac", "Bắc", root)), Share(new("nam", "Nam", root)))
    done(plan("split", ab, shares=shares, remainder=1, day=DAY + ONE))
    bac, nam = Unit.objects.get(code="bac"), Unit.objects.get(code="nam")
    done(plan("merge", bac, into=Target(unit=c.pk), day=DAY + 2 * ONE))
    gone = make_unit("Không ai nhận", parent=root)
    done(plan("close", gone))
    units = [a, ab, bac, nam, c, gone]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        told = units_standing_for([unit.pk for unit in units], today=timezone.localdate())
    assert len(queries) == 2
    assert [set(told[unit.pk]) for unit in units] == [
        {c.pk, nam.pk},
        {c.pk, nam.pk},
        {c.pk},
        {nam.pk},
        {c.pk},
        set(),
    ]
    present = Present(today=timezone.localdate())
    assert present.of_person(a.pk, {DAY + ONE: [bac.pk]}) == c.pk
    assert present.of_person(a.pk, {DAY + ONE: [nam.pk]}) == nam.pk
    assert present.of_person(a.pk, {}) is None
    assert present.of_person(gone.pk, {}) is None
    assert present.split_days == {DAY + ONE}


def test_people_on_a_day():
    root = make_unit("Thành phố")
    one, two = make_unit("Một", parent=root), make_unit("Hai", parent=root)
    user = make_member(one)
    done(plan("merge", one, into=Target(unit=two.pk)))
    assert [row.unit for row in members_on(BEFORE)] == [one]
    assert [row.unit for row in members_on(DAY)] == [two]
    assert [row.user for row in members_on(DAY)] == [user]


# --- changes that wait ------------------------------------------------------------------------


@pytest.fixture
def waiting():
    """A merger decided for the day after tomorrow."""
    root = make_unit("Thành phố")
    one, two = make_unit("Một", parent=root), make_unit("Hai", parent=root)
    day = timezone.localdate() + 2 * ONE
    user = make_member(one)
    asked = plan("merge", one, into=new("moi", "Mới", root), day=day, dissolve=True)
    asked_too = plan("merge", one, two, into=asked.into, day=day)
    seen = make_preview(asked_too).seen
    return decide_change(plan=asked_too, seen=seen, by=user), user


def test_a_change_for_a_day_to_come_waits(waiting):
    change, _user = waiting
    assert change.is_waiting
    assert not Unit.objects.filter(code="moi").exists()
    assert apply_due_changes() == []
    assert apply_due_changes(today=change.day - ONE) == []
    assert {part.unit.name for part in change.parts.all()} == {"Một", "Hai"}
    assert Entry.objects.get(act="unit-change-planned").details["decision"] == change.decision


def test_on_its_day_it_comes_true_once(waiting):
    change, user = waiting
    assert [c.pk for c in apply_due_changes(today=change.day)] == [change.pk]
    assert apply_due_changes(today=change.day) == []
    change.refresh_from_db()
    merged = Unit.objects.get(code="moi")
    assert change.applied_at
    assert change.counts == change.expected
    assert merged.valid_from == change.day
    assert user.memberships.get(ended_on=None).unit == merged
    assert Entry.objects.get(act="unit-merge").by == user


def test_who_came_meanwhile_moves_too(waiting):
    change, _user = waiting
    late = make_member(Unit.objects.get(name="Hai"))
    apply_due_changes(today=change.day)
    change.refresh_from_db()
    assert late.memberships.get(ended_on=None).unit.code == "moi"
    assert (change.expected["people"], change.counts["people"]) == (1, 2)


def test_what_became_impossible_says_why_and_stops_no_other(waiting):
    change, _user = waiting
    other = make_unit("Ba")
    asked = plan("rename", other, name="Bốn", unit_kind="ward", day=change.day)
    decide_change(plan=asked, seen=make_preview(asked).seen, by=None)
    taken = make_unit("Đã có")
    Unit.objects.filter(pk=taken.pk).update(code="moi")
    apply_due_changes(today=change.day)
    change.refresh_from_db()
    assert change.is_waiting
    assert "moi" in change.problem
    assert Unit.objects.get(pk=other.pk).name == "Bốn"
    Unit.objects.filter(pk=taken.pk).delete()
    apply_due_changes(today=change.day)
    change.refresh_from_db()
    assert (bool(change.applied_at), change.problem) == (True, "")


def test_a_waiting_change_is_taken_back(waiting):
    change, user = waiting
    take_back(change=change, by=user)
    take_back(change=change, by=user)
    assert apply_due_changes(today=change.day) == []
    assert UnitChange.objects.get(pk=change.pk).undone_by == user
    assert Entry.objects.filter(act="unit-change-taken-back").count() == 1


def test_what_came_true_is_not_taken_back(waiting):
    change, user = waiting
    apply_due_changes(today=change.day)
    with pytest.raises(NotWaitingError):
        take_back(change=change, by=user)


def test_the_task_and_the_command_apply_what_is_due(waiting, capsys):
    change, _user = waiting
    assert apply_unit_changes.call() == "0 applied, 0 refused"
    UnitChange.objects.filter(pk=change.pk).update(day=timezone.localdate())
    told = {**change.plan, "day": timezone.localdate().isoformat()}
    UnitChange.objects.filter(pk=change.pk).update(plan=told)
    call_command("apply_unit_changes")
    assert "applied" in capsys.readouterr().out
    assert Unit.objects.filter(code="moi").exists()


def test_a_code_promised_to_a_waiting_change_is_taken(waiting):
    with pytest.raises(Exception, match="moi"):
        done(plan("open", into=new("moi", "Phường Khác")))
