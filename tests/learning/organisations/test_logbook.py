"""«Nhật ký thao tác»: who reads which units' acts, how they are found, and the file."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from learning.audit.actions import record
from learning.audit.models import Disclosure, Entry
from learning.audit.words import act_name
from learning.organisations.actions import make_responsible, move_unit
from learning.organisations.logbook.queries import details_text, entries_read_by
from learning.organisations.models import Responsibility, Unit
from tests.learning.organisations.factories import make_member, make_officer, make_unit, make_user

pytestmark = pytest.mark.django_db
AUDITOR = Responsibility.Role.AUDITOR


@pytest.fixture
def city():
    root = make_unit("Thành phố Mẫu", kind="city")
    one = make_unit("Sở Một", parent=root)
    units = {
        "root": root,
        "one": one,
        "room": make_unit("Phòng Mẫu", parent=one),
        "two": make_unit("Sở Hai", parent=root),
    }
    Entry.objects.all().delete()
    return units


def make_auditor(unit):
    user = make_user("Lê Thí Dụ Soát")
    make_responsible(user=user, unit=unit, role=AUDITOR)
    Entry.objects.all().delete()
    return user


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def shown(user, **asked):
    page = browser(user).get(reverse("logbook:overview"), asked)
    assert page.status_code == 200
    return {line.about for line in page.context["lines"]}


def note(unit, about, **fields):
    """An act on a person called `about`."""
    return record(act="role-ended", by=None, about=make_user(about), unit=unit, **fields)


def test_an_auditor_reads_her_units_acts_the_department_and_administrators_all(city):
    auditor, department = make_auditor(city["one"]), make_officer(city["root"])
    administrator = make_user(is_staff=True, is_superuser=True)
    whole = make_auditor(city["root"])
    for unit, name in (("one", "Một"), ("room", "Phòng"), ("two", "Hai"), (None, "Không đơn vị")):
        note(city.get(unit), name)
    assert shown(auditor) == {"Một", "Phòng"}
    for reader in (department, administrator, whole):
        assert shown(reader) >= {"Một", "Phòng", "Hai", "Không đơn vị"}


def test_learners_and_officers_of_a_unit_read_no_log(city):
    note(city["one"], "Một")
    for person in (make_member(city["one"]), make_officer(city["one"]), make_officer(city["two"])):
        client = browser(person)
        assert client.get(reverse("logbook:overview")).status_code == 404
        for form in ("csv", "xlsx"):
            assert client.get(reverse("logbook:export", kwargs={"form": form})).status_code == 404
        assert not entries_read_by(person).exists()
    assert Client().get(reverse("logbook:overview")).status_code == 302


def test_the_root_of_another_branch_is_not_the_department(city):
    citizens = make_unit("Công dân Mẫu", kind="public")
    note(city["one"], "Một")
    note(None, "Không đơn vị")
    assert shown(make_auditor(citizens)) == set()
    assert browser(make_officer(citizens)).get(reverse("logbook:overview")).status_code == 404


def test_acts_follow_their_unit_and_not_its_place(city):
    """A place in the tree is given away again; what was done at it is not the new one's."""
    auditor, other = make_auditor(city["one"]), make_auditor(city["two"])
    note(city["room"], "Phòng")
    place = city["room"].path
    move_unit(unit=city["room"], parent=city["two"])
    new = make_unit("Phòng Mới", parent=Unit.objects.get(pk=city["one"].pk))
    assert new.path == place
    assert shown(auditor) == set()
    assert shown(other) == {"Phòng"}


def test_found_by_person_act_unit_and_day(city):
    reader = make_user(is_staff=True, is_superuser=True)
    by = make_user("Đặng Thị Mẫu Oanh", staff_code="VD-77")
    record(act="role-given", by=by, about=make_user("Bùi Mẫu Một"), unit=city["one"])
    record(act="role-ended", by=None, about=by, unit=city["room"])
    record(act="role-ended", by=None, about=make_user("Bùi Mẫu Hai"), unit=city["two"])
    old = note(None, "Bùi Mẫu Cũ")
    long_ago = timezone.now() - datetime.timedelta(days=9)
    Entry.objects.filter(pk=old.pk).update(at=long_ago)
    day = f"{timezone.localtime(long_ago):%d/%m/%Y}"
    assert shown(reader, nguoi="dang thi mau oanh") == {"Bùi Mẫu Một", "Đặng Thị Mẫu Oanh"}
    assert shown(reader, nguoi="vd-77") == {"Bùi Mẫu Một", "Đặng Thị Mẫu Oanh"}
    assert shown(reader, viec="role-given") == {"Bùi Mẫu Một"}
    assert shown(reader, **{"don-vi": "so mot"}) == {"Bùi Mẫu Một", "Đặng Thị Mẫu Oanh"}
    assert shown(reader, tu=day, den=day) == {"Bùi Mẫu Cũ"}
    assert shown(reader, nguoi="bui mau", viec="role-ended", **{"don-vi": "so hai"}) == {
        "Bùi Mẫu Hai"
    }
    assert shown(reader, nguoi="khong co ai") == set()


def test_a_day_typed_wrongly_is_told_beside_it_and_nothing_is_lost(city):
    reader = make_user(is_staff=True, is_superuser=True)
    page = browser(reader).get(reverse("logbook:overview"), {"tu": "31/02/2026", "nguoi": "Lan"})
    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["since"]
    assert 'value="31/02/2026"' in page.content.decode()
    assert 'value="Lan"' in page.content.decode()
    export = reverse("logbook:export", kwargs={"form": "csv"})
    assert browser(reader).get(export, {"tu": "31/02/2026"}).status_code == 302


def test_a_page_costs_the_same_for_more_lines(city):
    reader = make_user(is_staff=True, is_superuser=True)
    client, address = browser(reader), reverse("logbook:overview")
    note(city["one"], "Một")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for unit in ("one", "two", "room"):
        record(act="role-given", by=make_user(), about=make_user(), unit=city[unit])
    with CaptureQueriesContext(connection) as more:
        client.get(address)
    assert len(more) == len(few)


def test_the_files_hold_the_same_lines_and_no_formula(city):
    auditor = make_auditor(city["one"])
    note(city["one"], "=HYPERLINK(0)", reason="+1")
    note(city["two"], "Hai")
    client = browser(auditor)
    reply = client.get(reverse("logbook:export", kwargs={"form": "csv"}))
    rows = list(csv.reader(io.StringIO(b"".join(reply).decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][2:5] == [act_name("role-ended"), "'=HYPERLINK(0)", "Sở Một"]
    reply = client.get(reverse("logbook:export", kwargs={"form": "xlsx"}))
    sheet = load_workbook(io.BytesIO(b"".join(reply))).active
    cells = list(sheet.iter_rows())
    assert len(cells) == 2
    assert (cells[1][3].value, cells[1][3].data_type) == ("=HYPERLINK(0)", "s")
    told = Disclosure.objects.filter(what="audit-log", by=auditor)
    assert [(one.count, one.unit_path) for one in told] == [(1, city["one"].path)] * 2


def test_details_are_read_in_words():
    role = str(Responsibility.Role.AUDITOR.label)
    text = details_text({"role": "auditor", "ends_on": "2026-05-01", "reason": "", "x": ["a", 2]})
    assert role in text and "01/05/2026" in text and text.endswith("x: a, 2")
    assert details_text({}) == ""
