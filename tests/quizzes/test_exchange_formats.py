"""Formats of files: what is written is read again, and nothing a file holds is an exception."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.bank.content import clean_text, content_of
from quizzes.bank.kinds import get_kind
from quizzes.exchange.base import Draft, FileError
from quizzes.exchange.formats import all_formats
from quizzes.exchange.sheets import examples, template_file
from quizzes.exchange.texts import printable

MINE = ("gift", "aiken", "csv", "xlsx")
_NASTY = [
    "=1+1", "+84", "-5", "@SUM(A1)", "{a}", "~b", "#c", "####", ":d", "::", "// e", "\\n", "\\",
    "'=x", '"', "%50%", "[html]<b>", "[x]", "a, b; c", "ho\u0300a", "🦀", "ANSWER: A", "_x0041_",
    "a\n\nb", "$CATEGORY: x", "<p>&amp;", "]", "\\]", "|", "TRUE", "1", "0,5",
]  # fmt: skip
_TEXT = (
    st.lists(
        st.sampled_from(_NASTY) | st.text("aăđêễ =~#{}:\\\n\"',;%[]/.*", max_size=12), max_size=3
    )
    .map(" ".join)
    .map(printable)
    .map(clean_text)
)
_SOME = _TEXT.filter(bool)
_LINE = _SOME.map(lambda text: " ".join(text.split()))
_TAG = st.text("abcđ 12", min_size=1, max_size=8).map(clean_text).filter(bool)


@st.composite
def drafts(draw: st.DrawFn, kind: str) -> Draft:
    """A question of this kind that could be asked, with everything a table can hold."""
    number = {"true_false": 2, "number": 1}.get(kind) or draw(st.integers(3, 5))
    texts = [f"{draw(_SOME)} ({place})" for place in range(number)]
    options: list[Any] = [{"text": text, "why": draw(_TEXT)} for text in texts]
    prompt = draw(_SOME)
    set_: dict[str, Any] = {}
    if kind in ("single", "true_false"):
        options[draw(st.integers(0, number - 1))]["right"] = True
    elif kind == "multiple":
        options[0]["right"] = options[1]["right"] = True
        set_ = draw(st.sampled_from([{}, {"scoring": "penalty"}]))
    elif kind == "statements":
        for option in options:
            option["right"] = draw(st.booleans())
    elif kind == "matching":
        for option in options:
            option["match"] = draw(_SOME)
    elif kind == "blank":
        prompt = f"{prompt} [[1]] {draw(_SOME)}"
        for option in options:
            option["gap"] = 1
        set_ = draw(st.sampled_from([{}, {"ignore_accents": True}]))
    elif kind == "number":
        options[0]["text"] = draw(st.sampled_from(["31,4", "-5", "1500", "0,25"]))
        set_ = draw(
            st.sampled_from(
                [{}, {"tolerance": "0,5"}, {"tolerance": "5", "tolerance_as": "percent"},
                 {"unit": "%; phần trăm", "ask_unit": True}]
            )
        )  # fmt: skip
    return Draft(
        kind=kind,
        prompt=prompt,
        options=options,
        key=draw(st.from_regex(r"\A[a-z][a-z0-9-]{0,9}\Z")),
        topic=draw(_LINE),
        tags=draw(st.lists(_TAG, max_size=3, unique=True)),
        difficulty=draw(st.sampled_from([1, 2, 3])),
        objective=draw(_TAG),
        explanation=draw(_TEXT),
        settings=set_,
    )


def said(draft: Draft) -> Any:
    """Everything of a draft in one canonical form."""
    content = content_of(
        kind=draft.kind, prompt=draft.prompt, prompt_en=draft.prompt_en,
        explanation=draft.explanation, explanation_en=draft.explanation_en,
        sources=draft.sources, options=draft.options,
        settings=get_kind(draft.kind).clean_settings(draft.settings),
    )  # fmt: skip
    pinned = [bool(option.get("pinned")) for option in draft.options]
    return content, pinned, draft.key, draft.topic, draft.tags, draft.difficulty, draft.objective


KINDS = (
    "single",
    "multiple",
    "true_false",
    "statements",
    "matching",
    "ordering",
    "blank",
    "number",
)


def _sayable(name: str, draft: Draft) -> Draft:
    """The draft without what the format says it cannot hold."""
    if name == "gift":
        for option in draft.options:
            option["text"] = option["text"].replace("->", ">")
        draft.topic = draft.topic.replace("/", "")
        draft.topic = "" if draft.topic.strip() in ("top", "$course$") else draft.topic.strip()
    return draft


@pytest.mark.parametrize("name", ["gift", "csv", "xlsx"])
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_written_is_read_again(name: str, kind: str, data: st.DataObject) -> None:
    draft = _sayable(name, data.draw(drafts(kind)))
    written = all_formats()[name].write([draft])
    entries = all_formats()[name].read(written.data)
    assert [entry.errors for entry in entries] == [()]
    assert entries[0].draft is not None
    assert said(entries[0].draft) == said(draft)
    assert [loss for loss in written.losses if loss.whole] == []


@given(data=st.data())
def test_aiken_holds_texts_of_single_choice(data: st.DataObject) -> None:
    draft = data.draw(drafts("single"))
    for option in draft.options:
        option["text"] = " ".join(option["text"].split())
    written = all_formats()["aiken"].write([draft])
    if any(loss.whole for loss in written.losses):
        assert written.data == b""
        return
    [entry] = all_formats()["aiken"].read(written.data)
    assert entry.draft is not None
    assert entry.draft.prompt == "\n".join(line.rstrip() for line in draft.prompt.split("\n"))
    assert [(o["text"], o["right"]) for o in entry.draft.options] == [
        (o["text"], bool(o.get("right"))) for o in draft.options
    ]


@pytest.mark.parametrize("name", MINE)
@given(
    data=st.binary(max_size=300)
    | st.text("=~{}#:\\%\n AB.ANSWER,;\"'->", max_size=120).map(str.encode)
)
def test_no_file_is_an_exception(name: str, data: bytes) -> None:
    try:
        entries = all_formats()[name].read(data)
    except FileError as error:
        assert str(error)
        return
    assert all((entry.draft is None) == bool(entry.errors) for entry in entries)


@given(cut=st.integers(0, 6000), put=st.binary(min_size=1, max_size=4))
def test_a_damaged_workbook_is_refused_or_read(cut: int, put: bytes) -> None:
    data = TEMPLATE[:cut] + put + TEMPLATE[cut + len(put) :]
    try:
        all_formats()["xlsx"].read(data)
    except FileError as error:
        assert str(error)


TEMPLATE = template_file()


def test_the_template_is_an_empty_workbook_that_explains_itself() -> None:
    assert all_formats()["xlsx"].read(TEMPLATE) == []
    assert openpyxl.load_workbook(io.BytesIO(TEMPLATE)).sheetnames == ["Câu hỏi", "Hướng dẫn"]


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_every_example_of_the_template_can_be_asked(name: str) -> None:
    entries = all_formats()[name].read(all_formats()[name].write(examples()).data)
    assert [said(entry.draft) for entry in entries if entry.draft] == [said(d) for d in examples()]
    for entry in entries:
        assert entry.draft is not None
        get_kind(entry.draft.kind).validate(said(entry.draft)[0])


def test_cells_are_no_formulas() -> None:
    draft = Draft("single", "=cmd()", [{"text": "+1", "right": True}, {"text": "@x"}])
    text = all_formats()["csv"].write([draft]).data.decode("utf-8-sig")
    assert [cell for cell in text.split("\r\n")[1].split(",") if cell[:1] in "=+-@" and cell] == []
    book = openpyxl.load_workbook(io.BytesIO(all_formats()["xlsx"].write([draft]).data))
    types = {cell.data_type for row in book["Câu hỏi"].iter_rows() for cell in row if cell.value}
    assert types == {"s"}


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (101 * 1024 * 1024))
    with pytest.raises(FileError, match=r"Tệp|unpacks"):
        all_formats()["xlsx"].read(target.getvalue())


_ROWS = "Loại câu hỏi;Câu hỏi;Phương án A;Phương án B;Đáp án\nMột đáp án đúng;Ở đâu?;Đây;Đó;A\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators_are_recognised(encoding: str, separator: str) -> None:
    import unicodedata

    rows = _ROWS.replace("Một đáp án đúng", "single").replace(";", separator)
    if encoding == "cp1258":
        rows = _cp1258(rows)
    [entry] = all_formats()["csv"].read(rows.encode(encoding))
    assert entry.draft is not None
    assert unicodedata.normalize("NFC", entry.draft.prompt) == "Ở đâu?"
    assert bool(entry.notes) == (encoding in ("cp1258", "utf-16-le"))


def _cp1258(text: str) -> str:
    """The text with tone marks of their own, as that encoding has them."""
    import unicodedata

    marks = "\u0300\u0301\u0303\u0309\u0323"
    found = ""
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(one for one in parts if one in marks)
        rest = unicodedata.normalize("NFC", "".join(one for one in parts if one not in marks))
        found += rest + tones
    return found


GIFT = """\
$CATEGORY: $course$/top/Sáng chế

