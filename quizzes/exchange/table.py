"""Questions as rows of a table: what CSV and XLSX share. Pure functions.

One row is one question. Its options stand in columns «Option A», «Option B», …; the letters of the
right ones in «Answer». Headers are known in Vietnamese and in English, whatever their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from quizzes.bank.content import (
    OPTION_LETTERS,
    OptionSpec,
    clean_text,
    next_option_key,
    parse_sources,
    sources_as_text,
)
from quizzes.bank.kinds import all_kinds, get_kind, kind_names
from quizzes.exchange.base import Draft, Entry, FileError, Loss

# Names of columns: what they are called in the code, in English, in Vietnamese.
COLUMNS: dict[str, tuple[str, str]] = {
    "key": ("Key", "Mã câu hỏi"),
    "kind": ("Kind", "Loại câu hỏi"),
    "prompt": ("Question", "Câu hỏi"),
    "answer": ("Answer", "Đáp án"),
    "explanation": ("Explanation", "Giải thích"),
    "topic": ("Topic", "Chủ đề"),
    "tags": ("Tags", "Nhãn"),
    "difficulty": ("Difficulty", "Độ khó"),
    "objective": ("Objective", "Mục tiêu"),
    "reference": ("Lesson", "Bài học"),
    "sources": ("Sources", "Nguồn"),
    "settings": ("Settings", "Thiết lập"),
    "pinned": ("Pinned", "Giữ nguyên vị trí"),
    "prompt_en": ("Question in English", "Câu hỏi tiếng Anh"),
    "explanation_en": ("Explanation in English", "Giải thích tiếng Anh"),
}
# The same with the letter of an option behind them.
OPTION_COLUMNS: dict[str, tuple[str, str]] = {
    "text": ("Option", "Phương án"),
    "match": ("Counterpart", "Vế ghép"),
    "gap": ("Gap", "Chỗ trống"),
    "why": ("Why", "Vì sao"),
    "points": ("Points", "Điểm"),
    "area": ("Area", "Vùng"),
    "key": ("Option key", "Mã phương án"),
    "text_en": ("Option in English", "Phương án tiếng Anh"),
    "match_en": ("Counterpart in English", "Vế ghép tiếng Anh"),
    "why_en": ("Why in English", "Vì sao tiếng Anh"),
}
_NUMBERS = frozenset({"gap", "points"})
# What an empty table offers, and what every written one has.
BASIC = (
    "key", "kind", "prompt", "text:A", "text:B", "text:C", "text:D", "answer", "explanation",
    "topic", "tags", "difficulty",
)  # fmt: skip
MOST_OPTIONS = 100
_TRUE = frozenset({"đúng", "true", "t", "đ"})
_FALSE = frozenset({"sai", "false", "f", "s"})
_DIFFICULTIES = {
    "1": 1, "2": 2, "3": 3, "easy": 1, "medium": 2, "hard": 3, "dễ": 1, "trung bình": 2, "khó": 3,
}  # fmt: skip


def letter_of(place: int) -> str:
    """«A» for 0, «Z» for 25, «AA» for 26."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = OPTION_LETTERS[rest] + letters
    return letters


def place_of(letters: str) -> int:
    """The reverse of `letter_of`."""
    place = 0
    for letter in letters:
        place = place * 26 + OPTION_LETTERS.index(letter) + 1
    return place - 1


def same(text: str) -> str:
    """A form equal for texts that differ in capitals, spaces and Unicode form."""
    return " ".join(clean_text(text).casefold().split())


# --- headers --------------------------------------------------------------------------------------

_HEADERS = {same(name): column for column, names in COLUMNS.items() for name in (column, *names)}
_OPTION_HEADERS = {same(name): column for column, names in OPTION_COLUMNS.items() for name in names}


