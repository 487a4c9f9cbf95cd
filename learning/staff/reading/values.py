"""What a cell says: dates, sexes, phones, names. Each returns the value, or raises `CellError` with
a sentence for the officer; an empty cell is no error here."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from learning.staff.reading.encodings import recognised
from learning.vietnamese import nfc, search_key

_DATE = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_MONTH = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_YEAR = re.compile(r"(\d{4})(?:\.0)?")
_OLDEST, _YOUNGEST = 100, 15
_EXCEL_EPOCH = datetime.date(1899, 12, 30)
_FEMALE = frozenset({"nu", "f", "female", "gai"})
_MALE = frozenset({"nam", "m", "male", "trai"})
_TICKS = frozenset({"x", "v", "1", "có", "co", "*", "✓", "✔", "√", "+"})
_MOBILE = re.compile(r"0[35789]\d{8}")
_LANDLINE = re.compile(r"02\d{8,9}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NAME_SIGNS = re.compile(r"[0-9<>{}\[\]@#$%^*=+|\\/_~!?;:\"]")
NAME_LENGTH = 120


class CellError(ValueError):
    """The cell can't be read; its text says why, to the officer."""


@dataclass(frozen=True)
class Birth:
    """A birth date, or its year alone where no more is known."""

    year: int
    on: datetime.date | None = None


def as_text(value: Any) -> str:
    """A cell's value as one line of NFC text, without signs one can't see."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime.datetime | datetime.date):
        return f"{value:%d/%m/%Y}"
    text = nfc(_CONTROL.sub(" ", str(value).replace("\u00a0", " ")))
    # The apostrophe that makes a spreadsheet keep a text as it is, copied along with it.
    return text[1:].lstrip() if text.startswith("'") else text


def read_name(value: Any) -> str:
    """A full name in Unicode, each word with a capital where all was in capitals or in none.

    Raises `CellError` for what is no name: digits, signs, one letter, more than `NAME_LENGTH`.
    """
    text = as_text(value)
    text = recognised(text) or text
    if not text:
        return ""
    if len(text) > NAME_LENGTH:
        raise CellError(_("A name of more than %(most)s letters.") % {"most": NAME_LENGTH})
    if _NAME_SIGNS.search(text) or len(text) < 2:
        raise CellError(_("“%(text)s” is no name of a person.") % {"text": text[:60]})
    return text.title() if text.isupper() or text.islower() else text


def read_text(value: Any, *, most: int) -> str:
    """Any other text in Unicode. Raises `CellError` where it is longer than `most`."""
    text = as_text(value)
    text = recognised(text) or text
    if len(text) > most:
        raise CellError(_("More than %(most)s letters.") % {"most": most})
    return text


def read_birth(value: Any, *, today: datetime.date) -> Birth | None:
    """A birth date as date, as text («5/3/1985», «05.03.85», «1985»), or as a number of Excel's.

    Days come before months, as in Vietnam. Raises `CellError` for what is no day, and for a day
    that makes her younger than 15 or older than 100.
    """
    if isinstance(value, datetime.datetime):
        value = value.date()
    birth = _birth_of(value, today)
    if birth is None:
        return None
    if not today.year - _OLDEST <= birth.year <= today.year - _YOUNGEST:
        raise CellError(
            _("Born in %(year)s: is that right? Ages from 15 to 100 are taken.")
            % {"year": birth.year}
        )
    return birth


def _birth_of(value: Any, today: datetime.date) -> Birth | None:
    if isinstance(value, datetime.date):
        return Birth(value.year, value)
    text = as_text(value)
    if not text:
        return None
    if found := _YEAR.fullmatch(text):
        number = int(found[1])
        # Days since 1900 as Excel counts them are five digits for everybody alive.
        return Birth(number)
    if text.isdigit() and 5475 < int(text) < 73000:
        on = _EXCEL_EPOCH + datetime.timedelta(days=int(text))
        return Birth(on.year, on)
    if found := _ISO.fullmatch(text):
        return _on(int(found[1]), int(found[2]), int(found[3]), text)
    if found := _DATE.fullmatch(text):
        year = int(found[3])
        if year < 100:
            year += 2000 if year <= today.year % 100 - _YOUNGEST else 1900
        return _on(year, int(found[2]), int(found[1]), text)
    if (found := _MONTH.fullmatch(text)) and 1 <= int(found[1]) <= 12:
        return Birth(int(found[2]))
    raise CellError(_unread_day(text))


def _on(year: int, month: int, day: int, text: str) -> Birth:
    try:
        on = datetime.date(year, month, day)
    except ValueError:
        raise CellError(_unread_day(text)) from None
    return Birth(year, on)


def _unread_day(text: str) -> str:
    return _("“%(text)s” is no day. Write dd/mm/yyyy, or the year alone.") % {"text": text[:60]}


def read_sex(value: Any) -> str:
    """`female`, `male`, or nothing. Raises `CellError` for another word."""
    text = search_key(as_text(value)).strip(".")
    if not text:
        return ""
    if text in _FEMALE:
        return "female"
    if text in _MALE:
        return "male"
    raise CellError(_("“%(text)s” is neither “Nam” nor “Nữ”.") % {"text": as_text(value)[:60]})


def read_ticked_sex(male: Any, female: Any) -> str:
    """The sex where each has a column of its own with an «x» in one of them.

    The women's column alone is enough: nothing in it is nothing said. Years of birth stand there in
    some lists («Năm sinh: Nam | Nữ»); a number counts as a tick.
    """
    is_male, is_female = _ticked(male), _ticked(female)
    if is_male and is_female:
        raise CellError(_("Both “Nam” and “Nữ” are ticked."))
    return "male" if is_male else "female" if is_female else ""


def _ticked(value: Any) -> bool:
    text = search_key(as_text(value))
    return text in _TICKS or text in _MALE | _FEMALE or (text.isdigit() and int(text) > 0)


def read_phone(value: Any) -> str:
    """A Vietnamese phone number in digits, the 0 that Excel drops put back.

    Several in one cell: the first. Raises `CellError` for what is no number.
    """
    text = as_text(value)
    if not text:
        return ""
    first = re.split(r"[;,/]| - |\s{2,}|hoặc", text)[0]
    digits = re.sub(r"[\s.\-()]", "", first)
    if digits.startswith("+84"):
        digits = "0" + digits[3:]
    elif digits.startswith("84") and len(digits) in (11, 12):
        digits = "0" + digits[2:]
    elif not digits.startswith("0") and len(digits) in (9, 10):
        digits = "0" + digits
    if not (_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)):
        raise CellError(
            _("“%(text)s” is no phone number: ten digits, the first of them 0.")
            % {"text": text[:60]}
        )
    return digits


def read_email(value: Any) -> str:
    """An e-mail address in small letters. Raises `CellError` for what is none."""
    text = as_text(value).strip("<>;, ")
    text = re.sub(r"^mailto:", "", text, flags=re.IGNORECASE).lower()
    if not text:
        return ""
    try:
        validate_email(text)
    except ValidationError:
        raise CellError(_("“%(text)s” is no e-mail address.") % {"text": text[:60]}) from None
    return text


def read_code(value: Any) -> str:
    """A staff code in capitals, as text: «007» stays «007». Raises `CellError` where too long."""
    text = as_text(value).upper()
    if len(text) > 40:
        raise CellError(_("More than %(most)s letters.") % {"most": 40})
    return text
