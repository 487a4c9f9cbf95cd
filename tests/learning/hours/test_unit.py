"""The unit's list, totals and files: the same figures everywhere, inside the reader's scope."""

from __future__ import annotations

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from learning.audit.models import Disclosure
from learning.hours.models import Obligation
from learning.organisations.actions import place_member
from learning.organisations.changing.plans import Target
from learning.organisations.models import Unit
from learning.privacy.erasing import ERASED_NAME, erase_person
from tests.learning.hours.factories import make_approved, make_completion, moment
from tests.learning.organisations.changes import done, plan
from tests.learning.organisations.factories import make_member, make_unit

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YEAR = TODAY.year


@pytest.fixture
def filled(city):
    """Of three people in Sở Một one reached her ten hours exactly, one has 2.5, one none."""
    make_completion(city.learner, timezone.now(), "2.5")
    make_completion(city.colleague, timezone.now(), "3.5")
    make_approved(city.colleague, city.officer, hours="6.5")
    make_completion(city.other, timezone.now(), "7")
    city.new = make_member(city.one, "Vũ Mẫu An")
    Obligation.objects.create(hours=10)
    return city


def ask(user, **asked):
    client = Client()
    client.force_login(user)
    names = {"unit": "don-vi", "shown": "muc", "year": "nam", "search": "tim"}
    return client.get(
        reverse("statistics:hours"), {names[name]: value for name, value in asked.items()}
    )


def names(reply):
    return [row.full_name for row in reply.context["people"]]


def figures(totals):
    return (totals.people, totals.obliged, totals.reached, totals.short, totals.hours)


def test_the_list_and_its_totals(filled):
    reply = ask(filled.officer)
    assert [(row.full_name, row.total, row.balance.missing) for row in reply.context["people"]] == [
        ("Vũ Mẫu An", 0, 10),
        ("Trần Thí Dụ Ánh", 10, 0),
        ("Lê Mẫu Đức", Decimal("2.5"), Decimal("7.5")),
    ]
    assert figures(reply.context["total"]) == (3, 3, 1, 2, Decimal("12.5"))
    assert (reply.context["total"].rate, reply.context["total"].mean) == (
        Decimal("33.3"),
        Decimal("4.2"),
    )
    lines = {name: figures(line.totals) for line, name, _to in reply.context["lines"]}
    assert lines == {
        "Sở Một (trực tiếp)": (2, 2, 1, 1, 10),
        "Phòng Sáng chế": (1, 1, 0, 1, Decimal("2.5")),
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"shown": "con-thieu"}, ["Vũ Mẫu An", "Lê Mẫu Đức"]),
        ({"shown": "da-du"}, ["Trần Thí Dụ Ánh"]),
        ({"shown": "khong-dat"}, []),
        ({"search": "le mau"}, ["Lê Mẫu Đức"]),
        ({"year": 2024}, []),
        ({"year": 2019}, []),
    ],
)
def test_filters(filled, asked, found):
    reply = ask(filled.officer, **asked)
    assert (names(reply), reply.context["page_of_people"].paginator.count) == (found, len(found))


def test_without_an_obligation_nobody_falls_short(filled):
    Obligation.objects.all().delete()
    reply = ask(filled.officer, shown="con-thieu")
    assert (names(reply), figures(reply.context["total"])[:4]) == ([], (3, 0, 0, 0))
    assert len(names(ask(filled.officer, shown="khong-dat"))) == 3


def test_three_people(filled):
    assert ask(filled.learner).status_code == 404
    assert names(ask(filled.other_officer)) == ["Ngô Mẫu Kín"]
    assert len(names(ask(filled.department))) == 4
    for asked in ({"unit": filled.one.pk}, {"unit": filled.root.pk}, {"unit": "x"}):
        assert ask(filled.other_officer, **asked).status_code == 404
    for asked in ({"year": YEAR + 1}, {"year": "x"}, {"year": 1999}, {"shown": "x"}):
        assert ask(filled.officer, **asked).status_code == 404
    assert ask(filled.department, unit=filled.room.pk).status_code == 200


def test_of_a_past_year_its_last_day_tells_who_stood_where(city):
    user = city.learner
    user.memberships.update(started_on=datetime.date(2024, 1, 1))
    make_completion(user, moment(2024, 2, 29), "3")
    place_member(user=user, unit=city.two, position="", on=datetime.date(2025, 1, 1))
    assert [row.total for row in ask(city.officer, year=2024).context["people"]] == [3]
    assert names(ask(city.officer, year=2025)) == []
    assert names(ask(city.other_officer, year=2025)) == ["Lê Mẫu Đức"]