def column_of(header: str) -> str:
    """The column a header names, as «prompt» or «text:A»; empty for an unknown one."""
    text = same(header).rstrip("*: ")
    if text in _HEADERS:
        return _HEADERS[text]
    name, _space, letter = text.rpartition(" ")
    if name in _OPTION_HEADERS and re.fullmatch(r"[a-z]{1,2}", letter):
        return f"{_OPTION_HEADERS[name]}:{letter.upper()}"
    return ""


def header_of(column: str) -> str:
    """The header of a column in Vietnamese, as files are made for those who fill them in."""
    name, _colon, letter = column.partition(":")
    return f"{OPTION_COLUMNS[name][1]} {letter}" if letter else COLUMNS[name][1]


def find_headers(row: Sequence[str]) -> dict[int, str]:
    """The columns by their place; `FileError` for what is no header row, or names one twice."""
    found = {place: column_of(cell) for place, cell in enumerate(row) if cell.strip()}
    columns = [column for column in found.values() if column]
    if "prompt" not in columns:
        raise FileError(_("The first row must name the columns, one of them «Câu hỏi»."))
    if twice := sorted({one for one in columns if columns.count(one) > 1}):
        raise FileError(
            _("A column stands twice: %(names)s.") % {"names": ", ".join(map(header_of, twice))}
        )
    if any(place_of(one.partition(":")[2]) >= MOST_OPTIONS for one in columns if ":" in one):
        raise FileError(_("At most %(most)s options.") % {"most": MOST_OPTIONS})
    return found


@cache
def kind_labels() -> dict[str, str]:
    """The kinds by their names and labels in Vietnamese and English."""
    labels: dict[str, str] = {}
    for language in ("en", "vi"):
        with translation.override(language):
            labels |= {same(str(kind.label)): kind.name for kind in all_kinds()}
    return labels | {name: name for name in kind_names()}


# --- reading --------------------------------------------------------------------------------------


def read_rows(
    rows: Iterable[Sequence[str]], notes: Mapping[int, Sequence[str]] | None = None
) -> list[Entry]:
    """The entries of a table whose first row holds the headers; rows count from 1.

    `notes` are said of the rows they name, and those of row 0 of every one.
    """
    notes = notes or {}
    columns: dict[int, str] | None = None
    always = list(notes.get(0, ()))
    entries: list[Entry] = []
    for line, row in enumerate(rows, start=1):
        if not any(cell.strip() for cell in row):
            continue
        if columns is None:
            columns = find_headers(row)
            if unknown := [row[place] for place, name in columns.items() if not name]:
                always.append(
                    _("Columns nobody knows are passed over: %(names)s.")
                    % {"names": ", ".join(unknown)}
                )
            continue
        said = [*always, *notes.get(line, ())]
        entries.append(_entry(line, row, columns, said))
    if columns is None:
        raise FileError(_("The file is empty."))
    return entries


def _entry(line: int, row: Sequence[str], columns: dict[int, str], notes: list[str]) -> Entry:
    cells = {name: row[place] for place, name in columns.items() if name and place < len(row)}
    cells = {name: clean_text(cell) for name, cell in cells.items() if cell.strip()}
    source = "\n".join(
        f"{row_header}: {cell}"
        for row_header, cell in ((header_of(name), cell) for name, cell in cells.items())
    )
    if any(cell.strip() for place, cell in enumerate(row) if place not in columns):
        notes.append(_("A cell without a header is passed over."))
    errors: list[str] = []
    draft = _draft(cells, errors, notes)
    return Entry(
        line=line,
        source=source,
        draft=None if errors else draft,
        errors=tuple(errors),
        notes=tuple(notes),
    )


