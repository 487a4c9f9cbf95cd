"""Whether two written answers say the same, as a fair reader would judge Vietnamese.

Capitals, spaces, the form of Unicode and where the tone mark stands («hoà», «hòa») never matter;
marks matter unless the question says otherwise.
"""

from __future__ import annotations

import unicodedata

# Grave, hook, tilde, acute, dot below: the tones. What else a letter carries is its shape.
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_EDGES = " .,;:!?…\"'«»“”‘’()"
_SAME = str.maketrans({"–": "-", "—": "-", "‑": "-", "−": "-", "’": "'", "‘": "'"})


def same_words(text: str, *, with_accents: bool) -> str:
    """A key that is equal for answers that are the same; empty for one without a letter or digit.

    With accents each word is its letters in their shape and its tones apart, so that a tone may
    stand on either vowel. Without, marks are left out and đ is d.
    """
    words = unicodedata.normalize("NFC", text).translate(_SAME).casefold().strip(_EDGES).split()
    return " ".join(_word(word, with_accents) for word in words)


def _word(word: str, with_accents: bool) -> str:
    parts = unicodedata.normalize("NFD", word)
    if not with_accents:
        return "".join(c for c in parts if not unicodedata.combining(c)).replace("đ", "d")
    shape = "".join(c for c in parts if c not in _TONES)
    tones = "".join(c for c in parts if c in _TONES)
    return unicodedata.normalize("NFC", shape) + (f"|{tones}" if tones else "")
