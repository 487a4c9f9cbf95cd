"""Broken packs: every fault is told with its file and line, all together, and nothing is loaded."""

from __future__ import annotations

import unicodedata

import pytest
from wagtail.models import Page

from learning.courses.models import LoadedItem, Source
from portal.home.setup import ensure_home
from quizzes.bank.models import Question
from tests.learning.courses.packs import PackFolder

pytestmark = pytest.mark.django_db

LESSON, QUESTIONS, MODULE = "1-dau/1-bai.md", "1-dau/questions.yaml", "1-dau/module.yaml"


@pytest.fixture
def pack(tmp_path):
    ensure_home(hostname="testserver")
    return PackFolder(tmp_path)


# What is changed (file, old text, new text), and the line that tells of it.
FAULTS = {
    "a question of a lesson that is not there": (
        (QUESTIONS, "lesson: bai-mot", "lesson: bai-muoi"),
        f"{QUESTIONS}:1: There is no lesson «bai-muoi» in this module.",
    ),
    "a question with an unknown source": (
        (QUESTIONS, "sources: [luat, trang]", "sources: [luat, khong-co]"),
        f"{QUESTIONS}:11: Unknown source: khong-co",
    ),
    "a question without a source": (
        (QUESTIONS, "sources: [luat, trang]", "sources: []"),
        f"{QUESTIONS}:11: The question names no source.",
    ),
    "a lesson with an unknown source": (
        (LESSON, "sources: [luat]", "sources: [luat, khong-co]"),
        f"{LESSON}:2: Unknown source: khong-co",
    ),
    "a block with an unknown source": (
        (LESSON, "source: luat", "source: khong-co"),
        f"{LESSON}:19: Unknown source: khong-co",
    ),
    "a question without a right option": (
        (QUESTIONS, "{text: Đúng rồi, right: true, why: Vì đúng.}", "{text: Đúng rồi, why: x}"),
        f"{QUESTIONS}:1: Mark exactly one option as right.",
    ),
    "a single-choice question with two right options": (
        (QUESTIONS, "{text: Sai rồi, why", "{text: Sai rồi, right: true, why"),
        f"{QUESTIONS}:1: Mark exactly one option as right.",
    ),
    "a true-or-false question with two right options": (
        ("2-sau/questions.yaml", "{text: Sai, why", "{text: Sai, right: true, why"),
        "2-sau/questions.yaml:1: Mark exactly one option as right.",
    ),
    "two options that are the same": (
        (QUESTIONS, "text: Ý cuối", "text: ý giữa"),
        f"{QUESTIONS}:11: Two options say the same.",
    ),
    "an unknown kind of question": (
        (QUESTIONS, "kind: multiple", "kind: crossword"),
        f"{QUESTIONS}:11: Unknown kind of question: crossword",
    ),
    "a question without its explanation": (
        (QUESTIONS, "  explanation: Giải thích hai.\n", ""),
        f"{QUESTIONS}:11: «explanation» is missing.",
    ),
    "an option without its reason": (
        (QUESTIONS, "{text: Ý cuối, why: Vì sai.}", "{text: Ý cuối}"),
        f"{QUESTIONS}:19: «why» is missing.",
    ),
    "a practice question with two right options": (
        (LESSON, "{text: Chọn sai, why", "{text: Chọn sai, right: true, why"),
        f"{LESSON}:27: A practice question has two to six options, exactly one of them right.",
    ),
    "a picture without words for it": (
        (LESSON, "alt: Một hình vuông.\n", ""),
        f"{LESSON}:14: «alt» is missing.",
    ),
    "a picture that is not there": (
        (LESSON, "file: hinh.svg", "file: khac.svg"),
        f"{LESSON}:14: There is no file pictures/khac.svg in the pack.",
    ),
    "a picture outside the pack": (
        (LESSON, "file: hinh.svg", "file: ../../hinh.svg"),
        f"{LESSON}:14: There is no file pictures/../../hinh.svg in the pack.",
    ),
    "an unknown block": (
        (LESSON, "::: picture", "::: carousel"),
        f"{LESSON}:14: Unknown block: carousel",
    ),
    "a block not closed before the next": (
        (LESSON, "Lời lưu ý.\n:::\n", "Lời lưu ý.\n"),
        f"{LESSON}:19: The block is not closed by a line of :::.",
    ),
    "the last block not closed": (
        (LESSON, "- Nhớ điều này.\n:::\n", "- Nhớ điều này.\n"),
        f"{LESSON}:34: The block is not closed by a line of :::.",
    ),
    "a line that closes nothing": (
        (LESSON, "Đoạn mở đầu", ":::\n\nĐoạn mở đầu"),
        f"{LESSON}:10: This line of ::: closes no block.",
    ),
    "a goal that does not exist": (
        (LESSON, "## {9} Một đầu mục", "## {18} Một đầu mục"),
        f"{LESSON}:12: A goal has a number from 1 to 17.",
    ),
    "a lesson without its fields": (
        ("2-sau/1-bai.md", "---\nkey: bai-ba", "key: bai-ba"),
        "2-sau/1-bai.md:1: The lesson must begin with its fields between lines of ---.",
    ),
    "a lesson too long to read": (
        (LESSON, "Đoạn mở đầu", "chữ " * 1501 + "Đoạn mở đầu"),
        f"{LESSON}:1: The lesson has 1",
    ),
    "a lesson of too many minutes": (
        (LESSON, "minutes: 5", "minutes: 45"),
        f"{LESSON}:2: «minutes» must be a whole number from 1 to 30.",
    ),
    "a lesson's file that is not there": (
        (MODULE, "[1-bai.md, 2-bai.md]", "[1-bai.md, 2-bai.md, 3-bai.md]"),
        "1-dau/3-bai.md:1: The file is missing.",
    ),
    "a module that is not there": (
        ("course.yaml", "[1-dau, 2-sau]", "[1-dau, 2-sau, 3-cuoi]"),
        "3-cuoi/module.yaml:1: The file is missing.",
    ),
    "broken YAML": (
        (QUESTIONS, "  prompt: Câu hỏi hai?", "  prompt: Câu hỏi hai? : : ["),
        f"{QUESTIONS}:15: This is not valid YAML:",
    ),
    "broken YAML in the fields of a lesson": (
        (LESSON, "minutes: 5", "minutes: [5"),
        f"{LESSON}:7: This is not valid YAML:",
    ),
    "broken YAML in a practice question": (
        (LESSON, "prompt: Thử chọn?", "prompt: [Thử chọn?"),
        f"{LESSON}:27: This is not valid YAML:",
    ),
    "text that is not in NFC": (
        (LESSON, "Lời lưu ý.", unicodedata.normalize("NFD", "Lời lưu ý.")),
        f"{LESSON}:23: The text is not in Unicode NFC.",
    ),
    "the same key twice": (
        (QUESTIONS, "key: cau-hai", "key: cau-mot"),
        "course.yaml:1: The key «cau-mot» is used twice.",
    ),
    "an address that is none": (
        ("sources/chung.yaml", '"https://vidu.example/luat"', '"javascript:alert(1)"'),
        "sources/chung.yaml:2: «url» must begin with https://.",
    ),
    "a date that is none": (
        ("course.yaml", "updated: 2026-11-22", "updated: 2026-13-40"),
        "course.yaml:1: «updated» must be a date as in 2026-11-22.",
    ),
    "hours that are no number": (
        ("course.yaml", 'hours: "1.5"', "hours: một"),
        "course.yaml:1: «hours» must be a number of hours, as in 1.5.",
    ),
}


