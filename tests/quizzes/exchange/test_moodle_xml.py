"""Moodle XML: what it says comes back, what it cannot say is told."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from quizzes.exchange.base import Draft, Entry, FileError
from quizzes.exchange.formats.moodle_xml import MoodleXml
from tests.quizzes.exchange.drafts import ALL, PICTURES, lines, maybe, picture_bytes
from tests.quizzes.exchange.english import english
from tests.quizzes.samples import SAMPLES

__all__ = ["english"]

MOODLE = MoodleXml()
_SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def quiz(*questions: str) -> bytes:
    """A file of these questions."""
    return f"<quiz>{''.join(questions)}</quiz>".encode()


def question(kind: str, rest: str, prompt: str = "<p>Hỏi?</p>") -> str:
    """A question as Moodle writes it."""
    return (
        f'<question type="{kind}"><name><text>Tên</text></name>'
        f'<questiontext format="html"><text><![CDATA[{prompt}]]></text></questiontext>'
        f"{rest}</question>"
    )


def answer(percent: str, text: str, more: str = "") -> str:
    """An answer as Moodle writes it."""
    return (
        f'<answer fraction="{percent}" format="html"><text><![CDATA[{text}]]></text>{more}</answer>'
    )


def only(data: bytes) -> Entry:
    """The one entry of a file."""
    (entry,) = MOODLE.read(data)
    return entry


def draft_of(data: bytes) -> Draft:
    """The one draft of a file."""
    entry = only(data)
    assert entry.draft is not None, entry.errors
    return entry.draft


@pytest.mark.parametrize("kind", ALL)
def test_every_kind_comes_back(kind: str) -> None:
    @_SLOW
    @given(
        st.lists(ALL[kind], min_size=1, max_size=3),
        maybe,
        lines,
        st.lists(lines, max_size=2),
        st.sampled_from(["", "Nhãn hiệu", "Chương 1/2"]),
    )
    def check(drafts: list[Draft], explanation: str, key: str, tags: list[str], topic: str) -> None:
        said = [
            replace(draft, explanation=explanation, key=key, tags=tags, topic=topic)
            for draft in drafts
        ]
        written = MOODLE.write(said)
        assert [loss for loss in written.losses if "spaces" not in loss.sentence.lower()] == []
        entries = MOODLE.read(written.data)
        assert [entry.errors for entry in entries] == [()] * len(said)
        if not written.losses:
            assert [entry.draft for entry in entries] == said

    check()


# Essays and places on a picture have tests of their own: they bring settings and files.
PLAIN = {name: sample for name, sample in SAMPLES.items() if name not in ("essay", "hotspot")}


@pytest.mark.parametrize("sample", PLAIN.values(), ids=PLAIN)
def test_every_sample_comes_back_but_for_what_is_told(sample: Any) -> None:
    draft = Draft(sample.kind, sample.prompt, list(sample.options), settings=sample.settings)
    written = MOODLE.write([draft])
    (entry,) = MOODLE.read(written.data)
    assert entry.draft is not None
    lost = {
        "multiple": ["Moodle gives parts of the mark where only some of the right options are"],
        "true_false": ["It becomes a question with one right answer, its options in their"],
        "statements": ["What is said to options is left out."],
        "matching": ["What is said to options is left out."],
        "ordering": ["What is said to options is left out."],
        "blank": ["Answers without accents are wrong there."],
    }.get(sample.kind, [])
    assert [
        loss.sentence.startswith(start) for loss, start in zip(written.losses, lost, strict=True)
    ] == [True] * len(lost)
    assert entry.draft.prompt == draft.prompt
    assert [option.get("text") for option in entry.draft.options] == [
        option.get("text") for option in draft.options
    ]


def test_pictures_of_the_question_and_its_options_come_back() -> None:
    draft = Draft(
        "single", "Con dấu nào?\nChọn một.",
        [{"text": "Một", "right": True, "picture": "hai.png"},
         {"text": "Hai", "picture": "ba.png"}],
        picture=PICTURES[0].name, pictures=PICTURES,
    )  # fmt: skip
    written = MOODLE.write([draft])
    assert written.losses == ()
    assert draft_of(written.data) == draft


def test_what_the_file_cannot_say_is_told() -> None:
    draft = Draft(
        "single", "Hỏi?",
        [{"text": "A", "right": True, "text_en": "A", "pinned": True}, {"text": "B"}],
        difficulty=3, objective="Nhớ", reference="bai-1", prompt_en="Ask?",
        sources=[{"title": "Luật", "url": ""}],
    )  # fmt: skip
    assert [loss.sentence for loss in MOODLE.write([draft]).losses] == [
        "Its English texts are left out.",
        "Its difficulty is left out.",
        "Its objective is left out.",
        "The lesson it checks is left out.",
        "Its sources are left out.",
        "Moodle keeps all options in their places or none: here it keeps all.",
    ]


def test_an_unknown_kind_is_left_out_whole() -> None:
    written = MOODLE.write([Draft("chess", "Nước nào?", [])])
    assert [(loss.index, loss.whole) for loss in written.losses] == [(0, True)]
    assert MOODLE.read(written.data) == []


def test_html_becomes_plain_text_and_what_is_dropped_is_noted() -> None:
    body = (
        "<p>Một <b>đậm</b></p><ul><li>hai</li><li>ba&nbsp;bốn</li></ul><p>H<sub>2</sub>O<br>x</p>"
    )
    entry = only(quiz(question("essay", "", body)))
    assert entry.draft is not None
    assert entry.draft.prompt == "Một đậm\nhai\nba\u00a0bốn\nH2O\nx"
    assert entry.notes == (
        "Bold, colours and the like are not kept.",
        "Raised and lowered characters stand on the line now: look at them.",
        "A list became lines of text.",
    )


def test_a_table_becomes_lines() -> None:
    body = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td></td></tr></table>cuối"
    assert draft_of(quiz(question("essay", "", body))).prompt == "a | b\nc\ncuối"


def test_categories_are_topics() -> None:
    category = (
        '<question type="category"><category><text>$course$/top/Sở hữu//trí tuệ/Nhãn hiệu</text>'
        "</category></question>"
    )
    essays = question("essay", "")
    entries = MOODLE.read(quiz(essays, category, essays))
    assert [entry.draft and entry.draft.topic for entry in entries] == [
        "",
        "Sở hữu/trí tuệ / Nhãn hiệu",
    ]


def test_shares_of_the_mark() -> None:
    def scoring(*percents: str) -> tuple[Any, list[bool], int]:
        answers = "".join(answer(one, f"Câu {n}") for n, one in enumerate(percents))
        entry = only(quiz(question("multichoice", f"<single>false</single>{answers}")))
        assert entry.draft is not None
        rights = [bool(option.get("right")) for option in entry.draft.options]
        return entry.draft.settings.get("scoring"), rights, len(entry.notes)

    assert scoring("50", "50", "-50", "-50") == ("penalty", [True, True, False, False], 0)
    assert scoring("33.33333", "33.33333", "33.33333", "-100") == (
        "penalty",
        [True] * 3 + [False],
        0,
    )
    assert scoring("50", "50", "-100", "-100") == (None, [True, True, False, False], 1)
    assert scoring("50", "50", "0", "0") == ("penalty", [True, True, False, False], 1)
    assert scoring("75", "25", "-50", "-50") == ("penalty", [True, True, False, False], 1)
    entry = only(quiz(question("multichoiceset", answer("100", "a") + answer("0", "b"))))
    assert entry.draft is not None
    assert entry.draft.settings == {}


def test_a_single_choice_without_one_right_option_is_refused() -> None:
    for percents in (("0", "0"), ("100", "100"), ("50", "0")):
        answers = "".join(answer(one, one + str(n)) for n, one in enumerate(percents))
        entry = only(quiz(question("multichoice", f"<single>true</single>{answers}")))
        assert (entry.draft, entry.errors) == (
            None,
            ("Not exactly one option earns the whole mark.",),
        )


def test_part_of_a_mark_in_a_single_choice_is_noted() -> None:
    answers = answer("100", "Đúng") + answer("50", "Gần đúng")
    entry = only(quiz(question("multichoice", f"<single>true</single>{answers}")))
    assert entry.notes == ("Options that earn a part of the mark earn nothing here: «Gần đúng».",)


def test_cloze_of_several_kinds() -> None:
    body = (
        "<p>Vào năm {1:NUMERICAL:=1976:0} theo {1:SA:=Công ước\\} Paris#đúng~%50%Paris~*#sai}, "
        "nộp {1:MULTICHOICE:đơn~=tờ khai &#38; đơn} &amp; chờ.</p>"
    )
    entry = only(quiz(question("cloze", "", body)))
    assert entry.draft is not None
    assert entry.draft.prompt == "Vào năm [[1]] theo [[2]], nộp [[3]] & chờ."
    assert entry.draft.options == [
        {"text": "1976", "gap": 1},
        {"text": "Công ước} Paris", "gap": 2, "why": "đúng"},
        {"text": "tờ khai & đơn", "gap": 3},
    ]
    assert len(entry.notes) == 3


def test_a_single_numeric_gap_is_a_number() -> None:
    draft = draft_of(quiz(question("cloze", "", "Thời hạn: {1:NM:=20.5:0.5#tốt} năm")))
    assert (draft.kind, draft.prompt, draft.options, draft.settings) == (
        "number",
        "Thời hạn: _____ năm",
        [{"text": "20,5", "why": "tốt"}],
        {"tolerance": "0,5"},
    )


def test_short_answer_becomes_a_gap() -> None:
    answers = answer("100", "sáng chế") + answer("100", "bằng sáng chế") + answer("0", "*")
    entry = only(quiz(question("shortanswer", f"<usecase>1</usecase>{answers}")))
    assert entry.draft is not None
    assert entry.draft.prompt == "Hỏi? [[1]]"
    assert entry.draft.options == [
        {"text": "sáng chế", "gap": 1},
        {"text": "bằng sáng chế", "gap": 1},
    ]
    assert entry.notes == (
        "Answers that earn only a part of the mark are left out.",
        "Capitals matter there; here they never do.",
    )


def test_numbers_have_one_reading_and_units() -> None:
    rest = (
        answer("100", "1.234", "<tolerance>1e-1</tolerance>")
        + "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit>"
        "<unit><multiplier>0.001</multiplier><unit_name>km</unit_name></unit></units>"
        "<unitgradingtype>1</unitgradingtype>"
    )
    entry = only(quiz(question("numerical", rest)))
    assert entry.draft is not None
    assert entry.draft.options == [{"text": "1,2340"}]
    assert entry.draft.settings == {"tolerance": "0,1", "unit": "m", "ask_unit": True}
    assert entry.notes == ("The unit «km» (times 0.001) is left out.",)
    huge = only(quiz(question("numerical", answer("100", "1e999999999"))))
    assert huge.errors == ("«1e999999999 ± 0» is no number.",)


def test_descriptions_and_unknown_kinds_are_refused_by_line() -> None:
    data = b"<quiz>\n<question type='description'/>\n\n<question type='calculated'/></quiz>"
    assert [(entry.line, entry.errors) for entry in MOODLE.read(data)] == [
        (2, ("This is a text without a question: it is left out.",)),
        (4, ("Moodle's kind of question «calculated» is not read.",)),
    ]


def test_pictures_that_are_none_are_left_out_and_noted() -> None:
    file = f'<file name="x.svg" encoding="base64">{base64.b64encode(b"<svg/>").decode()}</file>'
    rest = "<questiontext format='html'><text>&lt;img src='@@PLUGINFILE@@/x.svg'&gt; Hỏi</text>"
    data = quiz(f'<question type="essay">{rest}{file}</questiontext></question>')
    entry = only(data)
    assert entry.draft is not None
    assert (entry.draft.pictures, entry.notes) == (
        [],
        ("A picture is left out: it is not in the file, or none we can show.",),
    )


def test_a_picture_inside_the_address_is_taken() -> None:
    data = picture_bytes("red")
    body = f'<img alt="Dấu" src="data:image/png;base64,{base64.b64encode(data).decode()}"> Hỏi'
    draft = draft_of(quiz(question("essay", "", body)))
    assert [(one.name, one.data, one.alt) for one in draft.pictures] == [
        ("picture.png", data, "Dấu")
    ]
    assert draft.picture == "picture.png"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_are_refused_or_read_never_worse(data: st.DataObject) -> None:
    whole = MOODLE.write([data.draw(one) for one in ALL.values() if one is not ALL["hotspot"]]).data
    start = data.draw(st.integers(0, len(whole)))
    cut = data.draw(st.integers(0, 40))
    broken = whole[:start] + data.draw(st.binary(max_size=8)) + whole[start + cut :]
    try:
        MOODLE.read(broken)
    except FileError as error:
        assert str(error)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_odd_trees_are_refused_question_by_question(data: st.DataObject) -> None:
    """Well-formed files with elements missing, moved or filled with nonsense."""
    whole = MOODLE.write([data.draw(one) for one in ALL.values()]).data
    root = etree.fromstring(whole)
    elements = list(root.iter())
    for _time in range(data.draw(st.integers(1, 6))):
        victim = data.draw(st.sampled_from(elements))
        parent = victim.getparent()
        what = data.draw(st.sampled_from(["drop", "text", "attribute", "move"]))
        if what == "drop" and parent is not None:
            parent.remove(victim)
        elif what == "text":
            victim.text = data.draw(st.sampled_from(["", "x", "-1", "1e9", "∞", "NaN", "{1:SA:="]))
        elif what == "attribute":
            for name in victim.attrib:
                victim.set(name, data.draw(st.sampled_from(["", "x", "100", "NaN", "base64"])))
        elif what == "move" and victim.tag != "quiz":
            root.append(victim)
    for entry in MOODLE.read(etree.tostring(root)):
        assert (entry.draft is None) == bool(entry.errors)
