"""Files as agencies have them: every wild case of issue 5."""

from __future__ import annotations

import datetime
import io
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.staff.reading.encodings import from_tcvn3, from_vni, recognised, to_tcvn3, to_vni
from learning.staff.reading.headers import Field, find_header
from learning.staff.reading.tables import check_file, read_rows, sheet_names
from learning.staff.reading.values import Birth, read_birth
from quizzes.exchange.base import FileError
from tests.learning.staff.files import HEADER, TODAY, bomb, made, read, with_macros, workbook

AN = (1, "Nguyễn Văn Mẫu An", "5/3/1985", "Nam", "Chuyên viên", "Văn phòng", "an@vidu.example")
BINH = (2, "Trần Thị Thí Dụ Bình", "1990", "Nữ", "Trưởng phòng", "Phòng Tổ chức")


def test_a_plain_list_is_read() -> None:
    header, [an, binh] = read(workbook([HEADER, AN, BINH]))

    assert header.columns[Field.NAME] == 1
    assert (an.record.full_name, an.record.email) == ("Nguyễn Văn Mẫu An", "an@vidu.example")
    assert an.record.birth == Birth(1985, datetime.date(1985, 3, 5))
    assert (an.record.sex, binh.record.sex) == ("male", "female")
    assert (an.record.unit, an.record.position) == ("Văn phòng", "Chuyên viên")
    assert binh.record.birth == Birth(1990)
    assert (an.record.row, binh.record.row) == (2, 3)


def test_the_header_is_found_under_titles() -> None:
    titles: list[tuple[Any, ...]] = [
        ("UBND THÀNH PHỐ HẢI PHÒNG", None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("SỞ THÍ DỤ",),
        (),
        ("DANH SÁCH CÁN BỘ, CÔNG CHỨC",),
        ("(Kèm theo Công văn số      /STD-VP ngày 05 tháng 3 năm 2026)",),
    ]

    header, people = read(workbook([*titles, HEADER, AN, BINH]))

    assert header.last_row == 6
    assert [one.record.full_name for one in people] == [AN[1], BINH[1]]


def test_a_header_of_two_rows_with_merged_cells() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["DANH SÁCH"])
        sheet.append(["STT", "Họ và tên", "Giới tính", None, "Liên hệ", None])
        sheet.append([None, None, "Nam", "Nữ", "Email", "SĐT"])
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("B2:B3")
        sheet.merge_cells("C2:D2")
        sheet.merge_cells("E2:F2")
        sheet.append([1, AN[1], "x", None, "an@vidu.example", 912345678])
        sheet.append([2, BINH[1], None, "X", None, "0912.345.679"])

    header, [an, binh] = read(made(fill))

    assert header.last_row == 3
    assert (an.record.sex, binh.record.sex) == ("male", "female")
    assert (an.record.phone, binh.record.phone) == ("0912345678", "0912345679")
    assert an.record.email == "an@vidu.example"


def test_a_row_of_column_numbers_belongs_to_the_header() -> None:
    numbers = [f"({number})" for number in range(1, 10)]

    _header, people = read(workbook([HEADER, numbers, AN]))

    assert [one.record.full_name for one in people] == [AN[1]]


def test_years_of_birth_tell_the_sex_where_they_stand() -> None:
    rows = [
        ("STT", "Họ và tên", "Năm sinh", None, "Chức vụ"),
        (None, None, "Nam", "Nữ", None),
        (1, AN[1], 1985, None, "Chuyên viên"),
        (2, BINH[1], None, 1990, "Kế toán"),
    ]

    _header, [an, binh] = read(workbook(rows))

    assert (an.record.sex, an.record.birth) == ("male", Birth(1985))
    assert (binh.record.sex, binh.record.birth) == ("female", Birth(1990))


def test_a_name_over_two_columns() -> None:
    rows = [
        ("STT", "Họ và tên", None, "Chức vụ"),
        (1, "Nguyễn Văn Mẫu", "An", "Chuyên viên"),
        (2, "Trần Thị Thí Dụ", "Bình", "Kế toán"),
    ]

    _header, people = read(workbook(rows))

    assert [one.record.full_name for one in people] == ["Nguyễn Văn Mẫu An", "Trần Thị Thí Dụ Bình"]


