"""The officers' screens: assign with a look ahead, exempt, extend, end; and whose they are."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from learning.audit.models import Entry
from learning.enrolments.actions import save_goal
from learning.enrolments.models import Assignment, Enrolment
from learning.organisations.actions import make_responsible
from learning.organisations.models import Responsibility
from tests.learning.enrolments.factories import complete, make_assignment, present
from tests.learning.organisations.factories import make_member, make_officer, make_unit, make_user
from tests.learning.statistics.factories import make_course

pytestmark = pytest.mark.django_db
LIST, NEW = "/giao-hoc/", "/giao-hoc/moi/"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def unit():
    return make_unit("Sở Mẫu")


@pytest.fixture
def course():
    return make_course("Sở hữu trí tuệ")


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def asked(course, unit, **fields):
    return {
        "course_key": str(course),
        "unit": str(unit.pk),
        "audience": "everyone",
        "required": "on",
        "repeats": "never",
        "before": "7, 1",
        "after": "1, 7",
        **fields,
    }


def words(reply):
    return " ".join(BeautifulSoup(reply.content, "html.parser").main.get_text(" ").split())


def test_an_assignment_is_looked_at_before_it_is_given(unit, course, today):
    lan = browser(make_officer(unit))
    make_member(unit, "Đỗ Mẫu Hoa")
    due = today + datetime.timedelta(days=30)
    form = asked(course, unit, due_on=f"{due:%d/%m/%Y}")
    looked = lan.post(NEW, form)
    assert looked.status_code == 200
    assert "Đỗ Mẫu Hoa" in words(looked)
    assert f"{due:%d/%m/%Y}" in words(looked)
    assert Assignment.objects.count() == 0
    given = lan.post(NEW, {**form, "save": "1"}, follow=True)
    one = Assignment.objects.get()
    assert given.redirect_chain[-1][0] == f"/giao-hoc/{one.pk}/"
    assert one.reminder_plan == [-7, -1, 1, 7]
    assert [e.due_on for e in Enrolment.objects.all()] == [due]
    assert Entry.objects.get(act="course-assigned").unit_path == unit.path
    assert "Đỗ Mẫu Hoa" in words(given)
    assert "Sở hữu trí tuệ" in words(lan.get(LIST))


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("due_on", {"due_on": "2020-01-01"}),
        ("due_on", {"due_on": "hôm nào đó"}),
        ("kinds", {"audience": "kinds"}),
        ("positions", {"audience": "positions", "positions": " "}),
        ("people", {"audience": "list"}),
        ("people", {"audience": "list", "people": "khong-co-ai@vidu.example"}),
        ("opens_on", {"repeats": "yearly", "due_on": "2099-01-01"}),
        ("repeat_months", {"repeats": "after"}),
        ("due_days", {"due_days": "0"}),
        ("before", {"before": "bảy"}),
        ("unit", {"unit": "999999"}),
        ("course_key", {"course_key": "khong"}),
    ],
)
def test_a_fault_is_told_at_its_field_and_nothing_typed_is_lost(unit, course, field, fields):
    lan = browser(make_officer(unit))
    reply = lan.post(NEW, asked(course, unit, positions="Kế toán", save="1") | fields)
    assert reply.status_code == 400
    assert list(reply.context["form"].errors) == [field]
    assert reply.context["form"]["positions"].value() == fields.get("positions", "Kế toán")
    assert Assignment.objects.count() == 0


def test_assigning_the_same_to_everyone_twice_is_told(unit, course):
    make_assignment(unit, course)
    reply = browser(make_officer(unit)).post(NEW, asked(course, unit, save="1"))
    assert reply.status_code == 400
    assert Assignment.objects.count() == 1


def test_a_list_is_found_by_code_and_address(unit, course):
    one = make_member(unit, staff_code="HP-01")
    two = make_member(unit, email="hai@vidu.example")
    make_member(unit)
    form = asked(course, unit, audience="list", people="hp-01\nHAI@vidu.example\n", save="1")
    assert browser(make_officer(unit)).post(NEW, form).status_code == 302
    assert set(Enrolment.objects.values_list("user", flat=True)) == {one.pk, two.pk}


def test_ticked_people_are_exempted_and_given_time(unit, course, today):
    lan = browser(make_officer(unit))
    due = today + datetime.timedelta(days=3)
    people = [make_member(unit, f"Trần Mẫu {name}") for name in ("An", "Bình", "Chi")]
    one = make_assignment(unit, course, due_on=due)
    held = [present(user, course) for user in people]
    address = f"/giao-hoc/{one.pk}/"
    assert lan.post(address, {"exempt": "1", "reason": "Ốm"}).status_code == 400
    missing = lan.post(address, {"exempt": "1", "who": [held[0].pk]})
    assert missing.status_code == 400
    ticks = BeautifulSoup(missing.content, "html.parser").select("input[name=who][checked]")
    assert [tick["value"] for tick in ticks] == [str(held[0].pk)]
    lan.post(address, {"exempt": "1", "who": [held[0].pk], "reason": "Nghỉ thai sản"})
    later = due + datetime.timedelta(days=7)
    extension = {"extend": "1", "due_on": f"{later:%d/%m/%Y}", "reason": "Đi công tác"}
    lan.post(address, {**extension, "who": [one.pk for one in held]})
    assert [present(user, course).due_on for user in people] == [due, later, later]
    assert "Nghỉ thai sản" in words(lan.get(address + "?trang-thai=duoc-mien"))
    assert "Trần Mẫu Bình" in words(lan.get(address + "?tim=binh"))
    assert "Trần Mẫu Chi" not in words(lan.get(address + "?tim=binh"))


def test_three_people_at_every_door(unit, course):
    """The learner and the other unit's officer see nothing; an auditor sees and may not act."""
    learner = browser(make_member(unit))
    other = browser(make_officer(make_unit("Nơi khác")))
    auditor = make_user("Kiểm Mẫu Soát")
    make_responsible(user=auditor, unit=unit, role=Responsibility.Role.AUDITOR)
    one = make_assignment(unit, course)
    doors = [
        reverse(f"enrolments:{name}", args=[one.pk]) for name in ("assignment", "change", "end")
    ]
    own = browser(make_officer(unit))
    assert [own.get(door).status_code for door in [LIST, NEW, *doors]] == [200] * 5
    assert [learner.get(door).status_code for door in [LIST, NEW, *doors]] == [404] * 5
    assert [other.get(door).status_code for door in doors] == [404] * 3
    assert [browser(auditor).get(door).status_code for door in [LIST, NEW, *doors]] == [
        200,
        404,
        200,
        404,
        404,
    ]
    held = present(Enrolment.objects.get().user, course)
    acts = {"exempt": "1", "who": [held.pk], "reason": "Vì"}
    assert other.post(doors[0], acts).status_code == 404
    assert browser(auditor).post(doors[0], acts).status_code == 404
    assert other.post(doors[2], {"reason": "Vì"}).status_code == 404
    assert present(held.user, course).exempt_on is None
    assert Client().get(LIST).status_code == 302


