"""Rows into records: one person each, with the group row above as her unit; faults by the cell."""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from learning.staff.reading.headers import Field, Header, field_of
from learning.staff.reading.tables import Formula, Row
from learning.staff.reading.values import (
    Birth,
    CellError,
    as_text,
    read_birth,
    read_code,
    read_email,
    read_name,
    read_phone,
    read_sex,
    read_text,
    read_ticked_sex,
)
from learning.vietnamese import search_key

POSITION_LENGTH = 120
UNIT_LENGTH = 250
_ROMAN_OR_LETTER = re.compile(r"(?:[IVXL]{1,6}|[A-ZĐ])[.)]?")
_NUMBERED = re.compile(r"(?:[IVXL]{1,6}|[A-ZĐ])\s*[.)\-–:]\s*(.+)")
_UNIT_WORDS = (
    "van phong",
    "phong",
    "ban",
    "trung tam",
    "chi cuc",
    "cuc",
    "so",
    "khoa",
    "to",
    "doi",
    "truong",
    "tram",
    "ubnd",
    "uy ban",
    "dang uy",
    "hoi",
    "doan",
    "phuong",
    "xa",
    "dac khu",
    "thanh tra",
    "bo phan",
    "don vi",
    "cong ty",
    "quy",
    "vien",
    "lanh dao",
    "khoi",
)
_FOOT_WORDS = (
    "tong cong",
    "tong so",
    "cong",
    "nguoi lap",
    "thu truong",
    "giam doc",
    "chu tich",
    "kt",
    "tl",
    "xac nhan",
    "noi nhan",
    "danh sach",
    "ngay",
    "hai phong, ngay",
    "ghi chu",
)


@dataclass(frozen=True)
class Record:
    """What a row says of a person. `unit` is a name, empty for the list's own unit."""

    row: int
    full_name: str = ""
    staff_code: str = ""
    email: str = ""
    phone: str = ""
    sex: str = ""
    birth: Birth | None = None
    position: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Fault:
    """A cell that can't be taken: its place («C5»), what stands in it, what is wrong."""

    cell: str
    text: str
    says: str


@dataclass(frozen=True)
class ReadRow:
    """A row that is a person's, as it stands, with its record or its faults."""

    row: Row
    record: Record
    faults: tuple[Fault, ...] = field(default_factory=tuple)


def read_records(rows: Iterable[Row], header: Header, *, today: datetime.date) -> Iterator[ReadRow]:
    """The persons below the header, in their order; group rows, repeated headers and the foot of
    the sheet are understood and left out."""
    group = ""
    for row in rows:
        if row.number <= header.last_row or not row.filled:
            continue
        if _repeats(row, header):
            continue
        if (name := _group_of(row, header)) is not None:
            group = name
            continue
        if _is_foot(row, header):
            continue
        yield _read(row, header, group, today)


def read_person(row: Row, header: Header, *, today: datetime.date) -> ReadRow:
    """A row that is known to be a person's, from another system."""
    return _read(row, header, "", today)


