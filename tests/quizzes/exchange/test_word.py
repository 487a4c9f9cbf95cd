"""Word papers: what teachers write is read, what is not clear is refused, nothing is guessed."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.shared import Cm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.exchange.archives import read_archive, write_archive
from quizzes.exchange.base import Draft, Entry, FileError
from quizzes.exchange.formats.word import Word
from tests.quizzes.exchange.drafts import ALL, PICTURES, maybe, picture_bytes
from tests.quizzes.exchange.english import english
from tests.quizzes.exchange.papers import POOL, STYLES, Builder, Built, Style, many, written

__all__ = ["english"]

WORD = Word()
_SLOW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def understood(entry: Entry) -> tuple[str, list[str], set[int]] | None:
    """The text, the options and the places of the right ones; None where it was refused."""
    if entry.draft is None:
        return None
    options = entry.draft.options
    rights = {place for place, option in enumerate(options) if option.get("right")}
    return entry.draft.prompt, [option.get("text", "") for option in options], rights


def lines(*texts: Any) -> list[Entry]:
    """The entries of a paper of these lines."""
    return WORD.read(many(lambda builder: [builder.line(text) for text in texts] and None))


def only(*texts: Any) -> Entry:
    """The one entry of a paper of these lines."""
    (entry,) = lines(*texts)
    return entry


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_a_paper_of_each_style_is_read(style: Style) -> None:
    built = written(style)
    assert [understood(entry) for entry in WORD.read(built.data)] == built.expected


def test_of_all_papers_nearly_every_question_is_read_and_no_key_is_wrong() -> None:
    """The target: 95 in a hundred; and where a key is read at all, it is the right one."""
    right = wrong = total = 0
    for style in STYLES:
        built: Built = written(style)
        entries = WORD.read(built.data)
        total += len(built.expected)
        for entry, expected in zip(entries, built.expected, strict=False):
            right += understood(entry) == expected
            wrong += entry.draft is not None and (understood(entry) or expected)[2] != expected[2]
    assert wrong == 0
    assert right >= 0.95 * total


def test_what_stands_around_is_left_out_and_noted() -> None:
    first = WORD.read(written(Style("x", noise=True)).data)[0]
    assert len(first.notes) == 1
    assert first.notes[0].startswith("Left out, paragraph by paragraph: 1 «SỞ GIẢ ĐỊNH»")
    assert "«Thí sinh không được sử dụng tài liệu.»" in first.notes[0]


def test_marks_that_contradict_the_answer_are_refused() -> None:
    entry = only("Câu 1. Hỏi?", ("A. một", ""), ("B. hai", "bold"), "C. ba", "Đáp án: C")
    assert entry.errors == ("Paragraph 1: two different answers are given: B ≠ C.",)
    entry = only("Câu 1. Hỏi?", ("A. một", "red"), ("B. hai", "bold"), "C. ba")
    assert entry.errors == ("Paragraph 1: two different answers are given: A ≠ B.",)
    entry = only("Câu 1. Hỏi?", "A. một", "B. hai", "Đáp án: A", "BẢNG ĐÁP ÁN", "1-B 2-C")
    assert entry.errors == ("Paragraph 1: two different answers are given: A ≠ B.",)


def test_what_is_missing_is_refused_with_its_paragraph() -> None:
    assert only("Đầu đề", "Câu 1. Hỏi?", "A. một", "B. hai").errors == (
        "Paragraph 2: no answer is given to question 1.",
    )
    assert only("Câu 1. Hỏi?", "A. một", "C. ba", "Đáp án: A").errors == (
        "Paragraph 1: option B is missing.",
    )
    assert only("Câu 1. Hỏi?", "A. một", "B.", "Đáp án: A").errors == (
        "Paragraph 1: option B has no text.",
    )
    assert only("Câu 1. Hỏi?", "A. một", "B. hai", "Đáp án: D").errors == (
        "Paragraph 1: the answer names an option that is not there: D.",
    )
    assert only("Câu 1. Hỏi?", "A. một", "B. hai", "Đáp án: không rõ").errors == (
        "Paragraph 1: the answer «không rõ» names no option.",
    )
    assert only("Câu 1. Hỏi?").errors == (
        "Paragraph 1: question 1 has neither options nor an answer.",
    )
    assert only("Câu 1. Hỏi?", "A. một", "B. hai", "Đáp án: B. một").errors == (
        "Paragraph 1: the answer «một» is not what option B says.",
    )


def test_an_option_that_only_looks_marked_is_refused_where_answers_are_in_words() -> None:
    entries = lines(
        "Câu 1. Một?", "A. a", "B. b", "Đáp án B", "Câu 2. Hai?", "A. a", ("B. b", "bold"),
        "Câu 3. Ba?", "A. a", "B. b", "ĐA: A",
    )  # fmt: skip
    assert [understood(entry) and understood(entry)[2] for entry in entries] == [{1}, None, {0}]
    assert entries[1].errors == (
        (
            "Paragraph 5: question 2 has no answer in words as the others have, but an option that "
            "looks marked."
        ),
    )


def test_a_mark_unlike_the_others_is_noted() -> None:
    entries = lines(
        "Câu 1. Một?", "A. a", ("B. b", "underline"), "Câu 2. Hai?", ("A. a", "underline"), "B. b",
        "Câu 3. Ba?", "A. a", ("B. b", "red"),
    )  # fmt: skip
    assert [entry.notes for entry in entries] == [
        (), (), ("Its answer is marked otherwise than most in this paper: look at it.",)
    ]  # fmt: skip


def test_places_for_answers_are_no_answers() -> None:
    def make(builder: Builder) -> None:
        builder.table([["Câu", "1", "2"], ["Đáp án", "", ""]])
        for number in (1, 2):
            builder.line(f"Câu {number}. Hỏi?")
            builder.line("A. a\tB. b")
            builder.line("Đáp án: ………")
        builder.table([["Câu", "1", "2"], ["Đáp án", "", ""]])
        builder.line("1A 2B")

    entries = WORD.read(many(make))
    assert [understood(entry) for entry in entries] == [
        ("Hỏi?", ["a", "b"], {0}),
        ("Hỏi?", ["a", "b"], {1}),
    ]


def test_solutions_that_repeat_the_questions() -> None:
    entries = lines(
        "Câu 1. Một là gì?", "A. a", "B. b", "HƯỚNG DẪN GIẢI", "Câu 1. Một là gì?", "A. a", "B. b",
        "Lời giải", "Chọn B", "Vì thế.",
    )  # fmt: skip
    (entry,) = entries
    assert understood(entry) == ("Một là gì?", ["a", "b"], {1})
    assert entry.draft is not None
    assert entry.draft.explanation == "Vì thế."


def test_gaps_in_the_numbers_are_noted() -> None:
    entries = lines(
        "Câu 1. Một?", "A. a", "B. b", "ĐA: A", "Câu 4. Hai?", "A. a", "B. b", "ĐA: B",
        "Câu 4. Ba?", "A. a", "B. b", "ĐA: B",
    )  # fmt: skip
    assert [entry.notes for entry in entries] == [
        (),
        (
            "Several questions have number 4.",
            "Before question 4 the numbers from 2 are missing.",
        ),
        ("Several questions have number 4.",),
    ]


def test_an_answer_that_may_mean_two_questions_is_refused() -> None:
    entries = lines(
        "Câu 1. Một?", "A. a", "B. b", "Câu 1. Hai?", "A. a", "B. b", "ĐÁP ÁN", "1-B 2-A"
    )
    assert [entry.draft for entry in entries] == [None, None]
    assert entries[0].notes[0] == "Answers without a question: 2 (A)"


def test_several_right_options() -> None:
    entry = only("Câu 1. Những gì đúng?", "A. a", "B. b", "C. c", "Đáp án: A, C")
    assert entry.draft is not None
    assert (entry.draft.kind, understood(entry)) == (
        "multiple",
        ("Những gì đúng?", ["a", "b", "c"], {0, 2}),
    )
    entry = only("Câu 1. Chọn?", ("A. a", "bold"), ("B. b", "bold"), "C. c")
    assert entry.notes == ("Options A, B are marked: read as several right answers. Look at it.",)


def test_statements_as_in_the_papers_of_2025() -> None:
    stem = ["PHẦN II. Câu trắc nghiệm đúng sai", "Câu 1. Về nhãn hiệu:"]
    texts = ["Được gia hạn.", "Không cần đơn.", "Có thể chuyển nhượng.", "Là bí mật."]
    expected = ("Về nhãn hiệu:", texts, {0, 2})
    ways: list[list[str]] = [
        [
            *[f"{a}) {t}" for a, t in zip("abcd", texts, strict=True)],
            "Đáp án: a) Đ; b) S; c) Đ; d) S",
        ],
        [*[f"{a}) {t}" for a, t in zip("abcd", texts, strict=True)], "Đáp án: ĐSĐS"],
        [*[f"{a}. {t}" for a, t in zip("abcd", texts, strict=True)], "ĐA: Đúng - Sai - Đúng - Sai"],
        [f"{a}) {t} ({w})" for a, t, w in zip("abcd", texts, "ĐSĐS", strict=True)],
        [f"{a}) {t} – {w}" for a, t, w in zip("abcd", texts, ["Đúng", "Sai"] * 2, strict=True)],
    ]
    for way in ways:
        entry = only(*stem, *way)
        assert entry.draft is not None, entry.errors
        assert (entry.draft.kind, understood(entry)) == ("statements", expected)
    assert only(*stem, *[f"{a}) {t}" for a, t in zip("abcd", texts, strict=True)]).errors == (
        "Paragraph 2: it is not said which statements are true.",
    )
    assert only(*stem, "a) Một (Đ)", "b) Hai").errors == (
        "Paragraph 2: it is not said for every statement whether it is true.",
    )


def test_statements_in_a_table_with_ticks() -> None:
    def make(builder: Builder) -> None:
        builder.line("Câu 1. Xét các phát biểu:")
        builder.table([["Phát biểu", "Đúng", "Sai"], ["a) Một", "x", ""], ["b) Hai", "", "x"]])

    (entry,) = WORD.read(many(make))
    assert entry.draft is not None
    assert (entry.draft.kind, understood(entry)) == (
        "statements",
        ("Xét các phát biểu:", ["Một", "Hai"], {0}),
    )


def test_parts_that_count_anew_find_their_answers() -> None:
    entries = lines(
        "PHẦN I. Trắc nghiệm", "Câu 1. Một?", "A. a", "B. b", "Câu 2. Hai?", "A. a", "B. b",
        "PHẦN II. Đúng sai", "Câu 1. Ba?", "a) x", "b) y",
        "PHẦN III. Trả lời ngắn", "Câu 1. Bao nhiêu năm?",
        "------- HẾT -------", "ĐÁP ÁN", "PHẦN I", "1-B 2-A", "PHẦN II", "Câu 1: a) Đ; b) S",
        "PHẦN III", "Câu 1: 20 năm",
    )  # fmt: skip
    found = [(entry.draft.kind, entry.draft.topic) for entry in entries if entry.draft]
    assert found == [
        ("single", "PHẦN I. Trắc nghiệm"),
        ("single", "PHẦN I. Trắc nghiệm"),
        ("statements", "PHẦN II. Đúng sai"),
        ("number", "PHẦN III. Trả lời ngắn"),
    ]
    assert entries[3].draft is not None
    assert entries[3].draft.options == [{"text": "20"}]
    assert entries[3].draft.settings == {"unit": "năm"}
    assert [understood(entry) and understood(entry)[2] for entry in entries[:3]] == [{1}, {0}, {0}]


def test_gaps_to_fill_in() -> None:
    entry = only("Câu 1. Chủ đơn nộp …… và được cấp _____.", "Đáp án: đơn; văn bằng / bằng")
    assert entry.draft is not None
    assert (entry.draft.kind, entry.draft.prompt, entry.draft.options) == (
        "blank",
        "Chủ đơn nộp [[1]] và được cấp [[2]].",
        [{"text": "đơn", "gap": 1}, {"text": "văn bằng", "gap": 2}, {"text": "bằng", "gap": 2}],
    )
    assert entry.notes == ("«/» in the answer parts what is accepted: look at it.",)
    assert only("Câu 1. Nộp …… và …….", "Đáp án: đơn").errors == (
        "Paragraph 1: gaps: 2, answers: 1 (parted by «;»).",
    )
    assert only("Câu 1. Nộp …… ở Cục.").errors == (
        "Paragraph 1: question 1 has neither options nor an answer.",
    )


def test_written_answers() -> None:
    number = only("Câu 1. Tỷ lệ?", "Đáp án: 31,4 % (± 0,25)").draft
    assert number == Draft(
        "number", "Tỷ lệ?", [{"text": "31,4"}], settings={"tolerance": "0,25", "unit": "%"}
    )
    assert only("Câu 1. Bao nhiêu?", "Đáp án: 1.234").errors == (
        "Paragraph 1: «1.234» may be read in two ways.",
    )
    judged = only("Câu 1. Nhãn hiệu được gia hạn.", "Đáp án: Đúng").draft
    assert judged == Draft(
        "true_false",
        "Nhãn hiệu được gia hạn.",
        [{"text": "Đúng", "right": True}, {"text": "Sai"}],
    )


def test_true_and_false_as_options() -> None:
    draft = only("Câu 1. Nhãn hiệu được gia hạn.", "A. Đúng\tB. Sai", "ĐA: B").draft
    assert draft is not None
    assert (draft.kind, draft.options) == (
        "true_false",
        [{"text": "Đúng"}, {"text": "Sai", "right": True}],
    )


def test_matching_in_a_table_and_ordering() -> None:
    def make(builder: Builder) -> None:
        builder.line("Câu 1. Nối cột A với cột B.")
        builder.table([["Cột A", "Cột B"], ["1. Sáng chế", "a. 10 năm"],
                       ["2. Nhãn hiệu", "b. 20 năm"], ["", "c. Không hạn"]])  # fmt: skip
        builder.line("Đáp án: 1-b; 2-a")
        builder.line("Câu 2. Sắp xếp các bước:")
        for text in ("a. Nộp đơn", "b. Rà soát", "c. Cấp bằng"):
            builder.line(text)
        builder.line("Đáp án: b → a → c")

    matching, ordering = (entry.draft for entry in WORD.read(many(make)))
    assert matching == Draft(
        "matching",
        "Nối cột A với cột B.",
        [{"text": "Sáng chế", "match": "20 năm"}, {"text": "Nhãn hiệu", "match": "10 năm"},
         {"match": "Không hạn"}],
    )  # fmt: skip
    assert ordering == Draft(
        "ordering",
        "Sắp xếp các bước:",
        [{"text": "Rà soát"}, {"text": "Nộp đơn"}, {"text": "Cấp bằng"}],
    )


def test_small_letters_in_the_question_belong_to_it() -> None:
    entry = only("Câu 1. Xét: ", "a) một", "b) hai", "A. Chỉ a", "B. Cả a và b", "Đáp án: B")
    assert understood(entry) == ("Xét:\na) một\nb) hai", ["Chỉ a", "Cả a và b"], {1})


def test_explanations_levels_and_points() -> None:
    entry = only(
        "Câu 1 (VD) (0,5 điểm). Hỏi?", "A. a", "B. b", "Đáp án: B", "Lời giải: Vì một.", "Vì hai."
    )
    assert entry.draft is not None
    assert (entry.draft.explanation, entry.draft.difficulty) == ("Vì một.\nVì hai.", 3)
    assert entry.notes == ("Its points are not kept: a quiz says them here.",)


def test_pictures_of_questions_and_options() -> None:
    def make(builder: Builder) -> None:
        paragraph = builder.line("Câu 1. Con dấu nào?")
        paragraph.add_run().add_picture(io.BytesIO(picture_bytes("white")), width=Cm(2))
        for letter, colour in (("A", "red"), ("B", "blue")):
            option = builder.line(f"{letter}. Dấu {letter}")
            option.add_run().add_picture(io.BytesIO(picture_bytes(colour)), width=Cm(2))
        builder.line("Đáp án: A")

    (entry,) = WORD.read(many(make))
    draft = entry.draft
    assert draft is not None
    by_name = {picture.name: picture.data for picture in draft.pictures}
    names = [draft.picture, *(option.get("picture", "") for option in draft.options)]
    assert [by_name[name] for name in names] == [
        picture_bytes(colour) for colour in ("white", "red", "blue")
    ]


def test_files_that_are_no_papers() -> None:
    cases = {
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "This is an old Word file (.doc), or one with a",
        b"%PDF-1.7": "This is no Word file (.docx).",
        b"": "The file is no archive (ZIP), or a damaged one.",
        write_archive({"a.txt": b""}): "This is no Word file (.docx).",
        many(lambda builder: None): "No question was found",
    }
    for data, start in cases.items():
        with pytest.raises(FileError) as error:
            WORD.read(data)
        assert str(error.value).startswith(start)


def test_entities_in_a_document_are_refused() -> None:
    files = read_archive(written(STYLES[0], 1).data)
    bomb = b'<!DOCTYPE x [<!ENTITY a "aa">]>' + files["word/document.xml"].partition(b"?>")[2]
    with pytest.raises(FileError, match="DOCTYPE"):
        WORD.read(write_archive({**files, "word/document.xml": bomb}))


# --- writing --------------------------------------------------------------------------------------


def plain_drafts() -> list[Draft]:
    """Drafts of every kind a paper can hold, in plain words."""
    prompt, options, right = POOL[3]
    single = Draft(
        "single", prompt,
        [{"text": text, "why": f"Vì {n}.\nThế."} | ({"right": True} if n == right else {})
         for n, text in enumerate(options)],
        topic="Quyền tác giả", explanation="Điều luật giả định.\n\nDòng hai.",
    )  # fmt: skip
    return [
        single,
        Draft("multiple", "Chọn gì?",
              [{"text": "Một", "right": True}, {"text": "Hai"}, {"text": "Ba", "right": True}],
              topic="Quyền tác giả", difficulty=3),
        Draft("true_false", "Đúng hay không?", [{"text": "Đúng"}, {"text": "Sai", "right": True}],
              topic="Nhãn hiệu", difficulty=1),
        Draft("statements", "Xét.", [{"text": "Một.", "right": True}, {"text": "Hai."}],
              topic="Nhãn hiệu"),
        Draft("matching", "Nối.", [{"text": "Sáng chế", "match": "20 năm"},
              {"text": "Nhãn hiệu", "match": "10 năm"}, {"match": "Không hạn"}],
              topic="Nhãn hiệu"),
        Draft("ordering", "Xếp thứ tự.", [{"text": "Một"}, {"text": "Hai"}, {"text": "Ba"}],
              topic="Nhãn hiệu"),
        Draft("blank", "Nộp [[1]] ở [[2]].", [{"text": "đơn", "gap": 1},
              {"text": "tờ khai", "gap": 1}, {"text": "Cục", "gap": 2}], topic="Nhãn hiệu"),
        Draft("number", "Bao nhiêu?", [{"text": "31,4"}],
              settings={"tolerance": "5", "tolerance_as": "percent", "unit": "%"},
              topic="Nhãn hiệu"),
        Draft("essay", "Trình bày.", [{"text": "Nêu đủ ý", "points": 4},
              {"text": "Ví dụ", "points": 2}], topic="Nhãn hiệu"),
    ]  # fmt: skip


def test_a_paper_we_write_comes_back_whole() -> None:
    drafts = plain_drafts()
    paper = WORD.write(drafts)
    assert paper.losses == ()
    entries = WORD.read(paper.data)
    assert [entry.errors for entry in entries] == [()] * len(drafts)
    assert [entry.draft for entry in entries] == drafts


def test_the_questions_of_a_paper_do_not_show_their_answers() -> None:
    document = docx.Document(io.BytesIO(WORD.write(plain_drafts()).data))
    texts = [paragraph.text for paragraph in document.paragraphs]
    before = texts[: texts.index("BẢNG ĐÁP ÁN")]
    assert [text for text in before if "Đáp án" in text or "Vì" in text] == []
    steps = [text.split(") ")[1] for text in before if text in ("a) Một", "a) Hai", "a) Ba")]
    assert steps != ["Một"]


def test_what_a_paper_cannot_say_is_told() -> None:
    drafts = [
        Draft("hotspot", "Đâu?", []),
        Draft("blank", "A [[1]]", [{"text": "b", "gap": 1}], settings={"ignore_accents": True}),
        Draft("single", "Hỏi?\nCâu 2. Khác?", [{"text": "a", "right": True}, {"text": "b"}],
              tags=["x"]),
    ]  # fmt: skip
    assert [(loss.index, loss.sentence[:40], loss.whole) for loss in WORD.write(drafts).losses] == [
        (0, "Left out: the format has no questions of", True),
        (1, "A paper does not say that accents do not", False),
        (2, "Its tags are left out.", False),
        (2, "Its texts look like parts of a paper: re", False),
    ]


def test_pictures_of_a_paper_we_write_come_back() -> None:
    draft = Draft(
        "single", "Con dấu nào?",
        [{"text": "Một", "right": True, "picture": "hai.png"}, {"text": "Hai"}],
        picture=PICTURES[0].name, pictures=PICTURES[:2],
    )  # fmt: skip
    (entry,) = WORD.read(WORD.write([draft]).data)
    found = entry.draft
    assert found is not None
    assert [one.data for one in found.pictures] == [one.data for one in PICTURES[:2]]
    assert [one.alt for one in found.pictures] == [one.alt for one in PICTURES[:2]]


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind != "hotspot"])
def test_every_kind_comes_back_or_it_is_told(kind: str) -> None:
    @_SLOW
    @given(st.lists(ALL[kind], min_size=1, max_size=2), maybe)
    def check(drafts: list[Draft], explanation: str) -> None:
        said = [replace(draft, explanation=explanation) for draft in drafts]
        paper = WORD.write(said)
        told = {loss.index for loss in paper.losses}
        if not told:
            assert [entry.draft for entry in WORD.read(paper.data)] == said

    check()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_damaged_papers_are_refused_or_read_never_worse(data: st.DataObject) -> None:
    style = data.draw(st.sampled_from(STYLES))
    files = read_archive(written(style, 2).data)
    for _time in range(3):
        name = data.draw(st.sampled_from([one for one in files if one.endswith((".xml", ".rels"))]))
        start = data.draw(st.integers(0, len(files[name])))
        other = data.draw(
            st.sampled_from([b"", b"<", b"x", b'"', b"<w:p/>", b"0", b"</w:p>", b"9"])
        )
        cut = data.draw(st.integers(0, 12))
        files[name] = files[name][:start] + other + files[name][start + cut :]
    try:
        for entry in WORD.read(write_archive(files)):
            assert (entry.draft is None) == bool(entry.errors)
    except FileError as error:
        assert str(error)


_PIECES = [
    "Câu 1.", "Câu 2:", "A.", "B. hai", "a) x", "Đáp án: B", "ĐA:", "1-B 2-C", "BẢNG ĐÁP ÁN",
    "PHẦN I", "…", "Chọn B", "HẾT", "Lời giải:", "Thang điểm:", "(Đ)", "Câu 3 (1): x", "1. một",
    "Đáp án: a) Đ; b) S", "b → a → c", "Giải thích câu 1: x", "*C. ba",
    "(Chọn tất cả phương án đúng.)",
]  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=3), max_size=12))
def test_any_heap_of_pieces_is_judged(heap: list[list[str]]) -> None:
    try:
        for entry in lines(*[" ".join(pieces) for pieces in heap]):
            assert (entry.draft is None) == bool(entry.errors)
    except FileError as error:
        assert str(error)
