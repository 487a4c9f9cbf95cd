"""Which column says what: the header is found under title rows, and may be two rows high."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.staff.reading.encodings import from_tcvn3, from_vni
from learning.staff.reading.tables import Row
from learning.staff.reading.values import as_text
from learning.vietnamese import search_key
from quizzes.exchange.base import FileError

# A header stands under at most so many rows of titles.
MOST_TITLES = 40
_SIGNS = re.compile(r"[^a-z0-9 ]+")


class Field(StrEnum):
    """What a column may say."""

    NUMBER = "number"
    CODE = "code"
    NAME = "name"
    FAMILY = "family"
    GIVEN = "given"
    BIRTH = "birth"
    BIRTH_MALE = "birth_male"
    BIRTH_FEMALE = "birth_female"
    SEX = "sex"
    MALE = "male"
    FEMALE = "female"
    POSITION = "position"
    UNIT = "unit"
    EMAIL = "email"
    PHONE = "phone"
    NOTE = "note"


LABELS = {
    Field.NUMBER: gettext_lazy("Number in the list (not kept)"),
    Field.CODE: gettext_lazy("Staff code"),
    Field.NAME: gettext_lazy("Full name"),
    Field.FAMILY: gettext_lazy("Family and middle names"),
    Field.GIVEN: gettext_lazy("Given name"),
    Field.BIRTH: gettext_lazy("Date or year of birth"),
    Field.BIRTH_MALE: gettext_lazy("Date or year of birth, men's"),
    Field.BIRTH_FEMALE: gettext_lazy("Date or year of birth, women's"),
    Field.SEX: gettext_lazy("Sex"),
    Field.MALE: gettext_lazy("Male (ticked)"),
    Field.FEMALE: gettext_lazy("Female (ticked)"),
    Field.POSITION: gettext_lazy("Position"),
    Field.UNIT: gettext_lazy("Unit or division"),
    Field.EMAIL: gettext_lazy("E-mail"),
    Field.PHONE: gettext_lazy("Phone"),
    Field.NOTE: gettext_lazy("Note (not kept)"),
}

# As search keys without signs; the first of each is what our own template says.
NAMES: Mapping[Field, tuple[str, ...]] = {
    Field.NUMBER: ("stt", "so tt", "tt", "so thu tu", "no"),
    Field.CODE: (
        "ma can bo",
        "ma cb",
        "ma cbcc",
        "ma cbccvc",
        "ma cccv",
        "ma cong chuc",
        "ma vien chuc",
        "ma nhan vien",
        "ma nv",
        "ma so",
        "ma dinh danh noi bo",
        "staff code",
        "ma so can bo",
    ),
    Field.NAME: (
        "ho va ten",
        "ho ten",
        "ho ten day du",
        "ho va ten day du",
        "ho va ten khai sinh",
        "ten can bo",
        "ho ten can bo",
        "full name",
        "ho dem va ten",
        "ho ten cong chuc",
        "ho va ten can bo",
    ),
    Field.FAMILY: ("ho dem", "ho va dem", "ho va ten dem", "ho lot", "ho", "ho ten dem"),
    Field.GIVEN: ("ten", "ten goi"),
    Field.BIRTH: (
        "ngay sinh",
        "ngay thang nam sinh",
        "nam sinh",
        "sinh ngay",
        "ngay thang sinh",
        "nam sinh ngay sinh",
        "ntns",
        "date of birth",
    ),
    Field.BIRTH_MALE: ("nam sinh nam", "ngay sinh nam", "ngay thang nam sinh nam"),
    Field.BIRTH_FEMALE: ("nam sinh nu", "ngay sinh nu", "ngay thang nam sinh nu"),
    Field.SEX: ("gioi tinh", "nam nu", "phai", "sex", "gt", "gioi tinh nam nu"),
    Field.MALE: ("nam", "gioi tinh nam", "gt nam"),
    Field.FEMALE: ("nu", "gioi tinh nu", "gt nu"),
    Field.POSITION: (
        "chuc vu",
        "chuc danh",
        "chuc vu chuc danh",
        "chuc danh chuc vu",
        "vi tri viec lam",
        "vi tri",
        "position",
        "chuc vu hien tai",
        "chuc vu cong tac",
        "ngach",
    ),
    Field.UNIT: (
        "phong don vi",
        "don vi",
        "phong ban",
        "phong",
        "don vi cong tac",
        "co quan don vi",
        "bo phan",
        "noi cong tac",
        "phong chuyen mon",
        "co quan",
        "to chuyen mon",
        "khoa phong",
        "unit",
        "don vi phong ban",
        "phong ban don vi",
        "co quan cong tac",
    ),
    Field.EMAIL: (
        "email",
        "e mail",
        "thu dien tu",
        "dia chi email",
        "hop thu cong vu",
        "dia chi thu dien tu",
        "email cong vu",
        "mail",
        "thu cong vu",
    ),
    Field.PHONE: (
        "dien thoai",
        "so dien thoai",
        "sdt",
        "dt",
        "dien thoai di dong",
        "di dong",
        "phone",
        "so dt",
        "dtdd",
        "so di dong",
        "tel",
    ),
    Field.NOTE: ("ghi chu", "gc", "note", "luu y"),
}
_FIELD_OF = {name: one for one, names in NAMES.items() for name in names}


@dataclass(frozen=True)
class Header:
    """Where the header stands, what it says, and what each column was taken for."""

    last_row: int
    titles: tuple[str, ...]
    fields: Mapping[int, Field]
    # Columns two of which claim the same field: the officer decides.
    doubtful: frozenset[int] = field(default_factory=frozenset)

    @property
    def columns(self) -> dict[Field, int]:
        """Each field's column."""
        return {one: column for column, one in self.fields.items()}