def _draft(cells: Mapping[str, str], errors: list[str], notes: list[str]) -> Draft:
    options = _options(cells, errors)
    kind = _kind(cells, options, errors, notes)
    difficulty = _DIFFICULTIES.get(same(cells.get("difficulty", "2")), 0)
    if not difficulty:
        errors.append(_("Difficulty is 1, 2 or 3 (easy, medium, hard)."))
    options = _answered(kind, cells, options, errors)
    _pin(cells, options, errors)
    return Draft(
        kind=kind,
        prompt=cells.get("prompt", ""),
        options=[options[place] for place in sorted(options)],
        key=cells.get("key", ""),
        topic=cells.get("topic", ""),
        tags=split_tags(cells.get("tags", "")),
        difficulty=difficulty or 2,
        objective=cells.get("objective", ""),
        reference=cells.get("reference", ""),
        prompt_en=cells.get("prompt_en", ""),
        explanation=cells.get("explanation", ""),
        explanation_en=cells.get("explanation_en", ""),
        sources=parse_sources(cells.get("sources", "")),
        settings=parse_settings(kind, cells.get("settings", ""), errors),
    )


def _options(cells: Mapping[str, str], errors: list[str]) -> dict[int, OptionSpec]:
    """The options by their places; places may be left out."""
    found: dict[int, dict[str, Any]] = {}
    for column, cell in cells.items():
        name, _colon, letter = column.partition(":")
        if not letter:
            continue
        value: Any = cell
        if name in _NUMBERS:
            if not re.fullmatch(r"[0-9]{1,4}", cell):
                errors.append(
                    _("«%(column)s» must be a whole number.") % {"column": header_of(column)}
                )
                continue
            value = int(cell)
        found.setdefault(place_of(letter), {})[name] = value
    return {place: {"text": "", **option} for place, option in found.items()}  # type: ignore[typeddict-item]


def _kind(
    cells: Mapping[str, str], options: dict[int, OptionSpec], errors: list[str], notes: list[str]
) -> str:
    said = cells.get("kind", "")
    if said:
        if same(said) not in kind_labels():
            errors.append(_("Unknown kind of question: %(kind)s") % {"kind": said})
        return kind_labels().get(same(said), "single")
    kind = "multiple" if len(_listed(cells.get("answer", ""))) > 1 else "single"
    if not options and same(cells.get("answer", "")) in _TRUE | _FALSE:
        kind = "true_false"
    notes.append(
        _("No kind of question is named: understood as «%(kind)s».")
        % {"kind": get_kind(kind).label}
    )
    return kind


def _answered(
    kind: str, cells: Mapping[str, str], options: dict[int, OptionSpec], errors: list[str]
) -> dict[int, OptionSpec]:
    """The options with what the column «Answer» says of them."""
    answer = cells.get("answer", "")
    if kind == "true_false" and not options:
        if same(answer) not in _TRUE | _FALSE:
            errors.append(_("The answer is «Đúng» or «Sai»."))
        truth = same(answer) in _TRUE
        return {0: {"text": "Đúng", "right": truth}, 1: {"text": "Sai", "right": not truth}}
    if kind == "number" and not options and answer:
        return {0: {"text": answer}}
    if "right" not in _fields(kind):
        if answer:
            errors.append(_("Questions of this kind have nothing in the column «Đáp án»."))
        if kind == "blank":
            for place, option in options.items():
                option.setdefault("gap", place + 1)
        return options
    for place in _places(answer, options, errors):
        options[place]["right"] = True
    return options


def _fields(kind: str) -> tuple[str, ...]:
    return get_kind(kind).option_fields if kind in kind_names() else ()


def _pin(cells: Mapping[str, str], options: dict[int, OptionSpec], errors: list[str]) -> None:
    for place in _places(cells.get("pinned", ""), options, errors):
        options[place]["pinned"] = True


def _listed(text: str) -> list[str]:
    return [one for one in re.split(r"[\s,;.]+", text) if one]


def _places(text: str, options: dict[int, OptionSpec], errors: list[str]) -> list[int]:
    """The places of the letters listed; those that name no option are errors."""
    places = []
    for one in _listed(text):
        letter = one.upper()
        if re.fullmatch(r"[A-Z]{1,2}", letter) and place_of(letter) in options:
            places.append(place_of(letter))
        else:
            errors.append(_("«%(letter)s» is the letter of no option.") % {"letter": one[:40]})
    return places


