"""The dry run, applying, undoing: what a list says of people, and what becomes of them."""

from __future__ import annotations

import datetime
import io
import uuid
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.audit.models import Entry
from learning.enrolments.actions import assign_course, enrol
from learning.enrolments.models import Enrolment
from learning.organisations.actions import end_membership, place_member
from learning.organisations.models import Membership
from learning.organisations.signals import members_moved
from learning.staff import applying, checking
from learning.staff.actions import (
    ChangedSinceError,
    StaffError,
    decide,
    start_apply,
    start_check,
    take_up,
    upload_list,
)
from learning.staff.models import StaffImport, StaffImportRow, StaffProfile
from learning.staff.tasks import apply_list
from tests.learning.organisations.factories import make_member, make_officer, make_unit, make_user
from tests.learning.staff.factories import Agency, make_agency, outcomes, rows_of
from tests.learning.staff.files import workbook

pytestmark = pytest.mark.django_db

AN = ("A01", "Nguyễn Văn Mẫu An", "5/3/1985", "Chuyên viên", "Văn phòng", "an@vidu.example", "")
BINH = ("A02", "Trần Thị Mẫu Bình", "1990", "Kế toán", "Phòng Tài chính", "", "912345678")
CUONG = ("", "Lê Văn Mẫu Cường", "1/2/1970", "Lái xe", "", "", "")
State = StaffImport.State


@pytest.fixture
def agency(django_capture_on_commit_callbacks: Any) -> Agency:
    return make_agency(django_capture_on_commit_callbacks)


def person(name: str) -> Any:
    return get_user_model()._default_manager.get(full_name=name)


def test_a_check_writes_nothing_of_people(agency: Agency) -> None:
    found = agency.hand_in(AN, BINH, CUONG)

    assert (found.state, found.counts) == (State.CHECKED, {"new": 3})
    assert agency.staff() == {}
    assert not get_user_model().objects.filter(staff_code="A01").exists()


def test_new_people_are_placed_and_cannot_log_in_yet(agency: Agency) -> None:
    moves: list[Any] = []

    def hear(*, moves: Any, **_kwargs: Any) -> None:
        heard.extend(moves)

    heard = moves
    members_moved.connect(hear)
    try:
        found = agency.bring_in(AN, BINH, CUONG)
    finally:
        members_moved.disconnect(hear)

    assert found.state == State.APPLIED
    assert agency.staff() == {
        AN[1]: "Văn phòng",
        BINH[1]: "Phòng Tài chính",
        CUONG[1]: "Sở Thí Dụ",
    }
    an, cuong = person(AN[1]), person(CUONG[1])
    assert (an.staff_code, an.email, an.has_usable_password()) == ("A01", AN[5], False)
    assert (cuong.staff_code, cuong.name_search) == (f"CB{found.pk}-4", "le van mau cuong")
    assert an.staff_profile.birth_date == datetime.date(1985, 3, 5)
    binh = StaffProfile.objects.get(user=person(BINH[1]))
    assert (binh.birth_date, binh.birth_year, binh.phone) == (None, 1990, "0912345678")
    assert sorted(moves) == sorted(
        [
            (an.pk, agency.office.pk),
            (binh.user_id, agency.finance.pk),
            (cuong.pk, agency.unit.pk),
        ]
    )
    assert Entry.objects.filter(act="staff-list-applied", by=agency.officer).count() == 1


def test_the_same_file_twice_changes_nothing(agency: Agency) -> None:
    agency.bring_in(AN, BINH, CUONG)

    again = agency.hand_in(AN, BINH, CUONG, complete=True)

    assert again.counts == {"unchanged": 3}
    with pytest.raises(StaffError):
        agency.apply(again)


def test_twins_in_a_list_are_asked_for_once_and_known_afterwards(agency: Agency) -> None:
    found = agency.hand_in(CUONG, CUONG)
    assert outcomes(found) == ["new", "doubtful"]
    with pytest.raises(StaffError):
        agency.apply(found)

    decide(row=rows_of(found)[1], choice="new")
    agency.apply(found)

    assert get_user_model().objects.filter(full_name=CUONG[1]).count() == 2
    assert outcomes(agency.hand_in(CUONG, CUONG)) == ["unchanged", "unchanged"]


def test_namesakes_with_codes_of_their_own_are_two_people(agency: Agency) -> None:
    found = agency.bring_in(AN, ("A02", *AN[1:5], "an2@vidu.example", ""))

    assert (found.counts, found.state) == ({"new": 2}, State.APPLIED)
    without = agency.hand_in(*[("", *AN[1:5], f"{name}@vidu.example", "") for name in "xy"])
    assert outcomes(without) == ["doubtful", "doubtful"]