def field_of(title: str) -> Field | None:
    """What a column with this title says; None where nobody can tell."""
    text = as_text(title)
    # Abbreviations («S§T») are no syllables; but here only so many titles are possible.
    for read in (text, from_tcvn3(text), from_vni(text)):
        words = _SIGNS.sub(" ", search_key(read.partition("(")[0])).split()
        if found := _FIELD_OF.get(" ".join(words)):
            return found
    return None


def find_header(rows: Sequence[Row]) -> Header:
    """The header among the first rows of a sheet.

    It is the first row of all that names the most fields, a name among them; the row below belongs
    to it where it names parts of a merged cell above («Giới tính» over «Nam | Nữ»). Raises
    `FileError` where no row names a person's name and one thing more.
    """
    best: tuple[int, int] | None = None
    for place, row in enumerate(rows[:MOST_TITLES]):
        found = {field_of(str(row[column])) for column in row.filled} - {None}
        named = found & {Field.NAME, Field.GIVEN}
        if named and len(found) >= 2 and (best is None or len(found) > best[0]):
            best = (len(found), place)
    if best is None:
        raise FileError(
            _(
                "No row with headers was found. It must say “Họ và tên” and at least one more,"
                " such as “Chức vụ” or “Email”. You may use our template."
            )
        )
    place = best[1]
    below = rows[place + 1] if place + 1 < len(rows) else None
    two = below is not None and below.number == rows[place].number + 1 and _is_second(below)
    titles = _titles(rows[place], below if two else None)
    fields, doubtful = _fields(titles)
    _split_name(fields, titles, rows[place + (2 if two else 1) :])
    return Header(
        last_row=(below if two and below else rows[place]).number,
        titles=titles,
        fields=fields,
        doubtful=doubtful,
    )


def _is_second(row: Row) -> bool:
    """Whether the row goes on with the header: only names of fields stand in it, or numbers of
    columns «(1) (2) (3)»."""
    texts = [as_text(row[column]) for column in row.filled]
    if all(re.fullmatch(r"\(?\d{1,2}\)?", text) for text in texts):
        return len(texts) > 2
    return all(field_of(text) is not None for text in texts)


def _titles(upper: Row, lower: Row | None) -> tuple[str, ...]:
    width = max(len(upper.cells), len(lower.cells) if lower else 0)
    titles: list[str] = []
    above = ""
    for column in range(width):
        own = as_text(upper[column])
        above = own or above
        below = as_text(lower[column]) if lower else ""
        if re.fullmatch(r"\(?\d{1,2}\)?", below):
            below = ""
        # The upper cell is merged over all columns that have a part of their own.
        titles.append(f"{above} {below}" if below and above != below else own)
    while titles and not titles[-1]:
        titles.pop()
    return tuple(titles)


def _fields(titles: Sequence[str]) -> tuple[dict[int, Field], frozenset[int]]:
    fields: dict[int, Field] = {}
    doubtful: set[int] = set()
    for column, title in enumerate(titles):
        one = field_of(title) if title else None
        if one is None and " " in title:
            # «Năm sinh Nam», «Thông tin liên hệ Email»: the last word of a merged header decides.
            one = field_of(title.rpartition(" ")[2])
        if one is None:
            continue
        if one in fields.values():
            doubtful.add(column)
            continue
        fields[column] = one
    return fields, frozenset(doubtful)


def _split_name(fields: dict[int, Field], titles: Sequence[str], rows: Sequence[Row]) -> None:
    """«Họ và tên» over two columns: the first holds all but the given name, the second that."""
    column = next((c for c, one in fields.items() if one is Field.NAME), None)
    if column is None or Field.FAMILY in fields.values():
        return
    beside = column + 1
    title = titles[beside] if beside < len(titles) else ""
    given = fields.get(beside) is Field.GIVEN
    if not given and not title:
        named = [row for row in rows[:30] if as_text(row[column])]
        both = [row for row in named if as_text(row[beside])]
        given = bool(both) and len(both) * 2 >= len(named)
    if given:
        fields[column], fields[beside] = Field.FAMILY, Field.GIVEN