def split_tags(text: str) -> list[str]:
    """Tags between commas or semicolons, each once, in their order."""
    return list(dict.fromkeys(one.strip() for one in re.split(r"[,;\n]", text) if one.strip()))


def parse_settings(kind: str, text: str, errors: list[str]) -> dict[str, Any]:
    """Settings from lines «name=value»; a switch is «true» or «false»."""
    switches = {
        one.name
        for one in (get_kind(kind).settings if kind in kind_names() else ())
        if isinstance(one.default, bool)
    }
    settings: dict[str, Any] = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        name, value = name.strip(), _unescape(value.strip())
        if not line.strip():
            continue
        if not equals:
            errors.append(_("Settings are lines «name=value»: %(line)s") % {"line": line[:80]})
        elif name in switches and same(value) in _TRUE | _FALSE:
            settings[name] = same(value) in _TRUE
        else:
            settings[name] = value
    return settings


def settings_text(settings: Mapping[str, Any]) -> str:
    """The reverse of `parse_settings`."""
    return "\n".join(
        f"{name}={str(value).lower() if isinstance(value, bool) else _escape(str(value))}"
        for name, value in settings.items()
    )


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)


# --- writing --------------------------------------------------------------------------------------


def write_rows(drafts: Sequence[Draft]) -> tuple[list[list[str]], list[str], list[Loss]]:
    """Rows of cells with a header row, the columns they stand in, and what is lost."""
    losses: list[Loss] = []
    kept = []
    for index, draft in enumerate(drafts):
        if len(draft.options) > MOST_OPTIONS:
            losses.append(
                Loss(index, _("At most %(most)s options.") % {"most": MOST_OPTIONS}, whole=True)
            )
            continue
        if draft.picture or draft.pictures or any(o.get("picture") for o in draft.options):
            losses.append(Loss(index, _("Pictures are left out.")))
        kept.append(_cells(draft))
    used = {column for cells in kept for column, cell in cells.items() if cell} | set(BASIC)
    columns = sorted(used, key=_rank)
    rows = [[cells.get(column, "") for column in columns] for cells in kept]
    return [[header_of(column) for column in columns], *rows], columns, losses


def _rank(column: str) -> tuple[int, int, int]:
    """First what names the question, then each option with what belongs to it, then the rest."""
    name, _colon, letter = column.partition(":")
    if letter:
        return (3, place_of(letter), list(OPTION_COLUMNS).index(name))
    place = list(COLUMNS).index(name)
    return (place, 0, 0) if place < 3 else (place + 1, 0, 0)


def _cells(draft: Draft) -> dict[str, str]:
    cells = {
        "key": draft.key,
        "kind": _kind_label(draft.kind),
        "prompt": draft.prompt,
        "explanation": draft.explanation,
        "topic": draft.topic,
        "tags": ", ".join(draft.tags),
        "difficulty": str(draft.difficulty),
        "objective": draft.objective,
        "reference": draft.reference,
        "sources": sources_as_text(draft.sources),
        "settings": settings_text(draft.settings),
        "prompt_en": draft.prompt_en,
        "explanation_en": draft.explanation_en,
        "answer": _letters(draft, "right") if "right" in _fields(draft.kind) else "",
        "pinned": _letters(draft, "pinned"),
    }
    usual: list[str] = []
    for place, option in enumerate(draft.options):
        letter = letter_of(place)
        usual.append(next_option_key(usual))
        for name in OPTION_COLUMNS:
            value = option.get(name)
            if value and not (name == "key" and value == usual[-1]):
                cells[f"{name}:{letter}"] = str(value)
    return cells


def _letters(draft: Draft, flag: str) -> str:
    return ", ".join(
        letter_of(place) for place, option in enumerate(draft.options) if option.get(flag)
    )


def _kind_label(kind: str) -> str:
    with translation.override("vi"):
        return str(get_kind(kind).label) if kind in kind_names() else kind
