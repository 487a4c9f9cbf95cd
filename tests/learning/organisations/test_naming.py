"""«Phân quyền»: who gives roles to whom, where, and for how long."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from learning.audit.models import Entry
from learning.organisations.access import is_hr, may_manage, units_named_by
from learning.organisations.actions import make_responsible
from learning.organisations.models import Responsibility
from learning.organisations.naming.actions import NamingError, end_role, name_role
from tests.learning.organisations.factories import make_member, make_officer, make_unit, make_user

pytestmark = pytest.mark.django_db
HR, AUDITOR = Responsibility.Role.HR_OFFICER, Responsibility.Role.AUDITOR
DAY = datetime.timedelta(days=1)


@pytest.fixture
def city():
    root = make_unit("Thành phố Mẫu", kind="city")
    one = make_unit("Sở Một", parent=root)
    return {
        "root": root,
        "one": one,
        "room": make_unit("Phòng Mẫu", parent=one),
        "two": make_unit("Sở Hai", parent=root),
    }


@pytest.fixture
def today():
    return timezone.localdate()


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def held_by(user):
    return {(one.unit.name, one.role) for one in Responsibility.objects.filter(user=user)}


def text(reply):
    return reply.content.decode()


def test_an_officer_gives_a_role_in_several_of_her_units(city):
    officer, member = make_officer(city["one"]), make_member(city["one"], "Lê Thí Dụ An")
    client = browser(officer)
    assert "Lê Thí Dụ An" in text(client.get(reverse("naming:find"), {"tim": "le thi du an"}))
    reply = client.post(
        reverse("naming:give", args=[member.pk]),
        {"role": "auditor", "units": [city["one"].pk, city["room"].pk]},
    )
    assert reply.status_code == 302
    assert held_by(member) == {("Sở Một", AUDITOR), ("Phòng Mẫu", AUDITOR)}
    assert is_hr(member) and not may_manage(member)
    entries = Entry.objects.filter(act="role-given", by=officer)
    assert {entry.about_key for entry in entries} == {str(member.pk)}
    assert entries.count() == 2


def test_a_deputy_holds_from_her_first_to_her_last_day(city, today):
    officer, member = make_officer(city["one"]), make_member(city["room"])
    form = {
        "role": "deputy",
        "units": [city["one"].pk],
        "deputy_for": officer.pk,
        "starts_on": f"{today + DAY:%d/%m/%Y}",
        "ends_on": f"{today + 3 * DAY:%d/%m/%Y}",
    }
    address = reverse("naming:give", args=[member.pk])
    for missing in ("starts_on", "ends_on", "deputy_for"):
        reply = browser(officer).post(address, {**form, missing: ""})
        assert reply.status_code == 200
        assert list(reply.context["form"].errors) == [missing]
        assert "checked" in text(reply)
    assert held_by(member) == set()
    assert browser(officer).post(address, form).status_code == 302
    held = Responsibility.objects.get(user=member)
    assert (held.starts_on, held.ends_on) == (today + DAY, today + 3 * DAY)
    assert held.deputy_for == officer
    assert not may_manage(member)
    roles = Responsibility.objects.filter(user=member)
    days = [today + n * DAY for n in range(5)]
    assert [roles.on(day).exists() for day in days] == [False, True, True, True, False]


@pytest.mark.parametrize("where", ["root", "two"])
def test_no_role_is_given_outside_ones_units(city, where):
    officer, member = make_officer(city["one"]), make_member(city["one"])
    reply = browser(officer).post(
        reverse("naming:give", args=[member.pk]), {"role": "hr_officer", "units": [city[where].pk]}
    )
    assert reply.status_code == 200
    assert "units" in reply.context["form"].errors
    with pytest.raises(NamingError):
        name_role(user=member, units=[city["one"], city[where]], role=HR, by=officer)
    assert held_by(member) == set()


def test_others_people_are_not_there(city):
    officer = make_officer(city["one"])
    other = make_member(city["two"], "Đặng Mẫu Khác")
    client = browser(officer)
    assert "Đặng Mẫu Khác" not in text(client.get(reverse("naming:find"), {"tim": "dang mau khac"}))
    address = reverse("naming:give", args=[other.pk])
    assert client.get(address).status_code == 404
    form = {"role": "auditor", "units": [city["one"].pk]}
    assert client.post(address, form).status_code == 404
    with pytest.raises(NamingError):
        name_role(user=other, units=[city["one"]], role=AUDITOR, by=officer)


def test_nobody_raises_herself(city):
    room_officer = make_member(city["one"])
    make_responsible(user=room_officer, unit=city["room"])
    administrator = make_user(is_staff=True, is_superuser=True)
    for person in (room_officer, administrator):
        address = reverse("naming:give", args=[person.pk])
        form = {"role": "hr_officer", "units": [city["room"].pk]}
        assert browser(person).post(address, form).status_code == 404
        with pytest.raises(NamingError):
            name_role(user=person, units=[city["room"]], role=HR, by=person)
    own = Responsibility.objects.get(user=room_officer)
    address = reverse("naming:end", args=[own.pk])
    assert browser(room_officer).post(address).status_code == 404
    assert Responsibility.objects.count() == 1


def test_a_deputy_and_an_auditor_hand_nothing_on(city, today):
    officer, member = make_officer(city["one"]), make_member(city["one"])
    deputy, auditor, leaving = make_user(), make_user(), make_user()
    make_responsible(
        user=deputy, unit=city["one"], starts_on=today, ends_on=today, deputy_for=officer
    )
    make_responsible(user=auditor, unit=city["one"], role=AUDITOR)
    make_responsible(user=leaving, unit=city["one"], ends_on=today + 9 * DAY)
    for person in (deputy, auditor, leaving, member):
        assert not units_named_by(person).exists()
        client = browser(person)
        assert client.get(reverse("naming:overview")).status_code == 404
        assert client.get(reverse("naming:find")).status_code == 404
        form = {"role": "auditor", "units": [city["one"].pk]}
        assert client.post(reverse("naming:give", args=[member.pk]), form).status_code == 404
    assert held_by(member) == set()


def test_three_people_at_the_end_of_a_role(city):
    """The learner and the other unit's officer are told nothing; the unit's own officer ends it."""
    officer, other = make_officer(city["one"]), make_officer(city["two"])
    learner, peer = make_member(city["one"]), make_member(city["room"])
    held = make_responsible(user=peer, unit=city["room"])
    address = reverse("naming:end", args=[held.pk])
    for person in (learner, other):
        assert browser(person).get(address).status_code == 404
        assert browser(person).post(address).status_code == 404
    assert may_manage(peer)
    assert browser(officer).get(address).status_code == 200
    assert may_manage(peer)
    assert browser(officer).post(address).status_code == 302
    assert not may_manage(peer)
    assert Entry.objects.get(act="role-ended").by == officer
    assert browser(officer).post(address).status_code == 404


def test_an_officer_does_not_end_the_auditor_set_beside_her(city, today):
    officer, department = make_officer(city["one"]), make_officer(city["root"])
    auditor = make_member(city["one"])
    beside = make_responsible(user=auditor, unit=city["one"], role=AUDITOR)
    below = make_responsible(user=auditor, unit=city["room"], role=AUDITOR)
    assert browser(officer).post(reverse("naming:end", args=[beside.pk])).status_code == 404
    with pytest.raises(NamingError):
        name_role(user=auditor, units=[city["one"]], role=AUDITOR, by=officer, ends_on=today)
    assert Responsibility.objects.get(pk=beside.pk).ends_on is None
    end_role(held=below, by=officer)
    end_role(held=beside, by=department)
    assert held_by(auditor) == set()


def test_an_officer_does_not_become_a_deputy_by_the_way(city, today):
    first, second = make_officer(city["one"]), make_member(city["one"])
    make_responsible(user=second, unit=city["one"])
    with pytest.raises(NamingError):
        name_role(
            user=second,
            units=[city["one"]],
            role=HR,
            by=first,
            starts_on=today,
            ends_on=today,
            deputy_for=first,
        )
    assert Responsibility.objects.get(user=second).ends_on is None


def test_a_deputy_takes_the_place_of_an_officer_of_that_unit(city, today):
    department, member = make_officer(city["root"]), make_member(city["one"])
    other = make_officer(city["two"])
    span = {"starts_on": today, "ends_on": today, "role": HR, "by": department}
    with pytest.raises(NamingError):
        name_role(user=member, units=[city["one"]], deputy_for=other, **span)
    name_role(user=member, units=[city["two"]], deputy_for=other, **span)
    assert held_by(member) == {("Sở Hai", HR)}


@pytest.mark.parametrize(("starts", "ends"), [(2, 1), (None, -1)])
def test_days_that_cannot_be(city, today, starts, ends):
    officer, member = make_officer(city["one"]), make_member(city["one"])
    days = {
        "starts_on": None if starts is None else today + starts * DAY,
        "ends_on": today + ends * DAY,
    }
    with pytest.raises(NamingError) as caught:
        name_role(user=member, units=[city["one"]], role=HR, by=officer, **days)
    assert caught.value.field == "ends_on"


def test_the_list_is_searched_and_costs_the_same_for_more_rows(city):
    officer = make_officer(city["one"])
    make_responsible(user=make_member(city["room"], "Ngô Thí Dụ Bình"), unit=city["room"])
    make_officer(city["two"], "Phạm Mẫu Xa")
    client = browser(officer)
    address = reverse("naming:overview")
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page = text(client.get(address))
    assert "Ngô Thí Dụ Bình" in page and "Phạm Mẫu Xa" not in page
    for number in range(3):
        make_responsible(user=make_member(city["room"], f"Lý Mẫu {number}"), unit=city["room"])
    with CaptureQueriesContext(connection) as more:
        client.get(address)
    assert len(more) == len(few)
    found = text(client.get(address, {"tim": "ngo thi du"}))
    assert "Ngô Thí Dụ Bình" in found and "Lý Mẫu 1" not in found


def test_of_many_units_those_searched_for_are_shown_and_nothing_typed_is_lost(city, today):
    administrator, member = make_user(is_staff=True, is_superuser=True), make_member(city["one"])
    for number in range(61):
        make_unit(f"Xã Mẫu {number}", parent=city["two"])
    client, address = browser(administrator), reverse("naming:give", args=[member.pk])
    assert "Xã Mẫu 60" not in text(client.get(address))
    typed = {
        "role": "auditor",
        "units": [city["one"].pk],
        "ends_on": f"{today:%d/%m/%Y}",
        "find_units": "xa mau 60",
        "find": "1",
    }
    shown = text(client.post(address, typed))
    assert "Xã Mẫu 60" in shown and "Sở Một" in shown and f"{today:%d/%m/%Y}" in shown
    assert held_by(member) == set()
