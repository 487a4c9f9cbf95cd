"""Questions of every kind in a content pack, in Vietnamese and English."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from portal.home.setup import ensure_home
from quizzes.bank.kinds import get_kind, kind_names
from quizzes.bank.models import Question, QuestionVersion
from tests.learning.courses.packs import PackFolder
from tests.quizzes.samples import drawn_picture

pytestmark = pytest.mark.django_db

HEAD = """\
- key: cau-moi
  kind: {kind}
  lesson: bai-ba
  difficulty: medium
  explanation: Giải thích.
  sources: [trang]
"""

# For each kind: prompt, options and settings, and their English.
PACKS: dict[str, tuple[str, str]] = {
    "single": (
        """
        prompt: Câu hỏi?
        options:
          - {text: Một, right: true, why: Vì đúng.}
          - {text: Hai, why: Vì sai.}
        """,
        """
        prompt: Question?
        options: [{text: One, why: Right.}, {text: Two, why: Wrong.}]
        """,
    ),
    "multiple": (
        """
        prompt: Câu hỏi?
        settings: {scoring: penalty}
        options:
          - {text: Một, right: true, why: Vì đúng.}
          - {text: Hai, right: true, why: Vì đúng.}
          - {text: Ba, why: Vì sai.}
        """,
        """
        prompt: Question?
        options: [{text: One, why: Right.}, {text: Two, why: Right.}, {text: Three, why: Wrong.}]
        """,
    ),
    "true_false": (
        """
        prompt: Điều này đúng?
        options: [{text: Đúng, right: true, why: Vì đúng.}, {text: Sai, why: Vì sai.}]
        """,
        """
        prompt: Is it?
        options: [{text: "Yes", why: Right.}, {text: "No", why: Wrong.}]
        """,
    ),
    "statements": (
        """
        prompt: Xét từng nhận định.
        options:
          - {text: Điều một, right: true, why: Vì đúng.}
          - {text: Điều hai, right: false, why: Vì sai.}
        """,
        """
        prompt: Judge each.
        options: [{text: One thing, why: Right.}, {text: Another, why: Wrong.}]
        """,
    ),
    "matching": (
        """
        prompt: Nối.
        options:
          - {text: Sáng chế, match: 20 năm, why: Điều 93.}
          - {text: Nhãn hiệu, match: 10 năm, why: Điều 93.}
          - {match: Không có hạn}
        """,
        """
        prompt: Match.
        options:
          - {text: Patent, match: 20 years, why: Article 93.}
          - {text: Trademark, match: 10 years, why: Article 93.}
          - {match: No term}
        """,
    ),
    "ordering": (
        """
        prompt: Xếp thứ tự.
        options:
          - {text: Tra cứu, why: Trước hết.}
          - {text: Nộp đơn}
          - {text: Công bố}
        """,
        """
        prompt: Put in order.
        options: [{text: Search, why: First of all.}, {text: File}, {text: Publish}]
        """,
    ),
    "blank": (
        """
        prompt: Nộp [[1]] tại [[2]].
        settings: {ignore_accents: true}
        options:
          - {gap: 1, text: đơn, why: Điều 100.}
          - {gap: 1, text: tờ khai}
          - {gap: 2, text: Cục Sở hữu trí tuệ}
        """,
        """
        prompt: At [[2]] one files [[1]].
        options: [{text: application, why: Article 100.}, {text: a form}, {text: the IP Office}]
        """,
    ),
    "number": (
        """
        prompt: Tỷ lệ?
        settings: {tolerance: 0.5, tolerance_as: percent, unit: "%; phần trăm", unit_en: percent}
        options:
          - {text: "31,4", why: Báo cáo.}
        """,
        """
        prompt: Share?
        options: [{text: "31.4", why: The report.}]
        """,
    ),
    "hotspot": (
        """
        prompt: Ở đâu?
        picture: hinh.png
        alt: Một hình vuông đỏ.
        options:
          - {text: Ô đỏ, right: true, area: "100,100,150,400", why: Ở đó.}
          - {text: Chỗ trống, area: "700,500,100", why: Không có gì.}
        """,
        """
        prompt: Where?
        alt: A red square.
        options: [{text: The square, why: There.}, {text: Nothing, why: Empty.}]
        """,
    ),
    "essay": (
        """
        prompt: Viết ba câu.
        settings: {least_words: 30, placeholder: Nêu tên}
        options:
          - {text: Nêu chủ, points: 2, why: Nói rõ ai là chủ.}
        """,
        """
        prompt: Write three sentences.
        options: [{text: The owner, why: Says who owns it.}]
        """,
    ),
}

# What is wrong, in a kind's pack: the old text, the new one, and what is said at which line.
FAULTS: dict[str, tuple[str, str, str, int, str | tuple[str, ...]]] = {
    "a setting that there is not": (
        "multiple", "{scoring: penalty}", "{colour: red}", 8,
        "This kind of question has no setting «colour».",
    ),
    "a setting with a value that there is not": (
        "multiple", "scoring: penalty", "scoring: half", 8,
        "«scoring» is one of: all, penalty.",
    ),
    "one statement alone": (
        "statements", "  - {text: Điều hai, right: false, why: Vì sai.}\n", "", 1,
        "Give at least two statements.",
    ),
    "a statement with a counterpart": (
        "statements", "right: false,", "right: false, match: Vế,", 10,
        "This kind of question has no «match» in its options.",
    ),
    "a row without its counterpart": (
        "matching", ", match: 10 năm", "", 10, "«match» is missing.",
    ),
    "one row alone": (
        "matching", "text: Nhãn hiệu, match: 10 năm", "match: 10 năm", 1, "Give at least two rows.",
    ),
    "a misleading counterpart that is right somewhere": (
        "matching", "{match: Không có hạn}", "{match: 20 Năm}", 1,
        "A counterpart that belongs to nothing stands there already.",
    ),
    "two items to order": (
        "ordering", "  - {text: Công bố}\n", "", 1, "Give at least three items.",
    ),
    "a gap without an answer": (
        "blank", "  - {gap: 2, text: Cục Sở hữu trí tuệ}\n", "", 1,
        "Gap 2 has no accepted answer.",
    ),
    "an answer to no gap": (
        "blank", "gap: 2, text", "gap: 3, text", 1,
        (
            "An accepted answer names a gap that the question has not.",
            "Gap 2 has no accepted answer.",
        ),
    ),
    "an answer without its gap": (
        "blank", "gap: 2, text", "text", 12, "«gap» must be a whole number from 1 to 99.",
    ),
    "a switch that is none": (
        "blank", "ignore_accents: true", "ignore_accents: maybe", 8,
        "«ignore_accents» is true or false.",
    ),
    "two numbers": (
        "number", '  - {text: "31,4", why: Báo cáo.}', '  - {text: "1"}\n    - {text: "2"}', 1,
        "Give exactly one entry: the right number.",
    ),
    "a number that is none": (
        "number", 'text: "31,4"', "text: nhiều", 1, "«nhiều» is no number.",
    ),
    "a tolerance that is none": (
        "number", "tolerance: 0.5", "tolerance: ít", 1, "«ít» is no number.",
    ),
    "a tolerance below zero": (
        "number", "tolerance: 0.5", "tolerance: -1", 1, "A tolerance is not below zero.",
    ),
    "a picture that is not there": (
        "hotspot", "hinh.png", "khac.png", 1,
        ("Choose the picture of the question.", "There is no file pictures/khac.png in the pack."),
    ),
    "a picture outside the pack": (
        "hotspot", "hinh.png", "../../hinh.png", 1,
        (
            "Choose the picture of the question.",
            "There is no file pictures/../../hinh.png in the pack.",
        ),
    ),
    "a drawing instead of a picture": (
        "hotspot", "hinh.png", "hinh.svg", 1,
        "hinh.svg: This is no picture that can be shown. Choose a PNG, JPEG, WebP or GIF file.",
    ),
    "a picture that says nothing": (
        "hotspot", "  alt: Một hình vuông đỏ.\n", "", 1,
        (
            "Say for every picture what it shows, for whoever does not see it.",
            "«alt» is missing.",
        ),
    ),
    "a region that is none": (
        "hotspot", "700,500,100", "700", 1, "«Chỗ trống» has no region on the picture.",
    ),
    "a criterion without points": (
        "essay", "points: 2, ", "", 10, "«points» must be a whole number from 1 to 100.",
    ),
}  # fmt: skip


@pytest.fixture
def pack(tmp_path):
    ensure_home(hostname="testserver")
    folder = PackFolder(tmp_path)
    (tmp_path / "pictures" / "hinh.png").write_bytes(drawn_picture())
    return folder


def write(pack: PackFolder, kind: str, *, english: bool = False) -> None:
    vietnamese, translated = (textwrap.indent(textwrap.dedent(x), "  ") for x in PACKS[kind])
    pack.write("2-sau/questions.yaml", HEAD.format(kind=kind) + vietnamese.lstrip("\n"))
    if english:
        text = f"cau-moi:\n  explanation: Because.\n{translated.lstrip(chr(10))}"
        pack.write("2-sau/questions.en.yaml", text)


def loaded() -> Question:
    return Question.objects.get(key="goi-thu-cau-moi")


def content() -> Any:
    return loaded().current_version.content


def test_every_kind_is_tried():
    assert set(PACKS) == set(kind_names())


@pytest.mark.parametrize("kind", PACKS)
def test_a_question_of_each_kind_loads_and_loads_again_without_a_trace(pack, kind):
    write(pack, kind)
    reply = pack.load()
    assert (reply.problems, reply.error) == ([], "")
    found = content()
    known = get_kind(kind)
    assert found["kind"] == loaded().kind == kind
    if not known.needs_person:
        assert known.grade(found, known.right_answer(found)) == 1
    before = QuestionVersion.objects.count()
    assert pack.load().problems == []
    assert QuestionVersion.objects.count() == before


@pytest.mark.parametrize("kind", PACKS)
def test_its_english_is_read_beside_it(pack, kind):
    write(pack, kind, english=True)
    reply = pack.load()
    assert (reply.problems, reply.error) == ([], "")
    found = content()
    assert found["en"]["prompt"] != found["prompt"]
    for option in found["options"]:
        texts = found["en"]["options"][option["key"]]
        assert bool(texts.get("match")) == bool(option.get("match"))


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_told_with_its_line(pack, fault):
    kind, old, new, line, message = FAULTS[fault]
    write(pack, kind)
    pack.change("2-sau/questions.yaml", old, new)
    reply = pack.load("--check")
    messages = (message,) if isinstance(message, str) else message
    place = f"2-sau/questions.yaml:{line}"
    assert reply.problems == sorted(f"{place}: {one}" for one in messages)
    assert not Question.objects.filter(key="goi-thu-cau-moi").exists()


@pytest.mark.parametrize("settings", ["", "  settings: {}\n", "  settings: {scoring: all}\n"])
def test_settings_left_as_usual_are_not_kept(pack, settings):
    write(pack, "multiple")
    pack.change("2-sau/questions.yaml", "  settings: {scoring: penalty}\n", settings)
    assert pack.load().problems == []
    assert "settings" not in content()


def test_pictures_of_options_and_pinned_options_are_read_in_both_languages(pack):
    write(pack, "single", english=True)
    pack.change(
        "2-sau/questions.yaml",
        "{text: Hai, why: Vì sai.}",
        "{text: Cả hai, pinned: true, picture: hinh.png, alt: Ô đỏ., why: Vì sai.}",
    )
    pack.change("2-sau/questions.en.yaml", "{text: Two,", "{text: Both, alt: A square.,")
    assert pack.load().problems == []
    found = content()
    assert [option.get("pinned", False) for option in found["options"]] == [False, True]
    assert found["options"][1]["picture"]["alt"] == "Ô đỏ."
    assert found["en"]["options"]["b"]["alt"] == "A square."
