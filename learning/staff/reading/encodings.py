"""Names typed for fonts of before Unicode, TCVN3 («ABC», fonts .Vn…) and VNI («VNI-…»).

In a spreadsheet such a name looks like «NguyÔn V¨n An» or «Nguyeãn Vaên An»: the font drew other
shapes for those letters. Read back only where the letters as they stand can't be Vietnamese and
the ones read back all are; whatever is in doubt is left as it is.
"""

import re
import unicodedata
from functools import cache

# Tones in one order throughout: level, huyền, sắc, hỏi, ngã, nặng.
_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_VOWELS = "aăâeêioôơuưy"

# TCVN 5712:1993, third form: one byte a letter, shown here as Windows-1252 shows it. The level
# capitals have codes of their own, capitals with tones none: a capital font draws the small ones.
_TCVN3 = {
    "a": "aµ¸¶·¹",
    "ă": "¨»¾¼½Æ",
    "â": "©ÇÊÈÉË",
    "e": "eÌÐÎÏÑ",
    "ê": "ªÒÕÓÔÖ",
    "i": "i×ÝØÜÞ",
    "o": "oßãáâä",
    "ô": "«åèæçé",
    "ơ": "¬êíëìî",
    "u": "uïóñòô",
    "ư": "\u00adõøö÷ù",
    "y": "yúýûüþ",
}
_TCVN3_OTHERS = {"®": "đ", "¡": "Ă", "¢": "Â", "£": "Ê", "¤": "Ô", "¥": "Ơ", "¦": "Ư", "§": "Đ"}

# VNI-Windows: a plain letter and one that carries shape and tone; i, đ, ơ, ư, ỵ are single.
_VNI_MARKS = {
    "": ("", "ø", "ù", "û", "õ", "ï"),
    "ă": ("ê", "è", "é", "ú", "ü", "ë"),
    "^": ("â", "à", "á", "å", "ã", "ä"),
}
_VNI_SHAPES = {
    "a": ("a", ""),
    "ă": ("a", "ă"),
    "â": ("a", "^"),
    "e": ("e", ""),
    "ê": ("e", "^"),
    "o": ("o", ""),
    "ô": ("o", "^"),
    "ơ": ("ô", ""),
    "u": ("u", ""),
    "ư": ("ö", ""),
    "y": ("y", ""),
}
_VNI_I = ("i", "ì", "í", "æ", "ó", "ò")
_VNI_OTHERS = {"ñ": "đ", "Ñ": "Đ", "î": "ỵ", "Î": "Ỵ"}

_INITIALS = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx]"
_FINALS = "ng|nh|ch|[cmnpt]"
_NUCLEI = (
    "iêu|yêu|oai|oay|oeo|uây|uôi|ươi|ươu|uya|uyê|uyu|uơ|"
    "ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|ua|uâ|uê|ui|uô|uy|ưa|ưi|ươ|ưu|yê|"
    "a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
_SYLLABLE = re.compile(f"(?:{_INITIALS})?(?:{_NUCLEI})(?:{_FINALS})?")
_SHAPES, _TONE = "[\u0302\u0306\u031b]", "[\u0300\u0301\u0303\u0309\u0323]"
# Where no tone stands: on a consonant («ñ» is a VNI «đ»), on the half vowel at a syllable's end
# («leõ» is a VNI «Lê» read as TCVN3; «quí», «giú» have their u and i in the initial).
_MISPLACED = re.compile(
    f"(?<![aeiouy\u0302\u0306\u031b]){_TONE}"
    f"|(?:a{_SHAPES}?[iouy]|e{_SHAPES}?[ou]|o{_SHAPES}?i|(?<!g)iu|(?<!q)u{_SHAPES}?i|u\u031bu){_TONE}$"
)
_WORD = re.compile(r"[\s\-'’.,/()]+")


def recognised(text: str) -> str | None:
    """`text` in Unicode, if it was typed for a font of before it; None if it stands as it is.

    >>> recognised("NguyÔn V¨n An")
    'Nguyễn Văn An'
    """
    if not text or all(ord(letter) < 0x80 for letter in text) or _reads(text):
        return None
    found = {read for read in (from_tcvn3(text), from_vni(text)) if read != text and _reads(read)}
    return found.pop() if len(found) == 1 else None


def from_tcvn3(text: str) -> str:
    """TCVN3 letters as Unicode (NFC); what is none of them stays."""
    return "".join(_tcvn3_table().get(letter, letter) for letter in text)


def from_vni(text: str) -> str:
    """VNI-Windows letters as Unicode (NFC); what is none of them stays."""
    table = _vni_table()
    read: list[str] = []
    place = 0
    while place < len(text):
        pair = text[place : place + 2]
        letter = table.get(pair) if len(pair) == 2 else None
        place += 2 if letter else 1
        read.append(letter or table.get(pair[0], pair[0]))
    return "".join(read)


def to_tcvn3(text: str) -> str:
    """`text` as it was typed in TCVN3, small letters under capitals with tones. For tests."""
    table = {read: typed for typed, read in _tcvn3_table().items()}
    return "".join(
        table.get(letter) or table.get(letter.lower(), letter)
        for letter in unicodedata.normalize("NFC", text)
    )


def to_vni(text: str) -> str:
    """`text` as it was typed in VNI-Windows. For tests."""
    table = {read: typed for typed, read in _vni_table().items()}
    return "".join(table.get(letter, letter) for letter in unicodedata.normalize("NFC", text))


def _reads(text: str) -> bool:
    """Whether every word could be a Vietnamese syllable."""
    words = [word for word in _WORD.split(unicodedata.normalize("NFC", text).lower()) if word]
    return all(word.isdigit() or _is_syllable(word) for word in words)


def _is_syllable(word: str) -> bool:
    decomposed = unicodedata.normalize("NFD", word)
    tones = [sign for sign in decomposed if sign in _TONES[1:]]
    letters = "".join(sign for sign in decomposed if sign not in _TONES[1:])
    if len(tones) > 1 or _MISPLACED.search(decomposed):
        return False
    return bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", letters)))


@cache
def _tcvn3_table() -> dict[str, str]:
    table = dict(_TCVN3_OTHERS)
    for vowel, typed in _TCVN3.items():
        for letter, tone in zip(typed, _TONES, strict=True):
            if ord(letter) >= 0x80:
                table[letter] = unicodedata.normalize("NFC", vowel + tone)
    return table


@cache
def _vni_table() -> dict[str, str]:
    """Pairs and single letters, small and capital, → the letter they meant."""
    table = dict(_VNI_OTHERS)
    for tone, letter in zip(_TONES, _VNI_I, strict=True):
        if letter != "i":
            table[letter] = unicodedata.normalize("NFC", "i" + tone)
            table[letter.upper()] = unicodedata.normalize("NFC", "I" + tone)
    for vowel, (base, shape) in _VNI_SHAPES.items():
        for tone, mark in zip(_TONES, _VNI_MARKS[shape], strict=True):
            meant = unicodedata.normalize("NFC", vowel + tone)
            typed = base + mark
            if typed == meant or meant == "ỵ":
                continue
            table[typed] = meant
            table[typed.upper()] = meant.upper()
            table[base.upper() + mark] = meant.upper()
    return table
