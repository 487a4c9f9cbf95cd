"""What an answer says that stands behind «Đáp án:» or in a table of answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizzes.exchange.formats.word import patterns
from quizzes.exchange.formats.word.rich import Table

_EMPTY = frozenset({"", "-", "–", "…"})
_HEADS = frozenset({"câu", "câu hỏi", "đáp án", "đa", "stt", "đ/a", "phương án", "chọn", "câu số"})


@dataclass(frozen=True)
class Said:
    """An answer as it is written, and the number of its paragraph."""

    text: str
    line: int
    # Of which question and part, where that is said.
    number: int = 0
    part: str = ""
    gap: int = 0


@dataclass
class Value:
    """What an answer may mean: letters, judgements, an order, pairs; each empty if it is none."""

    letters: list[str] = field(default_factory=list)
    # The option's words, where they stand behind its letter.
    words: str = ""
    judged: dict[str, bool] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    pairs: dict[str, str] = field(default_factory=dict)


def value_of(text: str) -> Value:
    """All that `text` may mean."""
    value = Value()
    text = patterns.WORDS_BEFORE.sub("", text.strip()).strip().strip("()[]").rstrip(".").strip()
    if patterns.LETTERS.fullmatch(text):
        value.letters = [one.upper() for one in patterns.LETTER.findall(text)]
    elif patterns.JOINED_LETTERS.fullmatch(text):
        value.letters = list(text)
    elif found := patterns.LETTER_AND_TEXT.fullmatch(text):
        value.letters, value.words = [found[1].upper()], found[2]
    value.judged = _judged(text)
    value.order = _order(text)
    pairs = dict(patterns.PLACED.findall(text))
    if pairs and not patterns.PLACED.sub("", text).strip():
        value.pairs = {number: letter.lower() for number, letter in pairs.items()}
    return value


def _judged(text: str) -> dict[str, bool]:
    """Judgements by their letters: «a) Đ; b) S», «ĐSĐS», «Đúng - Sai»."""
    found = patterns.JUDGED.findall(text)
    if (
        found
        and not patterns.JUDGED.sub("", text).strip()
        and len({a.lower() for a, _w in found}) == len(found)
    ):
        return {letter.lower(): is_true(word) for letter, word in found}
    if patterns.JUDGEMENTS.fullmatch(text):
        words = patterns.JUDGEMENT.findall(text)
        return {chr(ord("a") + place): is_true(word) for place, word in enumerate(words[:8])}
    return {}


def is_true(word: str) -> bool:
    """Whether «Đúng», «Đ», «Sai», «S» says that something is true."""
    return word.casefold().startswith("đ")


def _order(text: str) -> list[str]:
    """Letters in an order that arrows or hyphens say: «b → a → c»."""
    parts = patterns.ARROWS.split(text)
    if len(parts) < 3:
        parts = [part.strip() for part in text.replace("–", "-").split("-")]
    if len(parts) < 3:
        parts = [part.strip() for part in text.split(",")]
    letters = [part.strip().upper() for part in parts]
    plain = all(len(one) == 1 and one in "ABCDEFGH" for one in letters)
    return letters if len(letters) >= 3 and plain and len(set(letters)) == len(letters) else []


def pairs_in(text: str) -> list[tuple[int, str]]:
    """The answers of a line that holds nothing else: «1-B 2-C», «1B, 2C», «Câu 1: B»."""
    found = patterns.PAIR.findall(text)
    if not found or patterns.PAIR.sub("", text).strip():
        return []
    return [(int(number), letters) for number, letters in found]


def table_answers(table: Table) -> list[tuple[int, str]]:
    """The answers a table holds, if it is one of answers; by rows, by columns, or by cells."""
    texts = table.texts()
    return _by_rows(texts) or _by_cells(texts) or _by_columns(texts)


def question_number(text: str) -> int:
    """The number in «12», «Câu 12.»; 0 for anything else."""
    text = text.casefold().removeprefix("câu").strip().rstrip(".:)")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def _is_value(text: str) -> bool:
    value = value_of(text)
    return bool(value.letters and not value.words) or bool(value.judged)


def is_head(text: str) -> bool:
    """Whether a cell only says what stands beside or under it: «Câu», «Đáp án»."""
    return text.casefold().rstrip(":.") in _HEADS or text in _EMPTY


def _by_rows(texts: list[list[str]]) -> list[tuple[int, str]]:
    rows = [row for row in texts if not all(cell in _EMPTY for cell in row)]
    if len(rows) < 2 or len(rows) % 2:
        return []
    answers: list[tuple[int, str]] = []
    for numbers, values in zip(rows[::2], rows[1::2], strict=True):
        if len(numbers) != len(values):
            return []
        for number, value in zip(numbers, values, strict=True):
            if question_number(number) and (_is_value(value) or value in _EMPTY):
                answers += [(question_number(number), value)] if value not in _EMPTY else []
            elif not (is_head(number) and is_head(value)):
                return []
    return answers


def _by_cells(texts: list[list[str]]) -> list[tuple[int, str]]:
    cells = [cell for row in texts for cell in row if cell not in _EMPTY and not is_head(cell)]
    found = [pairs_in(cell) for cell in cells]
    return [pair for pairs in found for pair in pairs] if all(found) and len(cells) > 1 else []


def _by_columns(texts: list[list[str]]) -> list[tuple[int, str]]:
    answers: list[tuple[int, str]] = []
    for place, row in enumerate(texts):
        if place == 0 and all(is_head(cell) for cell in row):
            continue
        if len(row) % 2:
            return []
        for number, value in zip(row[::2], row[1::2], strict=True):
            if question_number(number) and _is_value(value):
                answers.append((question_number(number), value))
            elif not (number in _EMPTY and value in _EMPTY):
                return []
    return answers
