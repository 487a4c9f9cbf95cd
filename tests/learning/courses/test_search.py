"""Finding lessons, terms and sources: with or without marks, on both databases alike."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Locale, PageViewRestriction

from learning.courses.findable import rebuild_findable, words_of
from learning.courses.models import FindableText, LessonPage, ModulePage, Source, Term
from learning.courses.searching import Query, highlighted, snippet
from learning.vietnamese import nfc
from portal.home.setup import ensure_home
from tests.factories import add_lesson, make_course
from tests.learning.courses.packs import PackFolder


def get(address, **parameters):
    reply = Client().get(f"{address}?{urlencode(parameters)}")
    assert reply.status_code == 200
    return BeautifulSoup(reply.content, "html.parser")


def ask(q, prefix="", **parameters):
    return get(f"{prefix}/tim-kiem/", q=q, **parameters)


def titles(soup):
    return [title.get_text().strip() for title in soup.select(".found__title")]


def find(q, prefix="", **parameters):
    """Titles of what is found, in order."""
    return titles(ask(q, prefix, **parameters))


def text(html):
    return [("text", f"<p>{html}</p>")]


@pytest.fixture
def module(db):
    return make_course(modules=1, lessons=0, quiz=False).modules[0]


def in_english(page, **values):
    english = page.copy_for_translation(Locale.objects.get(language_code="en"), copy_parents=True)
    for name, value in values.items():
        setattr(english, name, value)
    english.save_revision().publish()
    return english


# --- what is found -------------------------------------------------------------------------------

SPELLINGS = [
    "sở hữu trí tuệ", "so huu tri tue", "SỞ HỮU TRÍ TUỆ", "Sở  hữu-trí, tuệ?", "tri tue so huu",
    "So\u031b\u0309 huu tri tue\u0323\u0302",
]  # fmt: skip


@pytest.mark.parametrize("typed", SPELLINGS)
def test_marks_capitals_and_signs_do_not_matter(module, typed):
    add_lesson(module, "Bài đầu", body=text("Luật về sở hữu trí tuệ."))
    add_lesson(module, "Bài sau", body=text("Luật về sở hữu đất đai, và trí nhớ."))
    Term.objects.create(key="shtt", term="Sở hữu trí tuệ", definition="Của trí óc.")
    Source.objects.create(key="luat", title="Luật Sở hữu trí tuệ", kind="law")
    assert find(typed) == ["Bài đầu", "Sở hữu trí tuệ", "Luật Sở hữu trí tuệ"]


def test_the_letter_d_is_found_both_ways(module):
    add_lesson(module, "Đăng ký", body=text("Đơn đăng ký."))
    assert find("dang ky don") == find("đăng ký đơn") == ["Đăng ký"]


def test_all_words_must_occur_wherever_they_stand(module):
    add_lesson(module, "Nhãn hiệu", body=text("Đăng ký ở đâu?"))
    add_lesson(module, "Sáng chế", body=text("Đăng ký ở đâu?"))
    assert find("nhan dang") == ["Nhãn hiệu"]
    assert find("nhan sang") == []


def test_short_words_are_whole_words_and_long_ones_may_go_on(module):
    add_lesson(module, "Một", body=text("Patents, trí nhớ"))
    assert find("patent") == ["Một"]
    assert [find(word) for word in ("atent", "pat", "tr", "nh")] == [[], [], [], []]


def test_what_stands_in_the_title_comes_first(module):
    add_lesson(module, "Xa", body=text("Nói về địa lý rồi nói về chỉ dẫn."))
    add_lesson(module, "Trong lời", body=text("Về chỉ dẫn địa lý."))
    add_lesson(module, "Địa lý và chỉ dẫn")
    add_lesson(module, "Một chỉ dẫn địa lý")
    add_lesson(module, "Chỉ dẫn địa lý là gì")
    assert find("chi dan dia ly") == [
        "Chỉ dẫn địa lý là gì", "Một chỉ dẫn địa lý", "Địa lý và chỉ dẫn", "Trong lời", "Xa"
    ]  # fmt: skip


def test_every_text_of_a_lesson_is_searched_but_its_practice(module):
    options = [
        {"text": "phương án kín", "right": True, "why": "vì kín"},
        {"text": "khác", "right": False, "why": "vì thế"},
    ]
    body = [
        ("heading", {"text": "Đầu mục", "goal": "9"}),
        ("case", {"label": "Một sáng", "who": "Cô Hoa", "text": "<p>Câu hỏi &amp; đáp</p>"}),
        ("callout", {"tone": "warn", "title": "Lưu tâm", "text": "<p>lời lưu ý</p>"}),
        ("accordion", {"items": [{"title": "Phần gập", "text": "<p>bên trong</p>"}]}),
        ("takeaways", {"items": ["điều nhớ"]}),
        (
            "practice",
            {"prompt": "đố thử", "options": options, "explanation": "giải kín", "source": None},
        ),
    ]
    add_lesson(module, "Bài", body=body)
    for typed in (
        "đầu mục", "một sáng", "cô hoa", "câu hỏi đáp", "lưu tâm", "lời lưu ý", "phần gập",
        "bên trong", "điều nhớ", "tóm tắt",
    ):  # fmt: skip
        assert find(typed) == ["Bài"], typed
    for typed in ("đố thử", "phương án", "vì kín", "giải kín", "công nghiệp", "warn", "amp"):
        assert find(typed) == [], typed


def test_a_term_is_found_by_all_its_names_in_both_languages(module):
    Term.objects.create(
        key="nhan-hieu", term="Nhãn hiệu", also=["NH"], term_en="Mark", also_en=["trade mark"],
        definition="Dấu hiệu để phân biệt.", definition_en="A sign to tell apart.",
    )  # fmt: skip
    for typed in ("nhãn hiệu", "NH", "mark", "trade mark", "phân biệt"):
        assert find(typed) == ["Nhãn hiệu"], typed
    for typed in ("nhan hieu", "nh", "mark", "trade mark", "tell apart"):
        assert find(typed, "/en") == ["Mark"], typed
    link = ask("nhan hieu").select_one(".found__title a")
    assert link["href"] == "/thuat-ngu/#nhan-hieu"


def test_a_source_is_found_by_title_and_number_in_both_languages(module):
    Source.objects.create(
        key="luat", title="Luật thử", title_en="Trial law", kind="law", number="51/2001/QH10",
        issuer="Quốc hội", issued_on="2001-12-25", url="https://vidu.example/luat",
    )  # fmt: skip
    Source.objects.create(key="so", title="Sổ thử", kind="letter", number="633/SHTT-NĐHT")
    for typed in ("luat thu", "trial law", "51/2001/QH10", "quoc hoi", "25/12/2001"):
        assert find(typed) == ["Luật thử"], typed
        assert find(typed, "/en") == ["Trial law"], typed
    item = ask("trial law").select_one(".found__item")
    assert item.select_one(".found__title a")["href"] == "https://vidu.example/luat"
    assert item.select_one("[lang=en]").get_text() == "Trial law"
    assert ask("luat thu").select_one(".found__item [lang]") is None
    # Not online: its title is no link.
    assert ask("633 shtt").select_one(".found__title").get_text().strip() == "Sổ thử"
    assert ask("633 shtt").select_one(".found__title a") is None


def test_lessons_are_found_in_the_language_of_the_page(module):
    lesson = add_lesson(module, "Bài về nhãn", body=text("Nhãn hiệu"))
    in_english(lesson, title="About marks", body=text("A mark"))
    assert find("nhan") == ["Bài về nhãn"]
    assert find("mark") == []
    soup = ask("mark", "/en")
    assert titles(soup) == ["About marks"]
    address = soup.select_one(".found__title a")["href"]
    assert Client().get(address).context["page"].title == "About marks"
    assert find("nhan", "/en") == []


# --- how it is shown -----------------------------------------------------------------------------


def test_results_come_in_groups_with_their_counts(module):
    for number in range(3):
        add_lesson(module, f"Bài {number} về đơn")
    Term.objects.create(key="don", term="Đơn", definition="Tờ đơn.")
    soup = ask("don")
    assert [
        (group.select_one(".found-group__n").get_text(), titles(group))
        for group in soup.select(".found-group")
    ] == [("3", ["Bài 0 về đơn", "Bài 1 về đơn", "Bài 2 về đơn"]), ("1", ["Đơn"])]
    kinds = {link["href"]: link.span.get_text() for link in soup.select(".kinds__link")}
    assert kinds == {"?q=don": "4", "?q=don&loai=bai-hoc": "3", "?q=don&loai=thuat-ngu": "1"}
    for address, count in kinds.items():
        reply = Client().get(f"/tim-kiem/{address}")
        assert len(titles(BeautifulSoup(reply.content, "html.parser"))) == int(count)
    assert find("don", loai="vo-nghia") == find("don")


def test_a_lesson_tells_where_it_stands(module):
    add_lesson(module, "Bài trước")
    add_lesson(module, "Bài tìm", minutes=8)
    item = ask("bai tim", "").select_one(".found__item")
    place = item.select_one(".found__place").get_text()
    assert [word.strip(",") for word in place.split() if word.strip(",").isdigit()] == [
        "1", "2", "8"
    ]  # fmt: skip


def test_twenty_results_make_a_page(module):
    for number in range(43):
        Term.objects.create(key=f"t-{number}", term=f"Từ {number:02}", definition="Nghĩa.")
    seen = []
    for number in (1, 2, 3):
        soup = ask("tu nghia", trang=number)
        seen += titles(soup)
        turns = {link["rel"][0]: link["href"] for link in soup.select(".pager a")}
        assert turns == {
            name: f"?q=tu%20nghia&trang={place}"
            for name, place in (("prev", number - 1), ("next", number + 1))
            if 1 <= place <= 3
        }
        assert len(titles(soup)) == (20, 20, 3)[number - 1]
    assert seen == [f"Từ {number:02}" for number in range(43)]
    assert find("tu nghia", trang="99") == seen[40:]
    assert find("tu nghia", trang="x") == seen[:20]
    turn = ask("tu nghia", loai="thuat-ngu").select_one(".pager a")
    assert turn["href"] == "?q=tu%20nghia&loai=thuat-ngu&trang=2"


def test_the_hit_is_marked_in_title_and_text(module):
    words = " ".join(f"từ{n}" for n in range(100))
    add_lesson(module, "Bằng sáng chế", body=text(f"{words} Một sáng chế mới, sáng thì sáng."))
    item = ask("SANG CHE").select_one(".found__item")
    assert [mark.get_text() for mark in item.select_one(".found__title").select("mark")] == [
        "sáng chế"
    ]
    shown = item.select_one(".found__text")
    assert [mark.get_text() for mark in shown.select("mark")] == ["sáng chế"]
    assert shown.get_text().startswith("… từ")
    assert shown.get_text().endswith("Một sáng chế mới, sáng thì sáng.")


def test_markup_in_titles_texts_and_questions_stays_text(module):
    add_lesson(module, "Thẻ <b>đậm</b>", body=text("Lời &lt;script&gt; x &lt;/script&gt;"))
    typed = '"><script>đậm</script>'
    reply = Client().get(reverse("courses:search"), {"q": typed})
    html = reply.content.decode()
    assert html.count("<script") == html.count("<script src=")
    soup = BeautifulSoup(html, "html.parser")
    assert soup.select_one("main input[name=q]")["value"] == typed
    assert titles(soup) == ["Thẻ <b>đậm</b>"]
    shown = ask("dam script").select_one(".found__item")
    assert shown.select_one(".found__title").get_text().strip() == "Thẻ <b>đậm</b>"
    assert "<script> x </script>" in shown.select_one(".found__text").get_text()


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "?!", "\0", "«»", "a" * 101])
def test_what_cannot_be_looked_for_is_said_and_finds_nothing(module, typed):
    add_lesson(module, "a%_b", body=text("a b"))
    soup = ask(typed)
    assert titles(soup) == []
    said = soup.select(".field__error")
    assert len(said) == (1 if typed.strip() else 0)
    assert [bool(field.get("aria-invalid")) for field in soup.select("main input[name=q]")] == [
        bool(typed.strip())
    ]


def test_a_hundred_letters_are_not_too_many(module):
    add_lesson(module, "x", body=text("a bb"))
    assert find("a " * 49 + "bb") == ["x"]
    assert find("a " * 49 + "abb") == []


def test_where_nothing_is_found_something_near_is_offered(module):
    Term.objects.create(key="a", term="Chỉ dẫn địa lý", definition="Nghĩa.")
    Term.objects.create(key="b", term="Nhãn hiệu", definition="Nghĩa.")
    soup = ask("chi dan dia li")
    assert titles(soup) == []
    near = [link for link in soup.select("main a") if "?q=" in link["href"]]
    assert [link.get_text() for link in near] == ["Chỉ dẫn địa lý"]
    reply = Client().get(f"/tim-kiem/{near[0]['href']}")
    assert titles(BeautifulSoup(reply.content, "html.parser")) == ["Chỉ dẫn địa lý"]
    lost = ask("zzzz qqqq")
    assert [link for link in lost.select("main a") if "?q=" in link["href"]] == []
    assert lost.select("main a")[-1]["href"] == reverse("courses:glossary")


def test_the_search_can_be_reached_from_every_page(module):
    for prefix in ("", "/en"):
        link = get(f"{prefix}/thuat-ngu/").select_one("header a.nav-search")
        assert link["href"] == f"{prefix}/tim-kiem/"
        assert link.get_text(strip=True)
        form = get(f"{prefix}/tim-kiem/").select_one("main form[role=search]")
        assert (form["method"], form["action"]) == ("get", f"{prefix}/tim-kiem/")
    assert Client().post("/tim-kiem/", {"q": "x"}).status_code == 405


def test_three_results_of_each_kind_cost_no_more_queries_than_one(module):
    def add(number):
        add_lesson(module, f"Đơn {number}")
        Term.objects.create(key=f"t-{number}", term=f"Đơn {number}", definition="Nghĩa.")
        Source.objects.create(key=f"s-{number}", title=f"Đơn {number}", kind="web")

    def queries():
        find("don")
        with CaptureQueriesContext(connection) as asked:
            count = len(find("don"))
        return count, len(asked)

    add(1)
    few = queries()
    add(2)
    add(3)
    assert [few[0], queries()] == [3, (9, few[1])]


# --- what is kept --------------------------------------------------------------------------------


def kept(kind):
    return sorted(FindableText.objects.filter(kind=kind).values_list("title", "language"))


def test_a_lesson_is_found_from_its_publication_to_its_end(module):
    lesson = add_lesson(module, "Tên đầu", body=text("lời đầu"))
    assert find("ten dau") == ["Tên đầu"]
    lesson.title, lesson.body = "Tên sau", text("lời sau")
    draft = lesson.save_revision()
    assert (find("ten dau"), find("ten sau")) == (["Tên đầu"], [])
    draft.publish()
    assert (find("ten dau"), find("loi dau"), find("loi sau")) == ([], [], ["Tên sau"])
    lesson = LessonPage.objects.get(pk=lesson.pk)
    lesson.unpublish()
    assert (find("ten sau"), kept("lesson")) == ([], [])
    lesson.save_revision().publish()
    assert find("ten sau") == ["Tên sau"]
    LessonPage.objects.get(pk=lesson.pk).delete()
    assert (find("ten sau"), kept("lesson")) == ([], [])


def test_a_lesson_is_found_only_in_a_live_course(db):
    course = make_course(modules=2, lessons=0, quiz=False)
    lesson = add_lesson(course.modules[0], "Bài đi")
    first, second = (ModulePage.objects.get(pk=module.pk) for module in course.modules)
    first.unpublish()
    assert find("bai di") == []
    lesson.move(second, pos="last-child")
    soup = ask("bai di")
    assert titles(soup) == ["Bài đi"]
    assert soup.select_one(".found__title a")["href"] == LessonPage.objects.get(pk=lesson.pk).url
    ModulePage.objects.get(pk=second.pk).delete()
    assert (find("bai di"), kept("lesson")) == ([], [])


def test_a_lesson_that_not_everyone_may_see_is_not_found(module):
    lesson = add_lesson(module, "Bài kín")
    add_lesson(module, "Bài kín nữa")
    lock = PageViewRestriction.objects.create(page=lesson, restriction_type="login")
    assert find("bai kin") == ["Bài kín nữa"]
    lock.delete()
    assert find("bai kin") == ["Bài kín", "Bài kín nữa"]


def test_terms_and_sources_are_found_as_they_are_now(module):
    term = Term.objects.create(key="t", term="Từ đầu", term_en="First", definition="Nghĩa.")
    source = Source.objects.create(key="s", title="Nguồn đầu", kind="web")
    assert kept("term") == [("First", "en"), ("Từ đầu", "vi")]
    assert kept("source") == [("Nguồn đầu", "en"), ("Nguồn đầu", "vi")]
    term.term, source.title = "Từ sau", "Nguồn sau"
    term.save()
    source.save()
    assert (find("dau"), find("sau")) == ([], ["Từ sau", "Nguồn sau"])
    term.delete()
    source.delete()
    assert (find("sau"), FindableText.objects.count()) == ([], 0)


def test_making_it_anew_mends_what_is_wrong_and_writes_nothing_else(module):
    in_english(add_lesson(module, "Bài một"), title="Lesson one")
    Term.objects.create(key="t", term="Từ một", definition="Nghĩa.")
    Source.objects.create(key="s", title="Nguồn một", kind="web")
    every = list(FindableText.objects.order_by("pk").values())
    assert len(every) == 6
    with CaptureQueriesContext(connection) as asked:
        rebuild_findable()
    assert [q["sql"] for q in asked if q["sql"].startswith(("INSERT", "UPDATE"))] == []
    assert list(FindableText.objects.order_by("pk").values()) == every
    FindableText.objects.filter(kind="lesson").delete()
    FindableText.objects.filter(kind="term").update(words=" hỏng ")
    FindableText.objects.create(kind="source", key="ma", language="vi", title="Ma", text="")
    rebuild_findable()
    assert (find("ma"), find("mot")) == ([], ["Bài một", "Từ một", "Nguồn một"])
    assert FindableText.objects.count() == 6


def test_a_loaded_pack_is_found_and_its_rows_are_made_once(db, tmp_path):
    ensure_home(hostname="testserver")
    pack = PackFolder(tmp_path)
    with CaptureQueriesContext(connection) as asked:
        reply = pack.load()
    assert (reply.problems, reply.error) == ([], "")
    writing = [q["sql"] for q in asked if "courses_findabletext" in q["sql"]]
    # One look at what is there, one writing of all.
    assert len(writing) == 2
    assert find("bai") == ["Bài một", "Bài hai", "Bài ba"]
    assert find("chu dam") == ["Bài một"]
    assert find("giai thich kin") == []
    pack.change("1-dau/1-bai.md", "title: Bài một", "title: Bài thứ nhất")
    pack.change("1-dau/module.yaml", "[1-bai.md, 2-bai.md]", "[1-bai.md]")
    (tmp_path / "1-dau" / "2-bai.md").unlink()
    pack.change("1-dau/questions.yaml", "lesson: bai-hai", "lesson: bai-mot")
    again = pack.load()
    assert (again.problems, again.error) == ([], "")
    assert find("bai") == ["Bài thứ nhất", "Bài ba"]


# --- pure ----------------------------------------------------------------------------------------

letters = st.text("aăâbcdđeêghioôơuưyAĐƠ ẫệ,.-–\n«»019_\u0301", max_size=120)


@given(letters, letters)
def test_nothing_of_a_text_is_lost_in_showing_it(shown, typed):
    shown, query = nfc(shown), Query.of(typed)
    assert "".join(part.text for part in highlighted(shown, query)) == shown
    parts = snippet(shown, query)
    cut = "".join(part.text for part in parts).removeprefix("… ").removesuffix(" …")
    assert cut in shown


@given(letters)
def test_the_words_of_a_text_are_the_same_however_it_is_spelt(shown):
    words = words_of(shown)
    assert words == words_of(shown.upper()) == words_of(words)
    assert words == f" {' '.join(words.split())} "


def test_the_snippet_stands_where_the_words_stand_together():
    filler = " ".join(["lời"] * 60)
    shown = f"Trí nhớ, rồi tuệ giác. {filler} Quyền sở hữu trí tuệ ở đây. {filler}"
    parts = snippet(shown, Query.of("tri tue"))
    assert [part.text for part in parts if part.hit] == ["trí tuệ"]
    assert (parts[0].text, parts[-1].text) == ("… ", " …")