def test_group_rows_are_units_and_the_foot_is_nobody() -> None:
    rows = [
        ("STT", "Họ và tên", "Chức vụ"),
        ("I", "Văn phòng", None),
        (1, AN[1], "Chánh Văn phòng"),
        ("II. PHÒNG TỔ CHỨC (2 người)", None, None),
        (1, BINH[1], "Trưởng phòng"),
        ("STT", "Họ và tên", "Chức vụ"),
        (2, "Lê Văn Mẫu Cường", "Chuyên viên"),
        (None, "Tổng cộng: 3 người", None),
        (None, None, "GIÁM ĐỐC"),
    ]

    _header, people = read(workbook(rows))

    assert [(one.record.full_name, one.record.unit) for one in people] == [
        (AN[1], "Văn phòng"),
        (BINH[1], "Phòng tổ chức"),
        ("Lê Văn Mẫu Cường", "Phòng tổ chức"),
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (datetime.datetime(1985, 3, 5), Birth(1985, datetime.date(1985, 3, 5))),
        ("05/03/1985", Birth(1985, datetime.date(1985, 3, 5))),
        ("5.3.85", Birth(1985, datetime.date(1985, 3, 5))),
        ("1985-03-05", Birth(1985, datetime.date(1985, 3, 5))),
        ("'05/03/1985", Birth(1985, datetime.date(1985, 3, 5))),
        (1985, Birth(1985)),
        ("1985", Birth(1985)),
        ("03/1985", Birth(1985)),
        (31111, Birth(1985, datetime.date(1985, 3, 5))),
        ("01/01/2002", Birth(2002, datetime.date(2002, 1, 1))),
    ],
)
def test_births_as_they_are_written(written: object, meant: Birth) -> None:
    _header, [one] = read(workbook([("Họ và tên", "Ngày sinh"), (AN[1], written)]))

    assert (one.record.birth, one.faults) == (meant, ())


@pytest.mark.parametrize("written", ["31/02/1985", "hôm qua", "05/03/2025", "1/1/1900", "99"])
def test_a_day_that_is_none_is_told_with_its_cell(written: str) -> None:
    _header, [one] = read(workbook([("Họ và tên", "Ngày sinh"), (AN[1], written)]))

    assert [(fault.cell, fault.text) for fault in one.faults] == [("B2", written)]


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        (912345678, "0912345678"),
        ("0912 345 678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("84912345678", "0912345678"),
        ("(0225) 3.842.123", "02253842123"),
        (2253842123, "02253842123"),
        ("0912345678; 0913345678", "0912345678"),
        (912345678.0, "0912345678"),
    ],
)
def test_phones_as_they_are_written(written: object, digits: str) -> None:
    _header, [one] = read(workbook([("Họ và tên", "Số ĐT"), (AN[1], written)]))

    assert (one.record.phone, one.faults) == (digits, ())


@pytest.mark.parametrize("typed", ["123", "0112345678", "không có"])
def test_a_phone_that_is_none_is_told(typed: str) -> None:
    _header, [one] = read(workbook([("Họ và tên", "SĐT"), (AN[1], typed)]))

    assert [fault.cell for fault in one.faults] == ["B2"]


def test_names_in_parts_become_whole_and_capitals_become_a_name() -> None:
    rows = [
        ("Họ và tên", "Chức vụ"),
        (unicodedata.normalize("NFD", AN[1]), "Chuyên viên"),
        ("TRẦN THỊ  THÍ DỤ\u00a0BÌNH\u200b", "Kế toán"),
    ]

    _header, people = read(workbook(rows))

    assert [one.record.full_name for one in people] == [AN[1], BINH[1]]


@pytest.mark.parametrize("encode", [to_tcvn3, to_vni])
def test_names_typed_for_old_fonts_are_read(encode: Any) -> None:
    header = [encode(text) for text in ("STT", "Họ và tên", "Chức vụ", "Đơn vị")]
    row = [1, encode("Nguyễn Thị Mẫu Phượng"), encode("Trưởng phòng"), encode("Phòng Kế hoạch")]

    _header, [one] = read(workbook([header, row]))

    assert one.record.full_name == "Nguyễn Thị Mẫu Phượng"
    assert (one.record.position, one.record.unit) == ("Trưởng phòng", "Phòng Kế hoạch")


def test_codes_keep_their_zeros() -> None:
    _header, [one] = read(workbook([("Mã cán bộ", "Họ và tên"), ("007", AN[1])]))

    assert one.record.staff_code == "007"


