"""Drafts of every kind, made by hypothesis: nasty texts, pictures and all."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from PIL import Image

from quizzes.bank.content import OptionSpec, clean_text
from quizzes.exchange.base import Draft, Picture


def picture_bytes(colour: str = "white", size: tuple[int, int] = (1000, 1000)) -> bytes:
    """A small PNG."""
    target = io.BytesIO()
    Image.new("L", size, {"white": 250, "red": 90, "blue": 20}[colour]).save(target, "PNG")
    return target.getvalue()


PICTURES = [
    Picture("hình-một.png", picture_bytes("white"), "image/png", 'Một con dấu "đỏ" & <vuông>'),
    Picture("hai.png", picture_bytes("red"), "image/png"),
    Picture("ba.png", picture_bytes("blue"), "image/png", "Ba"),
]
_NASTY = [
    "<b>đậm</b>", "&amp;", "a & b", "]]>", "{1:SHORTANSWER:=x}", "50%", "=~#:}{\\",
    "@@PLUGINFILE@@", "'\"«»", "Hoà bình", "x < y > z", "A. B. C.", "Câu 1.", "|", "a/b",
    "$x$", "&#123;", "\\}", "[1]", "…", "_x005F_", "Đáp án: B", "*", "→", "😀",
]  # fmt: skip
_WORDS = st.one_of(
    st.sampled_from(_NASTY),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8),
)


def _joined(separators: list[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(st.sampled_from(separators), _WORDS)
    return st.lists(pair, min_size=1, max_size=5).map(
        lambda pairs: clean_text("".join(part for pair in pairs for part in pair))
    )


# One space between words, as every format keeps it.
lines = _joined([" "]).filter(bool)
texts = _joined([" ", "\n", " "]).filter(bool)
maybe = st.one_of(st.just(""), texts)


def distinct(strategy: st.SearchStrategy[str], least: int, most: int) -> Any:
    """Texts that differ even to one who does not look closely."""
    return st.lists(
        strategy, min_size=least, max_size=most, unique_by=lambda t: "".join(t.casefold().split())
    )


@st.composite
def options_of(draw: Any, least: int = 2, most: int = 5) -> list[OptionSpec]:
    """Options with a text and perhaps what is said to them."""
    options: list[OptionSpec] = []
    for text in draw(distinct(texts, least, most)):
        option: OptionSpec = {"text": text}
        if why := draw(maybe):
            option["why"] = why
        options.append(option)
    return options


@st.composite
def choices(draw: Any, kind: str) -> Draft:
    """One right option, several, or true and false."""
    if kind == "true_false":
        options: list[OptionSpec] = [{"text": "Đúng"}, {"text": "Sai"}]
    else:
        options = draw(options_of(2 if kind == "single" else 3))
    rights = draw(st.integers(1, len(options) - 1)) if kind == "multiple" else 1
    for place in draw(st.permutations(range(len(options))))[:rights]:
        options[place]["right"] = True
    settings = {"scoring": "penalty"} if kind == "multiple" else {}
    if kind != "true_false" and draw(st.booleans()):
        for option in options:
            option["pinned"] = True
    return Draft(kind, draw(texts), options, settings=settings)


@st.composite
def statements(draw: Any) -> Draft:
    """Statements, true or false."""
    options: list[OptionSpec] = [{"text": text} for text in draw(distinct(texts, 2, 5))]
    for option in options:
        if draw(st.booleans()):
            option["right"] = True
    return Draft("statements", draw(texts), options)


@st.composite
def matching(draw: Any) -> Draft:
    """Rows with their counterparts, then counterparts of no row."""
    rows = draw(distinct(lines, 2, 4))
    matches = draw(distinct(lines, len(rows) + 1, len(rows) + 2))
    options: list[OptionSpec] = [
        {"text": text, "match": match} for text, match in zip(rows, matches, strict=False)
    ]
    options += [{"match": match} for match in matches[len(rows) :]]
    return Draft("matching", draw(texts), options)


@st.composite
def ordering(draw: Any) -> Draft:
    """Items in their order."""
    return Draft("ordering", draw(texts), [{"text": one} for one in draw(distinct(texts, 3, 5))])


@st.composite
def blank(draw: Any, answers: st.SearchStrategy[str] = lines) -> Draft:
    """Gaps, numbered from 1, each with its accepted answers."""
    prompt, options = draw(texts), list[OptionSpec]()
    for gap in range(1, draw(st.integers(1, 3)) + 1):
        prompt += f" [[{gap}]] {draw(lines)}"
        for text in draw(distinct(answers, 1, 3)):
            options.append({"text": text, "gap": gap})
    return Draft("blank", clean_text(prompt), options)


@st.composite
def number(draw: Any) -> Draft:
    """A number, a tolerance and a unit."""
    whole, part = draw(st.integers(-99999, 99999)), draw(st.sampled_from(["", ",5", ",25"]))
    settings: dict[str, Any] = {}
    if draw(st.booleans()):
        settings["tolerance"] = draw(st.sampled_from(["1", "0,5", "0,25"]))
    if draw(st.booleans()):
        settings["unit"] = draw(st.sampled_from(["%", "năm", "km/h", "m²"]))
    return Draft("number", draw(texts), [{"text": f"{whole}{part}"}], settings=settings)


@st.composite
def essay(draw: Any) -> Draft:
    """A rubric of criteria."""
    options: list[OptionSpec] = [
        {"text": text, "points": draw(st.integers(1, 20))} for text in draw(distinct(lines, 1, 4))
    ]
    return Draft("essay", draw(texts), options)


@st.composite
def hotspot(draw: Any) -> Draft:
    """A right region of a picture, of a thousand pixels to each side."""
    numbers = draw(st.lists(st.integers(0, 400), min_size=3, max_size=4))
    options: list[OptionSpec] = [
        {"text": "Vùng 1", "area": ",".join(map(str, numbers)), "right": True}
    ]
    return Draft(
        "hotspot", draw(texts), options, picture=PICTURES[0].name,
        pictures=[replace(PICTURES[0], alt="")],
    )  # fmt: skip


ALL = {
    "single": choices("single"),
    "multiple": choices("multiple"),
    "true_false": choices("true_false"),
    "statements": statements(),
    "matching": matching(),
    "ordering": ordering(),
    "blank": blank(),
    "number": number(),
    "essay": essay(),
    "hotspot": hotspot(),
}


def without_why(draft: Draft) -> Draft:
    """The draft without what is said to its options."""
    return replace(
        draft, options=[{k: v for k, v in o.items() if k != "why"} for o in draft.options]
    )  # type: ignore[arg-type]


def nfc(text: str) -> str:
    """The text in the form of Unicode the bank keeps."""
    return unicodedata.normalize("NFC", text)
