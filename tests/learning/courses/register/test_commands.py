"""`course_sources` and `course_report`, on a course loaded from a pack."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from learning.courses.models import Source
from portal.home.setup import ensure_home
from tests.learning.courses.packs import PackFolder
from tests.learning.courses.register.factories import day, replaced

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack(tmp_path):
    ensure_home(hostname="testserver")
    folder = PackFolder(tmp_path)
    assert folder.load().error == ""
    return folder


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


# --- course_sources ------------------------------------------------------------------------------


def test_every_statement_is_printed_with_its_source(pack):
    rows = json.loads(run("course_sources", "goi-thu", "--json"))
    found = [(r["kind"], r["place"], r["name"], r["fact"], r["source"]["key"]) for r in rows]
    assert found == [
        ("lesson", "1.1", "", "Bài một", "luat"),
        ("callout", "1.1", "1", "Lưu ý. Lời lưu ý.", "luat"),
        ("question", "1", "goi-thu-cau-mot", "Câu hỏi một?", "luat"),
        ("question", "1", "goi-thu-cau-hai", "Câu hỏi hai?", "luat"),
        ("question", "1", "goi-thu-cau-hai", "Câu hỏi hai?", "trang"),
        ("question", "2", "goi-thu-cau-ba", "Điều này đúng.", "trang"),
    ]
    assert {row["pack"] for row in rows} == {"goi-thu"}
    assert rows[0]["source"] == {
        "key": "luat",
        "title": "Luật Sở hữu trí tuệ",
        "number": "",
        "url": "https://vidu.example/luat",
        "state": "current",
    }


def test_the_table_says_how_sources_stand(pack):
    replaced(Source.objects.get(key="luat"), Source.objects.get(key="trang"))
    lines = run("course_sources", "goi-thu").splitlines()
    assert len(lines) == 8
    assert all(line.count("|") == 8 for line in lines)
    states = [row["source"]["state"] for row in json.loads(run("course_sources", "--json"))]
    assert states == ["replaced"] * 4 + ["current"] * 2


def test_a_pack_that_was_not_loaded_is_told(pack):
    with pytest.raises(CommandError, match="goi-khac"):
        run("course_sources", "goi-khac")


# --- course_report -------------------------------------------------------------------------------


def test_the_report_counts_what_there_is(pack):
    figures = json.loads(run("course_report", "--json"))
    (course,) = figures["courses"]
    first, second = course["modules"]
    assert {name: first[name] for name in ("lessons", "minutes", "questions")} == {
        "lessons": 2,
        "minutes": 12,
        "questions": 2,
    }
    # «Đoạn mở đầu có chữ đậm. Một đầu mục. Lời lưu ý. Nhớ điều này. Nội dung bài hai.»
    assert first["words"] == 6 + 3 + 3 + 3 + 4
    assert {kind: n for kind, n in first["kinds"].items() if n} == {"single": 1, "multiple": 1}
    assert first["kinds"]["true_false"] == 0
    assert first["difficulties"] == {"easy": 1, "medium": 0, "hard": 1}
    assert (first["pool"]["drawn"], first["pool"]["askable"]) == (2, 2)
    assert course["total"]["minutes"] == 18
    assert second["kinds"]["true_false"] == 1
    assert figures["sources"]["states"]["current"] == figures["sources"]["total"] == 2
    assert figures["terms"]["total"] == 0
    assert figures["stale"]["total"] == 0


def test_the_report_tells_what_is_stale_and_what_is_untranslated(pack):
    Source.objects.filter(key="trang").update(look_again_on=day())
    figures = json.loads(run("course_report", "--json"))
    # Checked on the pack's day; a date to look again after that is due.
    source = Source.objects.get(key="trang")
    due = source.checked_on < day()
    states = {one["key"]: one["state"] for one in figures["sources"]["not_current"]}
    assert states == ({"trang": "look_again"} if due else {})
    Source.objects.filter(key="trang").update(checked_on=day(-1))
    figures = json.loads(run("course_report", "--json"))
    assert [item["key"] for item in figures["stale"]["items"]] == [
        "goi-thu-cau-ba",
        "goi-thu-cau-hai",
    ]
    untranslated = figures["untranslated"]
    assert untranslated["pages"] == [
        "Khóa thử",
        "Chuyên đề đầu",
        "Chuyên đề sau",
        "Bài một",
        "Bài hai",
        "Bài ba",
    ]
    assert untranslated["questions"] == ["goi-thu-cau-ba", "goi-thu-cau-hai", "goi-thu-cau-mot"]
    assert untranslated["sources"] == ["luat", "trang"]
    assert isinstance(untranslated["strings"], int)


def test_the_report_is_read_by_people_too(pack):
    text = run("course_report")
    assert "Chuyên đề đầu" in text
    assert "Bài kiểm tra đầu" in text


def test_the_figures_of_a_module_cost_no_query_each(pack):
    counts = []
    for _time in (1, 2):
        run("course_report")
        with CaptureQueriesContext(connection) as caught:
            run("course_report")
        counts.append(len(caught))
        text = (pack.root / "course.yaml").read_text(encoding="utf-8")
        pack.write("course.yaml", text.replace("[1-dau, 2-sau]", "[1-dau]"))
        pack.load()
    assert counts[0] == counts[1]