def cell_name(column: int, row: int) -> str:
    """The place as a spreadsheet calls it: column 2 (from 0), row 5 → «C5»."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def _repeats(row: Row, header: Header) -> bool:
    """The header once more, as at the top of each printed page."""
    found = [field_of(as_text(row[column])) for column in row.filled]
    return len(found) >= 2 and all(found)


def _number_cell(row: Row, header: Header) -> str:
    column = header.columns.get(Field.NUMBER)
    return as_text(row[column]) if column is not None else ""


def _group_of(row: Row, header: Header) -> str | None:
    """The unit that a group row names («I | Văn phòng», «II. Phòng Tổ chức»); else None."""
    number = _number_cell(row, header)
    texts = [as_text(row[column]) for column in row.filled]
    words = [text for text in texts if text != number]
    # A merged cell may be repeated in every column by the program that saved it.
    if len(set(words)) > 1 or re.fullmatch(r"\d+[.)]?", number):
        return None
    if not words:
        numbered = _NUMBERED.fullmatch(number)
        return _cleaned(numbered[1]) if numbered else None
    [text] = set(words)
    key = search_key(text)
    if key.startswith(_FOOT_WORDS) and not _ROMAN_OR_LETTER.fullmatch(number):
        return None
    if numbered := _NUMBERED.fullmatch(text):
        return _cleaned(numbered[1])
    starts = any(key == word or key.startswith(f"{word} ") for word in _UNIT_WORDS)
    if _ROMAN_OR_LETTER.fullmatch(number) or starts:
        return _cleaned(text)
    return None


def _cleaned(text: str) -> str:
    """Without a count at its end («Văn phòng (12 người)»), not all in capitals."""
    try:
        text = read_text(re.sub(r"\s*[(:]\s*\d+.*$", "", text), most=UNIT_LENGTH)
    except CellError:
        text = text[:UNIT_LENGTH]
    return text.capitalize() if text.isupper() else text


def _is_foot(row: Row, header: Header) -> bool:
    """Sums, signatures, notes below the list: no number in front, and such a word first."""
    if re.fullmatch(r"\d+[.)]?", _number_cell(row, header)):
        return False
    first = search_key(as_text(row[row.filled[0]]))
    words = any(re.match(rf"{re.escape(word)}(?:\W|$)", first) for word in _FOOT_WORDS)
    name = _name_of(row, header)
    return words or (not name and len(row.filled) <= 2)


def _name_of(row: Row, header: Header) -> str:
    columns = header.columns
    parts = [
        as_text(row[columns[one]])
        for one in (Field.NAME, Field.FAMILY, Field.GIVEN)
        if one in columns
    ]
    return " ".join(part for part in parts if part)


def _read(row: Row, header: Header, group: str, today: datetime.date) -> ReadRow:
    faults: list[Fault] = []
    columns = header.columns

    def take(one: Field, read: Callable[..., Any], **options: Any) -> Any:
        column = columns.get(one)
        if column is None:
            return None
        value = row[column]
        try:
            if isinstance(value, Formula):
                raise CellError(_("A formula stands here. Copy the column and paste it as values."))
            return read(value, **options)
        except CellError as error:
            faults.append(Fault(cell_name(column, row.number), as_text(value)[:200], str(error)))
            return None

    def sex(_value: Any) -> str:
        male, female = (
            row[columns[one]] if one in columns else None for one in (Field.MALE, Field.FEMALE)
        )
        return read_ticked_sex(male, female)

    name = take(Field.NAME, read_name) or " ".join(
        part for part in (take(Field.FAMILY, read_name), take(Field.GIVEN, read_name)) if part
    )
    # «Năm sinh» over «Nam | Nữ»: where it stands says the sex.
    born_as = {
        "male": take(Field.BIRTH_MALE, read_birth, today=today),
        "female": take(Field.BIRTH_FEMALE, read_birth, today=today),
    }
    told = [sex_told for sex_told, birth in born_as.items() if birth]
    ticked = Field.FEMALE if Field.FEMALE in columns else Field.MALE
    record = Record(
        row=row.number,
        full_name=name,
        staff_code=take(Field.CODE, read_code) or "",
        email=take(Field.EMAIL, read_email) or "",
        phone=take(Field.PHONE, read_phone) or "",
        sex=take(Field.SEX, read_sex) or take(ticked, sex) or (told[0] if len(told) == 1 else ""),
        birth=take(Field.BIRTH, read_birth, today=today) or born_as["male"] or born_as["female"],
        position=take(Field.POSITION, read_text, most=POSITION_LENGTH) or "",
        unit=take(Field.UNIT, read_text, most=UNIT_LENGTH) or group,
    )
    if not name and not faults:
        column = columns.get(Field.NAME, columns.get(Field.GIVEN, 0))
        faults.append(Fault(cell_name(column, row.number), "", _("The name is missing.")))
    return ReadRow(row, record, tuple(faults))
