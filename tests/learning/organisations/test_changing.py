"""Units are opened, renamed, moved, merged, split and closed; what was stays readable."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from learning.audit.models import Entry
from learning.organisations.actions import end_membership, make_responsible, place_member
from learning.organisations.changing.actions import ChangedSinceError, decide_change
from learning.organisations.changing.plans import GOES_ON, Share, Target, plan_from_json
from learning.organisations.changing.preview import make_preview, unseal
from learning.organisations.models import (
    EarlierState,
    Membership,
    Responsibility,
    Succession,
    Unit,
    UnitChange,
)
from learning.organisations.signals import members_moved, unit_change_effects, units_changed
from tests.learning.organisations.changes import DAY, done, new, plan
from tests.learning.organisations.factories import (
    SINCE,
    make_member,
    make_officer,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
BEFORE = DAY - datetime.timedelta(days=1)


@pytest.fixture
def root():
    return make_unit("Thành phố")


@pytest.fixture
def wards(root):
    """Two wards with a room each."""
    one, two = make_unit("Phường Một", parent=root), make_unit("Phường Hai", parent=root)
    return one, two, make_unit("Phòng Một", parent=one), make_unit("Phòng Hai", parent=two)


@pytest.fixture
def heard():
    """What the signals told."""
    told = []

    def hear(signal, **details):
        told.append(details)

    for signal in (members_moved, units_changed):
        signal.connect(hear)
    yield told
    for signal in (members_moved, units_changed):
        signal.disconnect(hear)


def where(user):
    return Membership.objects.get(user=user, ended_on=None).unit


def test_a_rename_keeps_the_name_it_had(root):
    unit = make_unit("Sở Cũ", parent=root)
    change = done(plan("rename", unit, name="Sở Mới", unit_kind="department"))
    unit.refresh_from_db()
    assert (unit.name, unit.kind) == ("Sở Mới", "department")
    earlier = EarlierState.objects.get(unit=unit)
    assert (earlier.name, earlier.kind, earlier.since, earlier.until, earlier.parent) == (
        "Sở Cũ",
        "division",
        unit.valid_from,
        DAY,
        root,
    )
    assert change.counts == change.expected
    assert change.counts["renamed"] == 1


def test_a_move_keeps_the_place_it_had(wards):
    one, two, room, _other = wards
    done(plan("move", room, parent=two.pk))
    assert Unit.objects.get(pk=room.pk).get_parent() == two
    assert EarlierState.objects.get(unit=room).parent == one
    assert Unit.find_problems() == ([], [], [], [], [])


def test_a_merger_into_a_new_unit(wards, root, heard):
    one, two, room, other = wards
    ann, binh, chi = make_member(one), make_member(two), make_member(room)
    change = done(plan("merge", one, two, into=new("p-moi", "Phường Mới", root)))
    merged = Unit.objects.get(code="p-moi")
    assert (merged.valid_from, merged.get_parent()) == (DAY, root)
    assert [where(ann), where(binh), where(chi)] == [merged, merged, room]
    assert Membership.objects.get(user=ann, unit=one).ended_on == DAY
    assert Membership.objects.get(user=ann, unit=merged).started_on == DAY
    for unit in (room, other):
        assert Unit.objects.get(pk=unit.pk).get_parent() == merged
    for unit in (one, two):
        unit.refresh_from_db()
        assert unit.valid_to == BEFORE
        assert Succession.objects.get(predecessor=unit).successor == merged
    expected = {"people": 2, "opened": 1, "closed": 2, "renamed": 0, "moved": 2, "roles": 0}
    assert change.counts == change.expected == expected
    assert heard[1]["moves"] == [(ann.pk, merged.pk), (binh.pk, merged.pk)]
    assert heard[0]["successors"] == {one.pk: [merged.pk], two.pk: [merged.pk]}
    assert Unit.find_problems() == ([], [], [], [], [])


def test_a_merger_that_dissolves_the_rooms(wards):
    one, two, room, _other = wards
    chi = make_member(room)
    change = done(plan("merge", one, into=Target(unit=two.pk), dissolve=True))
    assert where(chi) == two
    assert change.counts["closed"] == 2
    assert change.counts["moved"] == 0
    assert Unit.objects.get(pk=room.pk).valid_to == BEFORE
    assert Succession.objects.get(predecessor=room).successor == two


def test_a_room_merges_into_the_unit_above_it(wards):
    one, _two, room, _other = wards
    chi = make_member(room)
    done(plan("merge", room, into=Target(unit=one.pk)))
    assert where(chi) == one


def test_a_split_by_rooms_by_list_and_the_rest(wards, root):
    one, _two, room, _other = wards
    second = make_unit("Phòng Ba", parent=one)
    listed, rest, inside = make_member(one), make_member(one), make_member(room)
    north = Share(new("p-bac", "Phường Bắc", root), units=(room.pk,), people=(listed.pk,))
    south = Share(new("p-nam", "Phường Nam", root))
    change = done(plan("split", one, shares=(north, south), remainder=1))
    bac, nam = Unit.objects.get(code="p-bac"), Unit.objects.get(code="p-nam")
    assert [where(listed), where(rest), where(inside)] == [bac, nam, room]
    assert Unit.objects.get(pk=room.pk).get_parent() == bac
    assert Unit.objects.get(pk=second.pk).get_parent() == nam
    assert set(Succession.objects.values_list("successor", flat=True)) == {bac.pk, nam.pk}
    expected = {"people": 2, "opened": 2, "closed": 1, "renamed": 0, "moved": 2, "roles": 0}
    assert change.counts == change.expected == expected


def test_a_part_leaves_and_the_unit_goes_on(wards, root):
    one, _two, room, _other = wards
    stays, goes = make_member(one), make_member(room)
    part = Share(new("p-rieng", "Phường Riêng", root), people=(goes.pk,))
    done(plan("split", one, shares=(part,), remainder=GOES_ON))
    assert [where(stays).name, where(goes).name] == ["Phường Một", "Phường Riêng"]
    one.refresh_from_db()
    assert one.valid_to is None
    assert not Succession.objects.exists()


def test_a_unit_is_closed_with_the_empty_rooms_below(wards):
    one, _two, room, _other = wards
    done(plan("close", one))
    assert set(Unit.objects.filter(valid_to=BEFORE)) == {one, room}


def test_roles_end_with_the_unit_and_may_pass_on(wards):
    one, two, room, _other = wards
    officer = make_officer(one)
    make_responsible(user=officer, unit=room)
    deputy = make_user()
    make_responsible(user=deputy, unit=one, starts_on=DAY, ends_on=DAY)
    change = done(plan("merge", one, into=Target(unit=two.pk), carry_roles=True))
    assert change.counts["roles"] == 2
    held = Responsibility.objects.filter(user=officer).on(DAY)
    assert {role.unit for role in held} == {two, room}
    assert Responsibility.objects.get(user=officer, unit=one).ends_on == BEFORE
    # A role that would have begun with the day never was in the closed unit.
    assert [(r.unit, r.starts_on, r.ends_on) for r in deputy.responsibilities.all()] == [
        (two, DAY, DAY)
    ]


def test_a_day_in_the_past_takes_those_along_who_came_since(wards):
    one, two, _room, _other = wards
    later = make_user()
    place_member(user=later, unit=one, on=DAY + datetime.timedelta(days=9))
    left = make_member(one)
    end_membership(user=left, on=DAY + datetime.timedelta(days=5))
    done(plan("merge", one, into=Target(unit=two.pk)))
    rows = Membership.objects.filter(user=later).order_by("pk").values_list
    day = DAY + datetime.timedelta(days=9)
    assert list(rows("unit", "started_on", "ended_on")) == [
        (one.pk, day, day),
        (two.pk, day, None),
    ]
    history = Membership.objects.filter(user=left).order_by("pk")
    assert list(history.values_list("unit", "started_on", "ended_on")) == [
        (one.pk, SINCE, DAY),
        (two.pk, DAY, DAY + datetime.timedelta(days=5)),
    ]


def test_the_log_tells_who_did_what_by_which_decision(wards):
    one, two, *_rooms = wards
    chief = make_user()
    change = done(plan("merge", one, into=Target(unit=two.pk)), by=chief)
    entry = Entry.objects.get(act="unit-merge")
    assert (entry.by, entry.about_name, entry.unit_path) == (chief, "Phường Một", one.path)
    assert entry.details["decision"] == change.decision
    assert entry.details["counts"] == change.counts
    assert entry.details["into"] == ["Phường Hai"]


@pytest.mark.parametrize("meanwhile", ["person", "role", "name", "room"])
def test_what_changed_since_the_preview_asks_again(wards, meanwhile):
    one, two, _room, _other = wards
    asked = plan("merge", one, into=Target(unit=two.pk))
    seen = unseal(make_preview(asked).seen.seal())
    if meanwhile == "person":
        make_member(one)
    elif meanwhile == "role":
        make_officer(one)
    elif meanwhile == "name":
        Unit.objects.filter(pk=one.pk).update(name="Phường Khác")
    else:
        make_unit("Phòng Mới", parent=one)
    with pytest.raises(ChangedSinceError):
        decide_change(plan=asked, seen=seen, by=None)
    assert not UnitChange.objects.exists()
    assert Unit.objects.get(pk=one.pk).valid_to is None
    assert decide_change(plan=asked, seen=make_preview(asked).seen, by=None).applied_at


def test_a_seal_that_was_altered_is_none():
    assert unseal("x") is None


def test_the_packages_above_add_to_the_preview(wards):
    one, two, room, _other = wards
    ann = make_member(one)
    asked = []

    def answer(unit_ids, user_ids, **kwargs):
        asked.append((unit_ids, user_ids))
        return {"%(count)s assignments": 3}

    unit_change_effects.connect(answer)
    try:
        preview = make_preview(plan("merge", one, into=Target(unit=two.pk)))
    finally:
        unit_change_effects.disconnect(answer)
    assert preview.further == {"%(count)s assignments": 3}
    assert asked == [([one.pk, room.pk], [ann.pk])]


def test_a_plan_survives_the_database(wards, root):
    one, _two, room, _other = wards
    share = Share(new("p-bac", "Phường Bắc", root), units=(room.pk,), people=(7,))
    asked = plan("split", one, shares=(share, Share(Target(unit=5))), remainder=1)
    assert plan_from_json(asked.as_json()) == asked


# --- refusals ---------------------------------------------------------------------------------


def refused(asked):
    with pytest.raises(ValidationError) as caught:
        done(asked)
    return set(caught.value.message_dict)


def test_a_circle_is_refused(wards):
    one, _two, room, _other = wards
    assert refused(plan("move", one, parent=room.pk)) == {"parent"}
    assert refused(plan("move", one, parent=one.pk)) == {"parent"}


def test_merging_into_itself_or_its_child_is_refused(wards, root):
    one, two, room, _other = wards
    assert refused(plan("merge", one, two, into=Target(unit=one.pk))) == {"into"}
    assert refused(plan("merge", one, into=Target(unit=room.pk))) == {"into"}
    assert refused(plan("merge", one, room, into=Target(unit=two.pk))) == {"units"}
    assert refused(plan("merge", one, two, into=new("x", "X", room))) == {"parent"}
    assert refused(plan("merge", one, into=new("x", "X", root))) == {"units"}


def test_closing_before_opening_is_refused(wards):
    one, two, *_rooms = wards
    opens = one.valid_from
    for day in (opens, opens - datetime.timedelta(days=1)):
        assert refused(plan("close", one, day=day)) == {"day"}
    assert "day" in refused(plan("merge", one, into=Target(unit=two.pk), day=opens))
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(pk=one.pk).update(valid_to=opens - datetime.timedelta(days=1))


def test_closing_with_people_left_is_refused(wards):
    one, _two, room, _other = wards
    make_member(room)
    assert refused(plan("close", one)) == {"__all__"}


def test_a_change_before_an_earlier_one_is_refused(wards):
    one, two, room, _other = wards
    done(plan("rename", one, name="Phường A", unit_kind="ward"))
    assert refused(plan("rename", one, name="B", unit_kind="ward", day=BEFORE)) == {"day"}
    assert refused(plan("merge", two, into=Target(unit=one.pk), day=BEFORE)) == {"day"}
    done(plan("merge", one, into=Target(unit=two.pk), day=DAY + datetime.timedelta(days=1)))
    # The room followed its ward into the other: that was a change of the room.
    assert refused(plan("move", room, parent=None, day=BEFORE)) == {"day"}
    # On the same day one after the other is fine.
    done(plan("rename", two, name="C", unit_kind="ward", day=DAY + datetime.timedelta(days=1)))


def test_a_duplicate_code_is_refused(wards, root):
    one, two, _room, _other = wards
    assert refused(plan("open", into=new(one.code, "Phường Ba", root))) == {"code"}
    assert refused(plan("open", into=new("có dấu", "Phường Ba", root))) == {"code"}
    shares = (Share(new("a", "A", root)), Share(new("a", "B", root)))
    assert refused(plan("split", one, shares=shares, remainder=0)) == {"code"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(pk=one.pk).update(code=two.code)


def test_a_closed_unit_changes_no_more(wards):
    one, two, *_rooms = wards
    done(plan("close", one))
    assert refused(plan("rename", one, name="X", unit_kind="ward")) == {"day"}
    assert refused(plan("merge", two, into=Target(unit=one.pk))) == {"into"}
    assert refused(plan("move", two, parent=one.pk)) == {"parent"}


def test_splits_that_cannot_be(wards, root):
    one, two, room, other = wards
    here, stranger = make_member(one), make_member(two)
    north, south = new("bac", "Bắc", root), new("nam", "Nam", root)

    def split(*shares, remainder=0):
        return refused(plan("split", one, shares=shares, remainder=remainder))

    assert split(Share(north)) == {"shares"}
    assert split(Share(north), Share(south), remainder=2) == {"remainder"}
    assert split(Share(north, units=(other.pk,)), Share(south)) == {"shares"}
    assert split(Share(north, units=(room.pk,)), Share(south, units=(room.pk,))) == {"shares"}
    assert split(Share(north, people=(stranger.pk,)), Share(south)) == {"shares"}
    assert split(Share(north, people=(here.pk,)), Share(south, people=(here.pk,))) == {"shares"}
    assert split(Share(Target(unit=one.pk)), Share(south)) == {"into"}


def test_without_decision_and_reason_nothing_is_done(wards):
    one, *_others = wards
    asked = plan("rename", one, name="X", unit_kind="ward", decision=" ")
    assert refused(asked) == {"decision"}
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitChange.objects.create(kind="rename", day=DAY)


def test_a_rename_to_the_same_name_is_refused(wards):
    one, *_others = wards
    assert refused(plan("rename", one, name=" Phường  Một", unit_kind="division")) == {"name"}
