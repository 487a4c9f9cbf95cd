"""QTI 2.1 and 3.0: what packages say comes back, what they cannot say is told."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.exchange.archives import write_archive
from quizzes.exchange.base import Draft, Entry, FileError
from quizzes.exchange.formats.qti import Qti, Qti21, Qti30
from tests.quizzes.exchange.drafts import ALL, PICTURES, lines, maybe
from tests.quizzes.exchange.english import english

__all__ = ["english"]

VERSIONS = [Qti21(), Qti30()]
both = pytest.mark.parametrize("qti", VERSIONS, ids=["2.1", "3.0"])
_SLOW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


@both
@pytest.mark.parametrize("kind", ALL)
def test_every_kind_comes_back(qti: Qti, kind: str) -> None:
    @_SLOW
    @given(
        st.lists(ALL[kind], min_size=1, max_size=3),
        maybe,
        lines,
        st.lists(lines, max_size=2),
        st.sampled_from([1, 2, 3]),
    )
    def check(
        drafts: list[Draft], explanation: str, word: str, tags: list[str], difficulty: int
    ) -> None:
        said = [
            replace(
                draft, explanation=explanation, key=word, tags=tags, topic=word,
                difficulty=difficulty, objective=word,
                sources=[{"title": word, "url": ""}, {"title": "Luật", "url": "/luat?a=1&b=2"}],
            )
            for draft in drafts
        ]  # fmt: skip
        written = qti.write(said)
        assert [loss for loss in written.losses if "spaces" not in loss.sentence.lower()] == []
        entries = qti.read(written.data)
        assert [entry.errors for entry in entries] == [()] * len(said)
        if not written.losses:
            assert [entry.draft for entry in entries] == said

    check()


@both
def test_pictures_come_back(qti: Qti) -> None:
    draft = Draft(
        "multiple", "Con dấu nào?\nChọn.",
        [{"text": "Một", "right": True, "picture": "hai.png", "pinned": True},
         {"text": "Hai", "picture": "ba.png"}, {"text": "Ba"}],
        picture=PICTURES[0].name, pictures=PICTURES,
    )  # fmt: skip
    written = qti.write([draft, draft])
    assert written.losses == ()
    for entry in qti.read(written.data):
        assert entry.draft is not None
        entry.draft.pictures.sort(key=lambda one: PICTURES.index(one))
        assert entry.draft == draft


@both
def test_what_a_package_cannot_say_is_told(qti: Qti) -> None:
    drafts = [
        Draft("number", "Bao nhiêu?", [{"text": "5", "why": "vì"}],
              settings={"unit": "%; phần trăm", "ask_unit": True}),
        Draft("blank", "A [[1]]", [{"text": "b", "gap": 1}], settings={"ignore_accents": True}),
        Draft("chess", "Nước nào?", []),
        Draft("single", "Hỏi?", [{"text": "A", "right": True}, {"text": "B"}], prompt_en="Ask?",
              reference="bai-1"),
    ]  # fmt: skip
    losses = qti.write(drafts).losses
    assert [(loss.index, loss.sentence, loss.whole) for loss in losses] == [
        (0, "What is said to options is left out.", False),
        (0, "Other spellings of its unit are left out.", False),
        (0, "The unit stands behind the field there: it cannot be asked for.", False),
        (1, "Answers without accents are wrong there.", False),
        (2, "Left out: the format has no questions of this kind (chess).", True),
        (3, "Its English texts are left out.", False),
        (3, "The lesson it checks is left out.", False),
    ]


@both
def test_the_order_of_an_ordering_is_not_the_order_in_the_file(qti: Qti) -> None:
    steps = ["Một", "Hai", "Ba", "Bốn", "Năm", "Sáu"]
    written = qti.write([Draft("ordering", "Xếp", [{"text": step} for step in steps])])
    with zipfile.ZipFile(BytesIO(written.data)) as archive:
        item = archive.read("q-0001.xml").decode()
    assert sorted(steps, key=item.index) != steps


def _item(inside: str, more: str = "", processing: str = "") -> bytes:
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="x" title="x" '
        f'adaptive="false" timeDependent="false">{more}<itemBody>{inside}</itemBody>{processing}'
        "</assessmentItem>"
    ).encode()


def _declared(
    values: str, mapping: str = "", base: str = "identifier", many: str = "single"
) -> str:
    return (
        f'<responseDeclaration identifier="R" cardinality="{many}" baseType="{base}">'
        f"<correctResponse>{values}</correctResponse>{mapping}</responseDeclaration>"
    )


def _only(data: bytes) -> Entry:
    (entry,) = VERSIONS[0].read(data)
    return entry


def test_a_gap_chosen_from_a_list() -> None:
    entry = _only(
        _item(
            "<p>Nộp <inlineChoiceInteraction responseIdentifier='R'><inlineChoice identifier='a'>"
            "đơn</inlineChoice><inlineChoice identifier='b'>thư</inlineChoice>"
            "</inlineChoiceInteraction> ở Cục.</p>",
            _declared("<value>a</value>"),
        )
    )
    assert entry.draft is not None
    assert (entry.draft.prompt, entry.draft.options) == (
        "Nộp [[1]] ở Cục.",
        [{"text": "đơn", "gap": 1}],
    )
    assert entry.notes == ("A gap that was chosen from a list is filled in by writing here.",)


def test_items_that_do_not_say_what_is_right_are_refused() -> None:
    choice = (
        "<choiceInteraction responseIdentifier='R'><simpleChoice identifier='a'>A</simpleChoice>"
        "<simpleChoice identifier='b'>B</simpleChoice></choiceInteraction>"
    )
    wrong = ("The item does not say which option is right.",)
    assert _only(_item(choice, _declared(""))).errors == wrong
    assert _only(_item(choice, _declared("<value>c</value>"))).errors == wrong
    assert _only(_item(choice)).errors == wrong
    assert _only(_item("<p>Đọc.</p>")).errors == (
        "This is a text without a question: it is left out.",
    )
    assert _only(_item(choice + choice, _declared("<value>a</value>"))).errors == (
        "The item asks several questions: it cannot be read as one.",
    )
    assert _only(_item("<hottextInteraction/>")).errors == (
        "The interaction «hottextInteraction» of QTI is not read.",
    )


def test_other_shares_than_ours_are_noted() -> None:
    choices = "".join(f"<simpleChoice identifier='{n}'>{n}</simpleChoice>" for n in "abc")
    mapping = "<mapping><mapEntry mapKey='a' mappedValue='2'/></mapping>"
    entry = _only(
        _item(
            f"<choiceInteraction responseIdentifier='R' shuffle='true'>{choices}"
            "</choiceInteraction>",
            _declared("<value>a</value>", mapping, many="multiple"),
            "<responseProcessing template='http://x/map_response'/>",
        )
    )
    assert entry.draft is not None
    assert entry.draft.settings == {"scoring": "penalty"}
    assert entry.notes == (
        "Marked in equal parts here, wrong choices take away; the file has other shares.",
    )


def test_files_that_are_no_packages() -> None:
    for data, sentence in (
        (b"<questestinterop/>", "This is QTI 1.2. Export it again as QTI 2.1 or 3.0."),
        (b"<quiz/>", "This is no item and no package of QTI."),
        (write_archive({"a.txt": b"x"}), "The package holds no questions of QTI 2 or 3."),
        (b"PK\3\4 nothing", "The file is no archive (ZIP), or a damaged one."),
        (b"", "Line 1: the file is no well-formed XML from here on."),
    ):
        with pytest.raises(FileError, match=f"^{sentence[:20]}"):
            VERSIONS[1].read(data)


@both
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_damaged_packages_are_refused_or_read_never_worse(qti: Qti, data: st.DataObject) -> None:
    whole = qti.write([data.draw(one) for one in ALL.values()]).data
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for _time in range(3):
        name = data.draw(st.sampled_from([one for one in files if one.endswith(".xml")]))
        start = data.draw(st.integers(0, len(files[name])))
        other = data.draw(st.sampled_from([b"", b"<", b"x", b'"', b"<p>", b"0", b"</p>", b"-"]))
        cut = data.draw(st.integers(0, 12))
        files[name] = files[name][:start] + other + files[name][start + cut :]
    broken = write_archive(files)
    start = data.draw(st.integers(0, len(broken) * 20))
    broken = broken[:start] + b"\0" + broken[start + 1 :]
    try:
        for entry in qti.read(broken):
            assert (entry.draft is None) == bool(entry.errors)
    except FileError as error:
        assert str(error)


def test_tolerances_of_other_programs() -> None:
    def read(condition: str) -> Entry:
        body = "<p>Bao nhiêu? <textEntryInteraction responseIdentifier='R'/></p>"
        processing = (
            "<responseProcessing><responseCondition><responseIf>"
            f"{condition}</responseIf></responseCondition></responseProcessing>"
        )
        return _only(_item(body, _declared("<value>20.5</value>", base="float"), processing))

    for condition, expected in (
        ("<equal toleranceMode='exact'/>", {}),
        ("<equal toleranceMode='absolute' tolerance='0.5 0.5'/>", {"tolerance": "0,5"}),
        (
            "<equal toleranceMode='relative' tolerance='5'/>",
            {"tolerance": "5", "tolerance_as": "percent"},
        ),
    ):
        draft = read(condition).draft
        assert draft is not None
        assert (draft.prompt, draft.options) == ("Bao nhiêu? _____", [{"text": "20,5"}])
        assert draft.settings == expected
    lopsided = read("<equal toleranceMode='absolute' tolerance='0.5 1'/>")
    assert lopsided.errors == ("The tolerance of the item is not read.",)
