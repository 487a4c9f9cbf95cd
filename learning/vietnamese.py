"""Vietnamese text as data: one form on the way in, one order and one search key on the way out.

Sort keys hold digits only, so SQLite and PostgreSQL order them alike whatever their collation.
The order follows the CLDR collation for `vi`: letters a ă â b c d đ …, tones level (ngang),
huyền, hỏi, ngã, sắc, nặng, the tone deciding only between words with the same letters.
"""

import datetime
import re
import unicodedata
from decimal import Decimal

# A day as it is typed here, and as programs and addresses write it.
DAY_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz0123456789"
_LETTER_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_LETTERS, start=10)}
_TONE_RANK = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_WORD_END = "01"
_OTHER = "90"
_WORD = re.compile(r"[^\W_]+")


def read_day(text: str) -> datetime.date:
    """The day that was typed in one of `DAY_FORMATS`. Raises `ValueError` for what is none."""
    for form in DAY_FORMATS:
        try:
            return datetime.datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    raise ValueError(text)


def nfc(text: str) -> str:
    """`text` in NFC with single spaces and no spaces at its ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def search_key(text: str) -> str:
    """`text` without marks, đ as d, lower case, single spaces: «Đỗ Hoà» and «do hoa» are equal."""
    decomposed = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return nfc("".join(c for c in decomposed if not unicodedata.combining(c))).lower()


def name_sort_key(full_name: str) -> str:
    """Digits that sort people by given name (tên, the last word), then by the words before it.

    The whole is bounded to 255 characters; names differing only beyond that tie.
    """
    words = nfc(full_name).lower().split(" ")
    return _sort_key(words[-1:] + words[:-1])[:255]


def word_sort_key(text: str) -> str:
    """Digits that sort words and phrases as a dictionary does, Vietnamese or English: word by
    word as they stand, capitals and punctuation left aside."""
    return _sort_key(_WORD.findall(nfc(text).lower()))


def initial(text: str) -> str:
    """The capital under which a dictionary lists `text`: its shape without its tone («Ổ» → «Ô»)."""
    words = _WORD.findall(nfc(text))
    return _letters_of(words[0])[0].upper() if words else ""


def _sort_key(words: list[str]) -> str:
    letters = _WORD_END.join("".join(_letter(c) for c in _letters_of(w)) for w in words)
    tones = "".join(_tone(w) for w in words)
    return f"{letters}00{tones}"


def _letters_of(word: str) -> list[str]:
    """The letters of `word` with their shape (ă, â, ơ …) and without their tone."""
    kept = "".join(c for c in unicodedata.normalize("NFD", word) if c not in _TONE_RANK)
    return list(unicodedata.normalize("NFC", kept))


def _letter(letter: str) -> str:
    return _LETTER_RANK.get(letter, _OTHER)


def _tone(word: str) -> str:
    """One digit a word: 0 for the level tone; a Vietnamese syllable carries at most one tone."""
    for c in unicodedata.normalize("NFD", word):
        if c in _TONE_RANK:
            return _TONE_RANK[c]
    return "0"


def format_decimal(value: Decimal | int | float, places: int = 1) -> str:
    """`value` as Vietnamese readers write it: 1234.5 → «1.234,5», no zeros after the comma."""
    text = f"{value:,.{places}f}".translate(str.maketrans(",.", ".,"))
    return text.rstrip("0").rstrip(",") if places else text