// [id:sc-1] [tag:luật]
::Tên:: Bằng có hạn mấy năm? {
  =20 #Đúng luật
  ~10 #Sai
  ####Điều 93
}

// two kinds in one
[html]<p>Số nào <b>chẵn</b>?</p>{~%50%2 ~%50%4 ~%-100%3}

Trái Đất tròn.{TRUE#Xem lại#Giỏi}

Thủ đô là {=Hà Nội =Ha Noi} của Việt Nam.

Ghép {=mèo -> meo =chó -> gâu =gà -> cục}

Pi {#3.14:0.01}

Từ {#1..5}

Không có đáp án

Mở mãi { =a ~b

::Sau:: Vẫn đọc {T}
"""


def test_a_gift_file_of_somebody_else() -> None:
    with translation.override("en"):
        entries = all_formats()["gift"].read(GIFT.encode())
    assert [entry.draft.kind if entry.draft else entry.errors[0] for entry in entries] == [
        "single", "multiple", "true_false", "blank", "matching", "number", "number",
        "There are no answers: braces { } are missing.",
        "The brace { is never closed.", "true_false",
    ]  # fmt: skip
    assert [entry.line for entry in entries] == [3, 10, 13, 15, 17, 19, 21, 23, 25, 27]
    first, second, third, fourth = (entry.draft for entry in entries[:4])
    assert first and second and third and fourth
    assert (first.key, first.tags, first.topic, first.explanation) == (
        "sc-1", ["luật"], "Sáng chế", "Điều 93",
    )  # fmt: skip
    assert first.options[0] == {"text": "20", "right": True, "why": "Đúng luật"}
    assert second.prompt == "Số nào chẵn?" and second.settings == {"scoring": "penalty"}
    assert len(entries[1].notes) == 1
    assert [option["why"] for option in third.options] == ["Giỏi", "Xem lại"]
    assert fourth.prompt == "Thủ đô là [[1]] của Việt Nam."
    seventh = entries[6].draft
    assert seventh and (seventh.options[0]["text"], seventh.settings) == ("3", {"tolerance": "2"})


def test_what_a_format_cannot_say_is_told() -> None:
    two_gaps = Draft("blank", "[[1]] [[2]]", [{"text": "a", "gap": 1}, {"text": "b", "gap": 2}])
    pictured = Draft("single", "?", [{"text": "a", "right": True}, {"text": "b"}], picture="a.png")
    told = {
        name: [
            (loss.index, loss.whole)
            for loss in all_formats()[name].write([two_gaps, pictured]).losses
        ]
        for name in MINE
    }
    assert told == {
        "gift": [(0, True), (1, False)],
        "aiken": [(0, True), (1, False)],
        "csv": [(1, False)],
        "xlsx": [(1, False)],
    }