def test_changed_moved_left_and_back(agency: Agency) -> None:
    agency.bring_in(AN, BINH, CUONG)
    promoted = (*AN[:3], "Chánh Văn phòng", *AN[4:])
    moved = (*BINH[:4], "Văn phòng", *BINH[5:])

    found = agency.hand_in(promoted, moved, complete=True)

    assert outcomes(found) == ["changed", "moved", "left"]
    assert rows_of(found)[-2].changes
    agency.apply(found)
    assert agency.staff() == {AN[1]: "Văn phòng", BINH[1]: "Văn phòng"}
    assert Membership.objects.open().get(user=person(AN[1])).position == "Chánh Văn phòng"
    assert person(CUONG[1]).memberships.filter(ended_on__isnull=True).count() == 0

    back = agency.hand_in(("CB7", *CUONG[1:5], "", ""), promoted, moved)
    assert outcomes(back) == ["new", "unchanged", "unchanged"]


def test_what_a_list_leaves_empty_stays(agency: Agency) -> None:
    agency.bring_in(AN)

    found = agency.hand_in(("A01", AN[1], "1985", "", "Văn phòng", "", ""))

    assert outcomes(found) == ["unchanged"]


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        # Another way to write the same name, the same birth: it is she, her name is corrected.
        (("A01", "Nguyễn Văn Mẫu Ân", "5/3/1985", "", "Văn phòng", "", ""), "changed"),
        # Her code under another name, another birth: somebody has to look.
        (("A01", "Phạm Thị Mẫu Dung", "1/1/1999", "", "Văn phòng", "", ""), "doubtful"),
        # Her address with another code.
        (("A99", AN[1], "5/3/1985", "", "Văn phòng", AN[5], ""), "doubtful"),
        # Name, birth and unit: surely she, whatever marks her name has.
        (("", "nguyễn văn mẫu ăn", "05.03.1985", "", "Văn phòng", "", ""), "changed"),
        # The same name and birth in another division: she, or another?
        (("", AN[1], "5/3/1985", "", "Phòng Tài chính", "", ""), "doubtful"),
        # Nothing but the name.
        (("", AN[1], "", "", "Phòng Tài chính", "", ""), "doubtful"),
        # A namesake with another birth.
        (("", AN[1], "7/7/1991", "", "Văn phòng", "", ""), "new"),
        (("", AN[1], "7/7/1991", "", "Phòng Tài chính", "khac@vidu.example", ""), "new"),
    ],
)
def test_who_is_meant(agency: Agency, row: tuple[str, ...], outcome: str) -> None:
    agency.bring_in(AN)

    assert outcomes(agency.hand_in(row)) == [outcome]


def test_a_doubt_decided_for_the_person_changes_her(agency: Agency) -> None:
    agency.bring_in(AN)
    found = agency.hand_in(("", AN[1], "5/3/1985", "Trưởng phòng", "Phòng Tài chính", "", ""))
    [row] = rows_of(found)

    with pytest.raises(StaffError):
        decide(row=row, choice="999999")
    decide(row=row, choice=str(person(AN[1]).pk))
    agency.apply(found)

    assert agency.staff() == {AN[1]: "Phòng Tài chính"}


def test_a_doubt_may_be_left_out(agency: Agency) -> None:
    agency.bring_in(AN)
    found = agency.hand_in(("", AN[1], "5/3/1985", "", "Phòng Tài chính", "", ""), CUONG)

    decide(row=rows_of(found)[0], choice="skip")
    agency.apply(found)

    assert agency.staff() == {AN[1]: "Văn phòng", CUONG[1]: "Sở Thí Dụ"}


def test_two_rows_are_never_the_same_person(agency: Agency) -> None:
    agency.bring_in(AN)
    pk = str(person(AN[1]).pk)
    found = agency.hand_in(
        ("", AN[1], "5/3/1985", "", "Phòng Tài chính", "", ""),
        ("", AN[1], "1985", "", "", "", ""),
    )
    first, second = rows_of(found)
    assert outcomes(found) == ["doubtful", "doubtful"]

    decide(row=first, choice=pk)
    with pytest.raises(StaffError):
        decide(row=second, choice=pk)


def test_errors_are_told_by_row(agency: Agency) -> None:
    found = agency.hand_in(
        ("A01", AN[1], "31/02/1985", "", "Văn phòng", "", ""),
        ("A02", BINH[1], "", "", "Phòng Không Có", "", ""),
        ("A01", CUONG[1], "", "", "", "sai", "12"),
        CUONG,
    )

    assert outcomes(found) == ["error", "error", "error", "new"]
    cells = [[error["cell"] for error in row.errors] for row in rows_of(found)]
    assert cells == [["C2"], [""], ["F4", "G4", ""], []]
    agency.apply(found)
    assert agency.staff() == {CUONG[1]: "Sở Thí Dụ"}


