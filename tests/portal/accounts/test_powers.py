"""Roles: what each is told she may do, and who gives them to whom."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.audit.models import Entry
from learning.organisations.access import is_hr, may_manage, units_managed_by
from learning.organisations.actions import make_responsible
from learning.organisations.models import Responsibility
from tests.learning.organisations.factories import make_unit, make_user
from tests.learning.privacy.factories import browser, make_auditor, make_city

pytestmark = pytest.mark.django_db

MINE, NAMING = "/tai-khoan/vai-tro/", "/phan-quyen/"
Role = Responsibility.Role
DAY = datetime.timedelta(days=1)


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def her():
    return make_user("Ngô Thí Dụ", staff_code="VD-9", email="du@vidu.example")


def typed(day):
    return f"{day:%d/%m/%Y}"


def give(by, where, role="deputy", **fields):
    today = timezone.localdate()
    asked = {
        "person": "vd-9",
        "role": role,
        "unit": where.code,
        "starts_on": typed(today),
        "ends_on": typed(today + 7 * DAY),
    } | fields
    return browser(by).post(NAMING, asked)


def errors(reply):
    return {name: list(said) for name, said in reply.context["form"].errors.items()}


def test_a_deputy_may_do_all_for_a_span_and_nothing_after_it(city, her):
    assert give(city.officer, city.one).status_code == 302
    held = Responsibility.objects.get(user=her)
    today = timezone.localdate()
    assert (held.deputy_for, held.starts_on, held.ends_on) == (city.officer, today, today + 7 * DAY)
    assert list(units_managed_by(her)) == [city.one]
    Responsibility.objects.filter(pk=held.pk).update(starts_on=today - 3 * DAY, ends_on=today - DAY)
    assert (is_hr(her), may_manage(her)) == (False, False)
    entry = Entry.objects.filter(act="role-given").latest("pk")
    assert (entry.by, entry.about_name, entry.unit_path) == (
        city.officer,
        "Ngô Thí Dụ",
        city.one.path,
    )


def test_each_is_told_what_she_may_do(city, her):
    give(city.officer, city.one)
    told = browser(her).get(MINE).context["powers"]
    assert [(one.title, one.where, one.instead_of) for one in told] == [
        ("Cán bộ tổ chức - nhân sự (thay)", "Sở Một", "Trần Mẫu Lan"),
        ("Người học", "", ""),
    ]
    assert [one.title for one in browser(city.learner).get(MINE).context["powers"]] == ["Người học"]
    assert [one.title for one in browser(make_auditor(city.one)).get(MINE).context["powers"]] == [
        "Người kiểm tra",
        "Người học",
    ]


def test_a_role_to_come_is_told_as_such(city, her):
    today = timezone.localdate()
    give(city.officer, city.one, starts_on=typed(today + DAY))
    assert [one.is_now for one in browser(her).get(MINE).context["powers"]] == [False, True]
    assert not is_hr(her)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"person": "khong-ai"}, "person"),
        ({"role": ""}, "role"),
        ({"unit": "dv-khong-co"}, "unit"),
        ({"ends_on": ""}, "ends_on"),
        ({"ends_on": "31/02/2026"}, "ends_on"),
        ({"ends_on": "01/01/2020", "starts_on": "01/01/2019"}, "ends_on"),
        ({"ends_on": "01/01/2019"}, "ends_on"),
        ({"ends_on": "01/01/2099"}, "ends_on"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_kept(city, her, fields, place):
    reply = give(city.officer, city.one, **fields)
    assert list(errors(reply)) == [place]
    assert reply.context["form"]["person"].value() == fields.get("person", "vd-9")
    assert not Responsibility.objects.filter(user=her).exists()


def test_nobody_gives_one_to_herself(city):
    city.officer.staff_code = "VD-1"
    city.officer.save()
    assert list(errors(give(city.officer, city.one, person="VD-1"))) == ["person"]


def test_an_officer_names_for_the_units_below_hers_and_no_others(city, her):
    below = make_unit("Phòng Dưới", parent=city.one)
    for unit in (city.one, city.two, city.root):
        assert list(errors(give(city.officer, unit, str(Role.HR_OFFICER)))) == ["unit"]
    assert list(errors(give(city.officer, city.two))) == ["unit"]
    assert give(city.officer, below, str(Role.AUDITOR), ends_on="").status_code == 302
    assert give(city.department, city.two, str(Role.HR_OFFICER), ends_on="").status_code == 302
    assert list(units_managed_by(her)) == [city.two]


def test_an_officer_for_good_does_not_become_a_deputy(city, her):
    make_responsible(user=her, unit=city.one)
    assert list(errors(give(city.officer, city.one))) == ["person"]
    assert Responsibility.objects.get(user=her).ends_on is None


def test_who_may_not_name_finds_no_door(city, her):
    give(city.officer, city.one)
    for who in (city.learner, her, make_auditor(city.one)):
        assert browser(who).get(NAMING).status_code == 404
        assert give(who, city.one).status_code == 404
    assert Client().get(NAMING).status_code == 302


def test_a_role_is_ended_by_who_may_give_it(city, her):
    give(city.officer, city.one)
    held = Responsibility.objects.get(user=her)
    door = f"{NAMING}{held.pk}/ket-thuc/"
    for who in (city.learner, city.other, make_auditor(city.one), her):
        assert browser(who).post(door).status_code == 404
    assert is_hr(her)
    assert browser(city.officer).post(door).status_code == 302
    assert not is_hr(her)
    assert Entry.objects.filter(act="role-ended", by=city.officer).count() == 1


def test_nobody_ends_her_own_or_her_equals(city, her):
    make_responsible(user=her, unit=city.one)
    for held in Responsibility.objects.filter(unit=city.one):
        assert browser(city.officer).post(f"{NAMING}{held.pk}/ket-thuc/").status_code == 404
    held = Responsibility.objects.get(user=her)
    assert browser(city.department).post(f"{NAMING}{held.pk}/ket-thuc/").status_code == 302


def test_the_list_costs_the_same_with_one_and_three(city, her):
    officer = browser(city.officer)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert officer.get(NAMING).status_code == 200
        return len(asked)

    cost()
    one = cost()
    for number in range(2):
        make_responsible(user=make_user(f"Người Mẫu {number}"), unit=city.one)
    assert cost() == one