def test_what_was_assigned_above_is_seen_and_only_her_own_people_in_it(course):
    city = make_unit("Thành phố")
    mine, others = make_unit("Của tôi", parent=city), make_unit("Của người", parent=city)
    own, foreign = make_member(mine, "Lê Mẫu Của"), make_member(others, "Lê Mẫu Người")
    one = make_assignment(city, course)
    lan = browser(make_officer(mine))
    page = words(lan.get(f"/giao-hoc/{one.pk}/"))
    assert ("Lê Mẫu Của" in page, "Lê Mẫu Người" in page) == (True, False)
    assert lan.get(f"/giao-hoc/{one.pk}/sua/").status_code == 404
    everyone = [present(user, course).pk for user in (own, foreign)]
    lan.post(f"/giao-hoc/{one.pk}/", {"exempt": "1", "who": everyone, "reason": "Nghỉ ốm"})
    assert present(own, course).exempt_on is not None
    assert present(foreign, course).exempt_on is None


def test_nobody_assigns_outside_her_units(unit, course):
    outside = make_unit("Nơi khác")
    reply = browser(make_officer(unit)).post(NEW, asked(course, outside, save="1"))
    assert list(reply.context["form"].errors) == ["unit"]
    assert Assignment.objects.count() == 0


def test_an_assignment_is_changed_and_ended(unit, course, today):
    lan = browser(make_officer(unit))
    user = make_member(unit)
    one = make_assignment(unit, course)
    due = today + datetime.timedelta(days=9)
    page = lan.get(f"/giao-hoc/{one.pk}/sua/")
    assert page.context["form"]["before"].value() == "7, 1"
    form = asked(course, unit, due_on=f"{due:%d/%m/%Y}", save="1")
    assert lan.post(f"/giao-hoc/{one.pk}/sua/", form).status_code == 302
    assert present(user, course).due_on == due
    assert lan.post(f"/giao-hoc/{one.pk}/ket-thuc/", {"reason": ""}).status_code == 400
    assert lan.post(f"/giao-hoc/{one.pk}/ket-thuc/", {"reason": "Hết năm"}).status_code == 302
    assert "Sở hữu trí tuệ" not in words(lan.get(LIST))
    assert "Sở hữu trí tuệ" in words(lan.get(LIST + "?da-ket-thuc=1"))


def test_more_people_and_assignments_cost_no_more_queries(unit, course):
    lan = browser(make_officer(unit))
    one = make_assignment(unit, course)
    make_member(unit)

    def cost():
        with CaptureQueriesContext(connection) as asked_one:
            lan.get(f"/giao-hoc/{one.pk}/")
        with CaptureQueriesContext(connection) as asked_list:
            lan.get(LIST)
        return len(asked_one), len(asked_list)

    cost()
    first = cost()
    for _number in range(3):
        make_member(unit)
    for _number in range(2):
        make_assignment(make_unit(parent=unit), course)
    assert cost() == first


def test_goals_show_milestones_and_what_is_missing(unit, course, today):
    people = [make_member(unit) for _number in range(5)]
    make_assignment(unit, course)
    complete(present(people[0], course))
    complete(present(people[1], course))
    goal = save_goal(
        name="Xây dựng văn hóa sở hữu trí tuệ",
        decision="Quyết định mẫu",
        target_percent=80,
        due_on=today + datetime.timedelta(days=60),
        course_keys=[course],
    )
    goal.milestones.create(due_on=today + datetime.timedelta(days=10), percent=40)
    goal.save()
    reply = browser(make_officer(unit)).get("/thong-ke/chi-tieu/")
    (view,) = reply.context["goals"]
    assert [(one.percent, one.needed, one.missing) for one in view.steps] == [
        (40, 2, 0),
        (80, 4, 2),
    ]
    assert "40,0%" in words(reply)
    assert browser(make_user()).get("/thong-ke/chi-tieu/").status_code == 404


def test_a_goal_of_some_units_does_not_concern_others(unit, course, today):
    other = make_unit("Nơi khác")
    make_member(other)
    make_member(unit)
    goal = save_goal(
        name="Chỉ tiêu riêng", decision="", target_percent=50, due_on=today, course_keys=[course]
    )
    goal.units.add(unit)
    goal.save()
    assert len(browser(make_officer(unit)).get("/thong-ke/chi-tieu/").context["goals"]) == 1
    assert browser(make_officer(other)).get("/thong-ke/chi-tieu/").context["goals"] == []