def test_a_complete_list_with_errors_lets_nobody_go(agency: Agency) -> None:
    agency.bring_in(AN, BINH)

    found = agency.hand_in((*AN[:2], "31/02/1985", *AN[3:]), complete=True)

    assert found.counts == {"error": 1, "left": 1}
    with pytest.raises(StaffError):
        agency.apply(found)
    assert len(agency.staff()) == 2


def test_unknown_divisions_may_count_as_the_unit(agency: Agency) -> None:
    row = (*AN[:4], "Tổ Một cửa", *AN[5:])

    assert outcomes(agency.hand_in(row)) == ["error"]
    assert outcomes(agency.hand_in(row, loose_units=True)) == ["new"]


def test_units_are_found_by_code_name_and_short_name(agency: Agency) -> None:
    agency.finance.short_name = "P.TC"
    agency.finance.save()
    found = agency.hand_in(
        *[
            (f"A{number}", AN[1], f"{1970 + number}", "", text, "", "")
            for number, text in enumerate(
                ["phong tai chinh", "P. TC", agency.finance.code, "UBND Sở Thí Dụ", "SỞ THÍ DỤ"]
            )
        ]
    )

    units = [row.record["unit_id"] for row in rows_of(found)]
    assert units == [agency.finance.pk] * 3 + [agency.unit.pk] * 2


def test_people_of_other_units_are_out_of_reach(agency: Agency) -> None:
    ward = make_unit("Phường Khác")
    make_member(ward, AN[1], email="an@vidu.example")

    found = agency.hand_in(AN, (*BINH[:4], "Phường Khác", *BINH[5:]))

    assert outcomes(found) == ["error", "error"]


def test_a_list_never_changes_how_people_with_a_role_log_in(agency: Agency) -> None:
    make_user("Hoàng Mẫu Quản", staff_code="Q01", email="quan@vidu.example", is_superuser=True)
    officer = make_officer(agency.unit, "Vũ Mẫu Nhân")
    officer.staff_code = "Q02"
    officer.save()

    found = agency.hand_in(
        ("Q01", "Hoàng Mẫu Quản", "", "", "", "toi@vidu.example", ""),
        ("Q02", "Vũ Mẫu Nhân", "", "", "", "toi2@vidu.example", ""),
        ("", "Vũ Mẫu Nhân", "", "", "", officer.email, ""),
    )

    assert outcomes(found) == ["error", "error", "error"]


def test_undone_as_if_it_had_never_been(agency: Agency) -> None:
    agency.bring_in(AN, BINH)
    before = agency.staff()
    found = agency.bring_in(
        (*AN[:1], "Nguyễn Văn Mẫu Ân", *AN[2:3], "Chánh", "Văn phòng", "moi@vidu.example", ""),
        CUONG,
        complete=True,
    )
    assert agency.staff() == {"Nguyễn Văn Mẫu Ân": "Văn phòng", CUONG[1]: "Sở Thí Dụ"}

    agency.undo(found)

    assert found.state == State.UNDONE
    assert agency.staff() == before
    an = person(AN[1])
    assert (an.email, an.name_search) == ("an@vidu.example", "nguyen van mau an")
    assert Membership.objects.open().get(user=an).position == "Chuyên viên"
    assert not get_user_model().objects.filter(full_name=CUONG[1]).exists()
    assert Membership.objects.filter(user=person(BINH[1])).count() == 1


def test_not_undone_once_somebody_has_acted(agency: Agency) -> None:
    found = agency.bring_in(AN, BINH, CUONG)
    an, binh = person(AN[1]), person(BINH[1])
    an.last_login = timezone.now()
    an.save()
    enrolment = enrol(user=binh, course_key="00000000-0000-4000-8000-000000000001")  # type: ignore[arg-type]
    enrolment.started_at = timezone.now()
    enrolment.save()
    place_member(user=person(CUONG[1]), unit=agency.office, on=timezone.localdate())

    with pytest.raises(StaffError) as refusal:
        agency.undo(found)

    assert all(name in str(refusal.value) for name in (AN[1], BINH[1], CUONG[1]))
    assert found.state == State.APPLIED