def test_an_erased_person_stays_in_the_totals_without_her_name(city):
    city.learner.memberships.update(started_on=datetime.date(2024, 1, 1))
    course = make_approved(city.learner, city.officer, day=datetime.date(2024, 5, 5), hours="6")
    make_completion(city.learner, moment(2024, 5, 6), "1")
    erase_person(person=city.learner, by=city.department)
    reply = ask(city.officer, year=2024)
    assert (names(reply), figures(reply.context["total"])[4]) == ([ERASED_NAME], 7)
    course.refresh_from_db()
    assert (course.title, course.provider, course.evidence.name) == ("", "", "")


def test_screen_csv_and_xlsx_tell_the_same(filled):
    client = Client()
    client.force_login(filled.officer)
    reply = client.get(reverse("statistics:hours"))
    shown = [(row.full_name, row.balance) for row in reply.context["people"]]
    text = b"".join(client.get(reverse("statistics:hours_export", args=["csv"]))).decode(
        "utf-8-sig"
    )
    lines = list(csv.reader(io.StringIO(text)))[1:]
    cells = [[b.online, b.outside, b.total, b.due, b.missing] for _name, b in shown]
    assert [line[0] for line in lines] == [name for name, _balance in shown]
    assert [[Decimal(cell) for cell in line[4:]] for line in lines] == cells
    data = b"".join(client.get(reverse("statistics:hours_export", args=["xlsx"])))
    book = load_workbook(io.BytesIO(data), data_only=True)
    people, units, _notes = book.worksheets
    rows = list(people.iter_rows(min_row=2, values_only=True))
    assert [[Decimal(str(cell)) for cell in row[4:]] for row in rows] == cells
    total, last = reply.context["total"], list(units.iter_rows(values_only=True))[-1]
    assert [Decimal(str(cell)) for cell in last[1:]] == [
        total.people,
        total.obliged,
        total.reached,
        total.short,
        total.rate,
        total.hours,
        total.mean,
    ]
    formulas = list(load_workbook(io.BytesIO(data)).worksheets[1].iter_rows(values_only=True))[-1]
    assert (formulas[1], formulas[6]) == ("=SUM(B2:B3)", "=SUM(G2:G3)")


def test_a_name_never_becomes_a_formula(city):
    make_member(city.one, "=1+1 Mẫu", staff_code="+84")
    client = Client()
    client.force_login(city.officer)
    text = b"".join(client.get(reverse("statistics:hours_export", args=["csv"]))).decode()
    assert "'=1+1 Mẫu,'+84" in text


def test_what_was_seen_and_taken_is_noted(filled):
    ask(filled.officer, shown="con-thieu")
    client = Client()
    client.force_login(filled.officer)
    b"".join(client.get(reverse("statistics:hours_export", args=["csv"])))
    noted = Disclosure.objects.order_by("pk").values_list("how", "what", "count", "by")
    assert list(noted) == [
        ("viewed", "training-hours", 2, filled.officer.pk),
        ("exported", "training-hours", 3, filled.officer.pk),
    ]


@pytest.mark.parametrize("page", ["hours", "csv"])
def test_queries_do_not_grow_with_the_people(city, page):
    client = Client()
    client.force_login(city.officer)
    address = (
        reverse("statistics:hours_export", args=["csv"])
        if page == "csv"
        else reverse("statistics:hours")
    )
    counts = []
    for _n in range(2):
        b"".join(client.get(address))
        with CaptureQueriesContext(
            connection,
        ) as found:
            b"".join(client.get(address))
        counts.append(len(found))
        for user in (make_member(city.one), make_member(city.room)):
            make_approved(user, city.officer)
    assert counts[0] == counts[1]


def test_a_year_before_any_unit_is_empty_everywhere(city):
    client = Client()
    client.force_login(city.officer)
    for form in ("csv", "xlsx"):
        reply = client.get(reverse("statistics:hours_export", args=[form]), {"nam": 2019})
        assert (reply.status_code, len(b"".join(reply)) > 0) == (200, True)


def test_a_past_year_is_told_by_its_own_tree(city):
    """Phường Hai was merged into Sở Một in 2025: of 2024 Sở Một's officer sees it with its people,
    and a room that came later is not there."""
    later = make_unit("Phòng Mới", parent=city.one)
    Unit.objects.filter(pk=later.pk).update(valid_from=datetime.date(2025, 5, 1))
    city.other.memberships.update(started_on=datetime.date(2024, 1, 1))
    make_completion(city.other, moment(2024, 5, 5), "3")
    done(plan("merge", city.two, day=datetime.date(2025, 7, 1), into=Target(unit=city.one.pk)))
    reply = ask(city.officer, year=2024)
    lines = {name: figures(line.totals) for line, name, _to in reply.context["lines"]}
    assert lines["Phường Hai"] == (1, 0, 0, 0, 3)
    assert "Phòng Mới" not in lines
    assert names(reply) == ["Ngô Mẫu Kín"]
