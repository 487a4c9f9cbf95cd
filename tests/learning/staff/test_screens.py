"""The officers' screens: from the upload to the undo, and who may not see them."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from learning.audit.models import Entry
from learning.organisations.actions import make_responsible
from learning.organisations.models import Membership, Responsibility
from learning.staff.models import StaffImport, StaffImportRow
from tests.learning.organisations.factories import make_member, make_officer, make_unit, make_user
from tests.learning.staff.factories import COLUMNS, Agency, make_agency, rows_of
from tests.learning.staff.files import workbook

pytestmark = pytest.mark.django_db

AN = ("A01", "Nguyễn Văn Mẫu An", "5/3/1985", "Chuyên viên", "Văn phòng", "an@vidu.example", "")
CUONG = ("", "Lê Văn Mẫu Cường", "1/2/1970", "Lái xe", "", "", "")


@pytest.fixture
def agency(django_capture_on_commit_callbacks: Any) -> Agency:
    return make_agency(django_capture_on_commit_callbacks)


def browser_of(user: Any) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def upload(browser: Client, agency: Agency, data: bytes, name: str = "ds.xlsx", **more: Any) -> Any:
    told = {"unit": agency.unit.pk, "file": SimpleUploadedFile(name, data), **more}
    return browser.post(reverse("staff:upload"), told)


def status(browser: Client, url: str) -> int:
    reply = browser.get(url)
    if reply.streaming:
        list(reply.streaming_content)
    return int(reply.status_code)


def test_from_the_file_to_the_undo(agency: Agency) -> None:
    browser = browser_of(agency.officer)
    reply = upload(browser, agency, workbook([("DANH SÁCH",), COLUMNS, AN, CUONG]))
    found = StaffImport.objects.get()
    page = reverse("staff:import", args=[found.pk])
    assert reply["Location"] == page

    html = browser.get(page).content.decode()
    assert AN[1] in html and "column-1" in html
    mapping = {"column-0": "code", "column-1": "name", "column-4": "unit", "column-5": "email"}
    with agency.commit(execute=True):
        browser.post(reverse("staff:check", args=[found.pk]), mapping)
    found.refresh_from_db()
    assert found.counts == {"new": 2}
    assert rows_of(found)[0].record["birth"] == ""

    assert AN[1] in browser.get(page, {"ket-qua": "new"}).content.decode()
    with agency.commit(execute=True):
        browser.post(reverse("staff:apply", args=[found.pk]), {"seal": found.seal})
    assert len(agency.staff()) == 2
    assert AN[1] in browser.get(reverse("staff:people"), {"tim": "mau an"}).content.decode()
    assert CUONG[1] not in browser.get(reverse("staff:people"), {"tim": "mau an"}).content.decode()

    with agency.commit(execute=True):
        browser.post(reverse("staff:undo", args=[found.pk]))
    assert agency.staff() == {}
    assert browser.get(reverse("staff:imports")).status_code == 200


@pytest.mark.parametrize(
    ("name", "data"), [("ds.xlsx", b""), ("ds.pdf", b"%PDF"), ("ds.xlsm", b"PK"), ("ds.xlsx", b"x")]
)
def test_a_file_that_is_no_list_is_refused_in_words(agency: Agency, name: str, data: bytes) -> None:
    reply = upload(browser_of(agency.officer), agency, data, name)

    assert reply.status_code == 200
    assert reply.context["form"].errors.keys() == {"file"}
    assert not StaffImport.objects.exists()


def test_columns_are_said_once_and_hold_a_name(agency: Agency) -> None:
    browser = browser_of(agency.officer)
    upload(browser, agency, workbook([COLUMNS, AN]))
    found = StaffImport.objects.get()
    check = reverse("staff:check", args=[found.pk])

    for told in ({"column-0": "code"}, {"column-1": "name", "column-2": "name"}):
        reply = browser.post(check, told)
        assert (reply.status_code, bool(reply.context["form"].errors)) == (200, True)
    found.refresh_from_db()
    assert found.state == StaffImport.State.UPLOADED


def test_another_sheet_is_read(agency: Agency) -> None:
    browser = browser_of(agency.officer)
    upload(browser, agency, workbook([("Bìa",)], **{"Cán bộ": [COLUMNS, AN]}))
    found = StaffImport.objects.get()
    page = reverse("staff:import", args=[found.pk])
    assert browser.get(page).context["error"]

    browser.post(reverse("staff:sheet", args=[found.pk]), {"sheet": "Cán bộ"})

    reply = browser.get(page)
    assert (reply.context["error"], len(reply.context["samples"])) == ("", len(COLUMNS))


def test_doubts_are_shown_side_by_side_and_decided(agency: Agency) -> None:
    agency.bring_in(AN)
    found = agency.hand_in(("", AN[1], "5/3/1985", "", "Phòng Tài chính", "", ""))
    browser = browser_of(agency.officer)
    [row] = rows_of(found)
    page = reverse("staff:import", args=[found.pk])
    html = browser.get(page).content.decode()
    assert all(text in html for text in ("Văn phòng", "Phòng Tài chính", f"row-{row.pk}"))

    key = row.candidates[0]["user"]
    reply = browser.post(
        reverse("staff:choose", args=[found.pk]),
        {f"row-{row.pk}": key, "ket-qua": "doubtful", "trang": "1"},
    )

    assert reply["Location"] == f"{page}?ket-qua=doubtful&trang=1"
    row.refresh_from_db()
    assert (row.choice, row.user_id) == (str(key), key)


def test_rows_with_errors_come_back_as_a_file_that_can_be_handed_in(agency: Agency) -> None:
    header = ("STT", "Họ và tên", "Giới tính", None, "Email")
    found = agency.hand_in(
        (None, None, "Nam", "Nữ", None),
        ("I", "Văn phòng", None, None, None),
        (1, "Nguyễn Văn Mẫu An", "x", None, "=1+1"),
        (2, "Trần Thị Mẫu Bình", None, "x", "+sai"),
        header=header,
    )
    reply = browser_of(agency.officer).get(reverse("staff:errors", args=[found.pk]))

    data = b"".join(reply.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == ["Lỗi", "STT", "Họ và tên", "Nam", "Nữ", "Email", "Phòng/Đơn vị"]
    assert [row[5] for row in rows[1:]] == ["'=1+1", "'+sai"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}

    for row, email in zip(rows[1:], ("an@vidu.example", "binh@vidu.example"), strict=True):
        row[5] = email
    again = agency.hand_in(*[tuple(row) for row in rows[1:]], header=tuple(rows[0]))
    assert again.counts == {"new": 2}
    first = rows_of(again)[0].record
    assert (first["sex"], first["unit_id"]) == ("male", agency.office.pk)


def test_the_template_is_read_by_what_reads_lists(agency: Agency) -> None:
    reply = browser_of(agency.officer).get(reverse("staff:template"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(reply.streaming_content))).worksheets[0]
    header = tuple(cell.value for cell in sheet[1])

    row = (1, "A1", "Lê Mẫu", "1990", "Nữ", "Kế toán", "", "", "", "")
    found = agency.hand_in(row, header=header)

    assert found.counts == {"new": 1}


def test_progress_is_told_to_scripts_and_without(agency: Agency) -> None:
    found = agency.hand_in(AN)
    StaffImport.objects.filter(pk=found.pk).update(state="checking", done=50, total=200)
    browser = browser_of(agency.officer)

    told = browser.get(reverse("staff:progress", args=[found.pk])).json()
    html = browser.get(reverse("staff:import", args=[found.pk])).content.decode()

    assert (told["running"], told["percent"]) == (True, 25)
    assert 'http-equiv="refresh"' in html and 'value="25"' in html


def test_one_person_is_added_changed_moved_and_gone(agency: Agency) -> None:
    browser = browser_of(agency.officer)
    told = {
        "full_name": "nguyễn văn mẫu an",
        "unit": agency.office.pk,
        "email": "AN@vidu.example",
        "phone": "912 345 678",
        "birth": "5/3/1985",
    }
    assert browser.post(reverse("staff:add"), told).status_code == 302
    user = Membership.objects.open().get(unit=agency.office).user
    assert (user.full_name, user.staff_profile.phone) == ("Nguyễn Văn Mẫu An", "0912345678")

    page = reverse("staff:change", args=[user.pk])
    assert "05/03/1985" in browser.get(page).content.decode()
    moved = {**told, "unit": agency.finance.pk, "position": "Kế toán", "phone": ""}
    browser.post(page, moved)
    member = Membership.objects.open().get(user=user)
    assert (member.unit, member.position) == (agency.finance, "Kế toán")
    user.staff_profile.refresh_from_db()
    assert user.staff_profile.phone == ""

    browser.post(reverse("staff:leave", args=[user.pk]))
    assert agency.staff() == {}
    acts = set(Entry.objects.filter(about_key=str(user.pk)).values_list("act", flat=True))
    assert acts == {"staff-added", "staff-changed", "staff-moved", "staff-left"}
    assert browser.get(page).status_code == 404

    assert browser.post(reverse("staff:add"), moved).context["similar"][0]["pk"] == user.pk
    browser.post(reverse("staff:add"), {**moved, "again": user.pk})
    assert agency.staff() == {"Nguyễn Văn Mẫu An": "Phòng Tài chính"}


def test_somebody_like_her_is_shown_before_she_is_added(agency: Agency) -> None:
    make_member(agency.office, "Nguyễn Văn Mẫu An", email=None, staff_code="A01")
    browser = browser_of(agency.officer)
    told = {"full_name": "Nguyễn Văn Mẫu An", "unit": agency.finance.pk}

    reply = browser.post(reverse("staff:add"), told)
    assert [one["code"] for one in reply.context["similar"]] == ["A01"]
    assert len(agency.staff()) == 1

    browser.post(reverse("staff:add"), {**told, "sure": "on"})
    assert Membership.objects.open().filter(unit=agency.finance).count() == 1


def test_bad_input_stays_in_the_form(agency: Agency) -> None:
    browser = browser_of(agency.officer)
    told = {"full_name": "X1", "unit": agency.office.pk, "birth": "31/2/1985", "email": "sai"}

    reply = browser.post(reverse("staff:add"), {**told, "phone": "12", "sex": "?"})

    assert set(reply.context["form"].errors) == {"full_name", "birth", "email", "phone", "sex"}
    assert "31/2/1985" in reply.content.decode()


def test_codes_and_addresses_stay_unique(agency: Agency) -> None:
    make_user("Ai Mẫu", staff_code="A09", email="ai@vidu.example")
    user = make_member(agency.office, "Lê Mẫu", staff_code="A10")
    told = {"full_name": "Lê Mẫu", "unit": agency.office.pk, "email": "ai@vidu.example"}

    reply = browser_of(agency.officer).post(reverse("staff:change", args=[user.pk]), told)

    assert set(reply.context["form"].errors) == {"email"}


def test_an_officer_cannot_take_over_a_person_with_a_role(agency: Agency) -> None:
    user = make_member(agency.office, "Quản Mẫu", staff_code="A11", is_superuser=True)
    told = {"full_name": "Quản Mẫu", "unit": agency.office.pk, "email": "toi@vidu.example"}

    reply = browser_of(agency.officer).post(reverse("staff:change", args=[user.pk]), told)

    assert reply.context["form"].non_field_errors()
    user.refresh_from_db()
    assert user.email != "toi@vidu.example"


def test_only_the_units_officer_sees_lists_and_people(agency: Agency) -> None:
    found = agency.bring_in(AN)
    member = Membership.objects.open().get(unit=agency.office).user
    row = StaffImportRow.objects.get(of=found)
    other = make_officer(make_unit("Phường Khác"), "Phạm Mẫu Ngoài")
    auditor = make_user("Đinh Mẫu Kiểm")
    make_responsible(user=auditor, unit=agency.unit, role=Responsibility.Role.AUDITOR)
    gets = [
        reverse("staff:import", args=[found.pk]),
        reverse("staff:progress", args=[found.pk]),
        reverse("staff:errors", args=[found.pk]),
        reverse("staff:change", args=[member.pk]),
        reverse("staff:leave", args=[member.pk]),
    ]
    names = ("sheet", "check", "choose", "apply", "undo", "go_on")
    posts = [reverse(f"staff:{name}", args=[found.pk]) for name in names]
    general = [reverse(f"staff:{name}") for name in ("upload", "imports", "template", "add")]

    own = browser_of(agency.officer)
    assert {status(own, url) for url in [*gets, *general]} == {200}
    for person, sees in ((make_user("Học Mẫu"), 404), (auditor, 200), (other, 200)):
        browser = browser_of(person)
        assert {status(browser, url) for url in gets} == {404}
        assert {browser.post(url, {f"row-{row.pk}": "skip"}).status_code for url in posts} == {404}
        people = browser.get(reverse("staff:people"))
        assert people.status_code == sees
        assert (AN[1] in people.content.decode()) == (person == auditor)
    assert {status(browser_of(auditor), url) for url in general} == {404}
    assert {status(Client(), url) for url in [*gets, *general]} == {302}
    assert len(agency.staff()) == 1


def test_an_officer_places_nobody_outside_her_units(agency: Agency) -> None:
    ward = make_unit("Phường Khác")
    told = {"full_name": "Lê Mẫu", "unit": ward.pk, "email": "le@vidu.example"}

    reply = browser_of(agency.officer).post(reverse("staff:add"), told)

    assert set(reply.context["form"].errors) == {"unit"}


def test_queries_of_the_lists_do_not_grow(
    agency: Agency, django_assert_max_num_queries: Any
) -> None:
    browser = browser_of(agency.officer)
    counted = []
    for number in (1, 3):
        rows = [(f"Q{number}{n}", f"Đỗ Mẫu {'ABC'[n]}", "", "", "", "", "") for n in range(number)]
        found = agency.bring_in(*rows)
        browser.get(reverse("staff:people"))
        with django_assert_max_num_queries(40) as people:
            browser.get(reverse("staff:people"))
        with django_assert_max_num_queries(40) as result:
            browser.get(reverse("staff:import", args=[found.pk]))
        counted.append((len(people), len(result)))
    assert counted[0] == counted[1]


def test_a_list_without_a_file_is_shown_and_not_read_again(agency: Agency) -> None:
    found = agency.hand_in(AN)
    StaffImport.objects.filter(pk=found.pk).update(file="", state="failed", error="Lỗi thử")
    browser = browser_of(agency.officer)

    page = browser.get(reverse("staff:import", args=[found.pk]), {"cot": "1"})
    assert "Lỗi thử" in page.content.decode()
    assert browser.post(reverse("staff:check", args=[found.pk]), {}).status_code == 404


def test_nobody_comes_into_a_closed_unit(agency: Agency) -> None:
    agency.finance.valid_to = agency.finance.valid_from
    agency.finance.save()
    told = {"full_name": "Lê Mẫu", "unit": agency.finance.pk, "email": "le@vidu.example"}

    reply = browser_of(agency.officer).post(reverse("staff:add"), told)

    assert set(reply.context["form"].errors) == {"unit"}
    assert agency.hand_in(("", "Lê Mẫu", "", "", "Phòng Tài chính", "", "")).counts == {"error": 1}