def test_untouched_enrolments_go_with_new_people(agency: Agency) -> None:
    found = agency.bring_in(AN)
    enrol(user=person(AN[1]), course_key="00000000-0000-4000-8000-000000000001")  # type: ignore[arg-type]

    agency.undo(found)

    assert not get_user_model().objects.filter(staff_code="A01").exists()


def test_what_changed_after_the_check_asks_for_a_new_one(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All or nothing: the chunks before are taken back."""
    monkeypatch.setattr(applying, "CHUNK", 1)
    agency.bring_in(AN)
    found = agency.hand_in(BINH, CUONG, (*AN[:3], "Chánh", *AN[4:]))
    end_membership(user=person(AN[1]), on=timezone.localdate())

    agency.apply(found)

    assert (found.state, AN[1] in found.error) == (State.FAILED, True)
    assert agency.staff() == {}
    assert not get_user_model().objects.filter(staff_code="A02").exists()
    agency.check(found)
    assert found.counts == {"new": 2, "moved": 1}


def test_a_code_taken_meanwhile_takes_the_list_back(agency: Agency) -> None:
    found = agency.hand_in(BINH, AN)
    make_user("Ai Mẫu Khác", staff_code="A01")

    agency.apply(found)

    assert (found.state, agency.staff()) == (State.FAILED, {})


def test_only_the_dry_run_that_was_seen_is_applied(agency: Agency) -> None:
    found = agency.hand_in(AN)
    seal = found.seal
    agency.check(found)

    with pytest.raises(ChangedSinceError):
        start_apply(found=found, seal=seal, by=agency.officer)


def test_a_killed_worker_is_taken_up_where_it_was(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "CHUNK", 1)
    found = agency.hand_in(AN, BINH, CUONG)
    start_apply(found=found, seal=found.seal, by=agency.officer)
    applying.continue_apply(pk=found.pk)
    found.refresh_from_db()
    assert (found.state, found.done, found.percent) == (State.APPLYING, 1, 33)
    StaffImport.objects.filter(pk=found.pk).update(
        touched_at=timezone.now() - datetime.timedelta(minutes=2)
    )

    with agency.commit(execute=True):
        take_up(found=found)
    apply_list.call(found.pk)

    found.refresh_from_db()
    assert (found.state, found.done, len(agency.staff())) == (State.APPLIED, 3, 3)


def test_applying_twice_writes_once(agency: Agency) -> None:
    found = agency.bring_in(AN, BINH)

    agency.apply(found)

    assert Membership.objects.filter(unit__path__startswith=agency.unit.path).count() == 2


def test_a_sheet_without_header_tells_so(agency: Agency) -> None:
    data = workbook([("Một", "Hai")])
    found = upload_list(
        unit=agency.unit,
        by=agency.officer,
        name="ds.xlsx",
        stream=io.BytesIO(data),
        size=len(data),
        complete=False,
    )

    agency.check(found)

    assert (found.state, bool(found.error)) == (State.UPLOADED, True)


def test_queries_do_not_grow_with_rows(agency: Agency) -> None:
    counted = []
    for number in (1, 3):
        rows = [
            (f"Q{number}{n}", f"Đỗ Mẫu {'ABC'[n]}", "1990", "", "", "", "") for n in range(number)
        ]
        with CaptureQueriesContext(connection) as check:
            found = agency.hand_in(*rows)
        with CaptureQueriesContext(connection) as apply:
            agency.apply(found)
        counted.append((len(check), len(apply)))

    assert counted[0] == counted[1]


def test_an_older_run_of_a_check_stops(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "CHUNK", 1)
    found = agency.hand_in(AN, BINH)
    start_check(found=found, mapping=None, complete=False, loose_units=False)
    old = StaffImport.objects.get(pk=found.pk)
    checking.run_check(pk=found.pk)

    with pytest.raises(checking._StoppedError):
        checking._note(old, done=1)
    assert StaffImportRow.objects.filter(of=found).count() == 2


def test_new_people_get_their_units_courses_and_leavers_lose_them(agency: Agency) -> None:
    course_key = uuid.uuid4()
    assign_course(
        course_key=course_key, unit=agency.unit, due_on=None, required=True, by=agency.officer
    )
    found = agency.bring_in(AN, BINH)
    mine = Enrolment.objects.filter(course_key=course_key)
    assert mine.filter(user=person(AN[1]), unit=agency.office).count() == 1

    left = agency.bring_in(BINH, complete=True)
    assert mine.get(user=person(AN[1])).unit is None
    agency.undo(left)
    assert mine.get(user=person(AN[1])).unit == agency.office

    agency.undo(found)
    assert not mine.exists()
    assert not get_user_model().objects.filter(staff_code__in=["A01", "A02"]).exists()