def test_a_formula_is_refused_where_it_stands() -> None:
    rows = [("Họ và tên", "Email"), ("Nguyễn Văn Mẫu", '=HYPERLINK("http://x.example")')]

    _header, [one] = read(workbook(rows))

    assert one.record.email == ""
    assert [fault.cell for fault in one.faults] == ["B2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_files_of_any_spreadsheet(encoding: str, sign: str) -> None:
    name = "Nguyễn Văn Mẫu An" if encoding != "cp1258" else "Nguyen Van Mau An"
    header = "Ho va ten" if encoding == "cp1258" else "Họ và tên"
    text = f"{header}{sign}Email\r\n{name}{sign}an@vidu.example\r\n"

    _header, [one] = read(text.encode(encoding), "ds.csv")

    assert (one.record.full_name, one.record.email) == (name, "an@vidu.example")


def test_csv_in_an_old_font_and_with_guarded_cells() -> None:
    header = to_tcvn3("STT,Họ và tên,Email,SĐT")
    text = f"{header}\n1,{to_tcvn3(AN[1])},an@vidu.example,'+84912345678\n"

    _header, [one] = read(text.encode("cp1252"), "ds.csv")

    assert (one.record.full_name, one.record.phone) == (AN[1], "0912345678")


def test_the_sheet_is_chosen_by_name_and_hidden_ones_are_not_offered() -> None:
    data = workbook([("x",)], **{"Cán bộ": [HEADER, AN]})

    _header, people = read(data, sheet="Cán bộ")

    assert len(people) == 1
    assert sheet_names("a.xlsx", io.BytesIO(data)) == ["Danh sách", "Cán bộ"]
    with pytest.raises(FileError):
        list(read_rows(io.BytesIO(data), sheet="Không có"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ds.xlsm", with_macros(workbook([HEADER, AN]))),
        ("ds.xlsx", with_macros(workbook([HEADER, AN]))),
        ("ds.xlsx", b"PK\x03\x04 broken"),
        ("ds.xlsx", b"not a workbook"),
        ("ds.pdf", b"%PDF-1.7"),
        ("ds.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100),
        ("ds.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
        ("ds.csv", b""),
    ],
    ids=["xlsm", "hidden macro", "broken", "no workbook", "pdf", "xls", "locked", "empty"],
)
def test_files_that_are_not_to_be_read_are_refused(name: str, data: bytes) -> None:
    with pytest.raises(FileError):
        check_file(name, io.BytesIO(data), len(data))


def test_a_bomb_and_a_file_of_200_mb_are_refused() -> None:
    data = bomb()
    assert len(data) < 1024 * 1024

    with pytest.raises(FileError):
        check_file("ds.xlsx", io.BytesIO(data), len(data))
    with pytest.raises(FileError):
        check_file("ds.xlsx", io.BytesIO(b"PK"), 200 * 1024 * 1024)


@pytest.mark.parametrize("rows", [[], [("Tên lửa", "Màu")], [("Họ và tên",)], [HEADER]])
def test_a_sheet_without_a_header_or_people(rows: list[tuple[str, ...]]) -> None:
    data = workbook(rows)
    if rows == [HEADER]:
        assert read(data)[1] == []
        return
    with pytest.raises(FileError):
        find_header(list(read_rows(io.BytesIO(data))))


def test_two_columns_that_claim_the_same_are_doubtful() -> None:
    header, _people = read(workbook([("Họ và tên", "Email", "Thư điện tử"), (AN[1], "a@b.vn")]))

    assert header.doubtful == frozenset({2})


_SYLLABLES = (
    "Nguyễn Trần Đặng Lê Quỳnh Thị Mẫu Phượng Hoà Uyên Ỷ Giảng Đường Nghĩa Khuyến Thuỷ Ân Ơn Út Kỳ"
    " Vĩ Xuân Oanh Sưởi Quí Giới Hữu Lưu Cửu Thái Bảo Châu Hiếu"
)
_WORDS = st.sampled_from(_SYLLABLES.split())
_NAMES = st.lists(_WORDS, min_size=1, max_size=5).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(name=_NAMES)
def test_old_encodings_round_trip(name: str) -> None:
    assert from_vni(to_vni(name)) == name
    # Capitals with tones have no codes of their own in TCVN3.
    assert from_tcvn3(to_tcvn3(name.lower())) == name.lower()
    # What stands in Unicode is never taken for an old encoding.
    assert recognised(name) is None


@settings(max_examples=60, deadline=None)
@given(name=_NAMES)
def test_old_encodings_are_recognised_or_left_alone(name: str) -> None:
    for encode in (to_tcvn3, to_vni):
        read_back = recognised(encode(name))
        assert read_back is None or read_back.lower() == name.lower()


@settings(max_examples=60, deadline=None)
@given(on=st.dates(datetime.date(1930, 1, 1), datetime.date(2008, 12, 31)))
def test_every_day_written_is_read_back(on: datetime.date) -> None:
    for text in (f"{on:%d/%m/%Y}", f"{on.day}.{on.month}.{on.year}", on.isoformat(), on):
        assert read_birth(text, today=TODAY) == Birth(on.year, on)