@pytest.mark.parametrize(("change", "told"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_told_with_its_place_and_nothing_is_loaded(pack, change, told):
    pack.change(*change)
    reply = pack.load()
    assert [line for line in reply.problems if line.startswith(told)], reply.problems
    assert reply.error == f"{len(reply.problems)} problems; nothing was loaded."
    assert Page.objects.filter(depth__gt=2).count() == 0
    assert not Question.objects.exists()
    assert not Source.objects.exists()
    assert not LoadedItem.objects.exists()


@pytest.mark.parametrize("name", [QUESTIONS, MODULE])
def test_a_missing_file_is_told(pack, name):
    (pack.root / name).unlink()
    assert f"{name}:1: The file is missing." in pack.load().problems


def test_a_pack_without_sources_is_told(pack):
    (pack.root / "sources/chung.yaml").unlink()
    assert "sources:1: There is no file of sources." in pack.load().problems


def test_a_source_in_two_files_is_told(pack):
    pack.write("sources/khac.yaml", "luat: {title: Luật, kind: law}\n")
    assert "sources/khac.yaml:1: The key «luat» is used twice." in pack.load().problems


def test_two_objectives_with_one_key_are_told(pack):
    pack.change(MODULE, "objectives: [{", "objectives: [{key: neu-duoc, text: Nêu được hai}, {")
    assert f"{MODULE}:1: Two objectives have the same key." in pack.load().problems


def test_objectives_without_keys_are_told(pack):
    pack.change(MODULE, "{key: neu-duoc, text: Nêu được}", "Nêu được")
    told = f"{MODULE}:1: «objectives» must be a list, each with key and text."
    assert told in pack.load().problems


@pytest.mark.parametrize("name", ["sources/chung.yaml", QUESTIONS, MODULE, "course.yaml", LESSON])
@pytest.mark.parametrize(
    "content", ["", "chỉ là chữ\n", "- 1\n- 2\n", "{a: 1, b: [x]}\n", "\tx: 1"]
)
def test_nonsense_is_told_and_never_a_traceback(pack, name, content):
    pack.write(name, content)
    reply = pack.load()
    assert [line for line in reply.problems if line.startswith(f"{name}:")]
    assert reply.error.endswith("nothing was loaded.")


def test_a_file_in_another_encoding_is_told(pack):
    (pack.root / LESSON).write_bytes("Lời".encode("utf-16"))
    told = f"{LESSON}:1: The file cannot be read as UTF-8 text."
    assert pack.load().problems.count(told) == 1


def test_all_faults_are_told_together_in_order_of_files_and_lines(pack):
    pack.change(QUESTIONS, "lesson: bai-mot", "lesson: bai-muoi")
    pack.change(QUESTIONS, "text: Ý cuối", "text: ý giữa")
    pack.change(LESSON, "alt: Một hình vuông.\n", "")
    pack.change(LESSON, "::: takeaways", "::: ghi-nho")
    pack.change("course.yaml", 'hours: "1.5"', "hours: một")
    reply = pack.load()
    assert [line.split(": ", 1)[0] for line in reply.problems] == [
        f"{LESSON}:14",
        f"{LESSON}:33",
        f"{QUESTIONS}:1",
        f"{QUESTIONS}:11",
        "course.yaml:1",
    ]
    assert reply.error == "5 problems; nothing was loaded."
    assert Page.objects.filter(depth__gt=2).count() == 0
