"""Terms marked in a lesson's text with their definitions, and the page that lists them all."""

from __future__ import annotations

import random
import re
import unicodedata
from html import unescape

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Locale

from learning.courses.glossary import Entry, Glossary, mark_terms
from learning.courses.models import Source, Term
from learning.vietnamese import initial, word_sort_key
from tests.factories import add_lesson, make_course


def entry(key, *forms):
    return Entry(key, forms[0], "", f"Nghĩa của {forms[0]}.", forms)


GLOSSARY = Glossary(
    [
        entry("shtt", "Sở hữu trí tuệ", "SHTT"),
        entry("quyen", "Quyền sở hữu trí tuệ", "quyền SHTT"),
        entry("sang-che", "Sáng chế"),
        entry("ip", "IP", "author's rights"),
        entry("ban-quyen", "Bản quyền"),
        entry("van-bang", "Văn bằng"),
        entry("bao-ho", "Văn bằng bảo hộ"),
    ]
)


def marked(html, glossary=GLOSSARY):
    """`html` with «[key:found]» for each mark."""
    return mark_terms(html, glossary, lambda term, found: f"[{term.key}:{found}]")


# --- which words are marked ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Nói về sáng chế.</p>", "<p>Nói về [sang-che:sáng chế].</p>"),
        ("<p>SÁNG CHẾ, Sáng chế</p>", "<p>[sang-che:SÁNG CHẾ], Sáng chế</p>"),
        # Either form is the term; it is marked once.
        ("<p>SHTT là sở hữu trí tuệ</p>", "<p>[shtt:SHTT] là sở hữu trí tuệ</p>"),
        # The longest form wins, also when it has been marked before.
        (
            "<p>quyền sở hữu trí tuệ, quyền SHTT, SHTT</p>",
            "<p>[quyen:quyền sở hữu trí tuệ], quyền SHTT, [shtt:SHTT]</p>",
        ),
        (
            "<p>văn bằng bảo hộ, văn bằng</p>",
            "<p>[bao-ho:văn bằng bảo hộ], [van-bang:văn bằng]</p>",
        ),
        # Spaces of any kind stand between words.
        ("<p>sáng\n  chế</p>", "<p>[sang-che:sáng\n  chế]</p>"),
        ("<p>sáng&nbsp;chế</p>", "<p>[sang-che:sáng&nbsp;chế]</p>"),
        ("<p>sáng\u00a0chế</p>", "<p>[sang-che:sáng\u00a0chế]</p>"),
        ("<p>the author&#x27;s rights</p>", "<p>the [ip:author&#x27;s rights]</p>"),
        ("<p>the author’s rights</p>", "<p>the [ip:author’s rights]</p>"),
        ("<p>«SHTT», (sáng chế)</p>", "<p>«[shtt:SHTT]», ([sang-che:sáng chế])</p>"),
        ("<p>sáng chế/bản quyền</p>", "<p>[sang-che:sáng chế]/[ban-quyen:bản quyền]</p>"),
        ("sáng chế ngoài mọi thẻ", "[sang-che:sáng chế] ngoài mọi thẻ"),
    ],
)
def test_terms_are_marked_where_they_first_stand(html, expected):
    assert marked(html) == expected


@pytest.mark.parametrize(
    "text",
    [
        "SHTTX và XSHTT", "SHTTộ", "đSHTT", "sáng chến", "ạsáng chế", "sáng chế_", "SHTT\u0301",
        "số 633/SHTT-NĐHT", "KH-SHTT", "shtt.gov.vn", "ai@shtt.vn", "ip và Ip", "WIPO", "VIPs",
        "sáng, chế", "sáng-chế", "",
    ],
)  # fmt: skip
def test_parts_of_other_words_are_not_terms(text):
    assert marked(f"<p>{text}</p>") == f"<p>{text}</p>"


def test_text_in_any_form_of_unicode_is_read():
    text = unicodedata.normalize("NFD", "<p>Về sáng chế ở đó</p>")
    assert marked(text) == "<p>Về [sang-che:sáng chế] ở đó</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<h2>sáng chế</h2>", "<h3><span>sáng chế</span></h3>", '<a href="/">về <b>sáng chế</b></a>',
        "<form><p>sáng chế</p></form>", "<button>sáng chế</button>", "<label>sáng chế</label>",
        "<summary>sáng chế</summary>", '<figcaption class="source">sáng chế</figcaption>',
        '<p class="callout__title">sáng chế</p>', "<svg><title>IP</title><text>SHTT</text></svg>",
        "<script>sáng chế</script>", "<!-- sáng chế -->", '<img alt="sáng chế">',
        '<p title="sáng chế">x</p>', "<textarea>sáng chế</textarea>", "<a><p>sáng chế",
        "<p><a>x</p><p>sáng chế</p>",
        # The word goes on behind the tag, or the term does.
        "<p>SH<b>TT</b></p>", "<p><b>SHTT</b>x</p>", "<p>quyền <b>sở hữu trí tuệ</b></p>",
    ],
)  # fmt: skip
def test_where_a_definition_has_no_place_nothing_is_marked(html):
    assert marked(html) == html


def test_text_beside_what_is_left_alone_is_marked():
    html = "<h2>sáng chế</h2><p>a<br>b <b>sáng chế</b></p><p><img src=x>SHTT <a/>bản quyền</p>"
    assert marked(html) == (
        "<h2>sáng chế</h2><p>a<br>b <b>[sang-che:sáng chế]</b></p>"
        "<p><img src=x>[shtt:SHTT] <a/>bản quyền</p>"
    )


def test_an_empty_glossary_marks_nothing():
    assert marked("<p>sáng chế</p>", Glossary([])) == "<p>sáng chế</p>"


# --- any markup ----------------------------------------------------------------------------------

WORDS = [
    "sáng chế", "SHTT", "Quyền sở hữu trí tuệ", "sở hữu trí tuệ", "bản quyền", "IP", "a", "Đ",
    "&amp;", "&lt;b&gt;", "&nbsp;", "<", "&", "x", "-", ".", "633/SHTT-NĐHT", "  ", "\n",
]  # fmt: skip
pieces = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
ENCLOSING = ["p", "b", "i", "span", "li", "div", "a", "h2", "form", "summary", "button", "svg"]


def _element(children):
    return st.builds(
        lambda tag, attribute, inner: f"<{tag}{attribute}>{''.join(inner)}</{tag}>",
        st.sampled_from(ENCLOSING),
        st.sampled_from(["", ' class="source"', ' title="sáng chế > SHTT"', " hidden"]),
        st.lists(children, max_size=4),
    )


markup = st.lists(
    st.recursive(
        st.one_of(pieces, st.sampled_from(["<br>", "<!-- SHTT -->", "<img alt='SHTT'/>"])),
        _element,
        max_leaves=12,
    ),
    max_size=4,
).map("".join)
START, MIDDLE, END = "\ue000", "\ue001", "\ue002"
MARK = re.compile(f"{START}([^{MIDDLE}]*){MIDDLE}([^{END}]*){END}")


def with_marks(html):
    return mark_terms(html, GLOSSARY, lambda term, found: f"{START}{term.key}{MIDDLE}{found}{END}")


@given(markup)
def test_only_marks_are_added_and_each_term_once(html):
    result = with_marks(html)
    assert MARK.sub(r"\2", result) == html
    keys = [key for key, _found in MARK.findall(result)]
    assert len(keys) == len(set(keys))


@given(markup)
def test_marks_stand_in_running_text_alone(html):
    soup = BeautifulSoup(with_marks(html), "html.parser")
    for text in soup.find_all(string=lambda found: START in found):
        parents = list(text.parents)
        names = {parent.name for parent in parents}
        assert names.isdisjoint({"a", "h2", "form", "summary", "button", "svg"})
        assert not any("source" in (parent.get("class") or []) for parent in parents)
        assert type(text).__name__ == "NavigableString"
    assert not any(START in str(value) for tag in soup.find_all() for value in tag.attrs.values())


@given(st.text(max_size=80), st.sampled_from(WORDS), st.text("<>/!-&;#=\"' abpx\n\0", max_size=40))
def test_no_text_however_broken_loses_a_letter(before, word, after):
    html = f"{before}{word}{after}"
    plain = MARK.sub(r"\2", with_marks(html))
    assert unicodedata.normalize("NFC", plain) == unicodedata.normalize("NFC", html)


# --- in the lesson -------------------------------------------------------------------------------


def add_term(key="nhan-hieu", **fields):
    fields.setdefault("term", "Nhãn hiệu")
    fields.setdefault("definition", "Dấu hiệu phân biệt hàng hóa & dịch vụ <của ai>.")
    return Term.objects.create(key=key, **fields)


def soup_of(address):
    reply = Client().get(address)
    assert reply.status_code == 200
    return BeautifulSoup(reply.content, "html.parser")


BODY = [
    ("heading", {"text": "Nhãn hiệu là gì", "goal": ""}),
    ("text", "<p>Một <b>nhãn hiệu</b> và một nhãn hiệu nữa.</p>"),
    (
        "practice",
        {
            "prompt": "Chỉ dẫn địa lý?",
            "options": [
                {"text": "Chỉ dẫn địa lý", "right": True, "why": "a"},
                {"text": "Không", "right": False, "why": "b"},
            ],
            "explanation": "c",
            "source": None,
        },
    ),
    ("takeaways", {"items": ["Nhớ nhãn hiệu."]}),
]


@pytest.fixture
def lesson(db):
    return add_lesson(make_course(modules=1, lessons=0).modules[0], body=BODY)


def terms_in(soup):
    return [button.get_text() for button in soup.select("button.term")]


def test_a_lesson_shows_what_a_term_means_where_it_first_stands(lesson):
    add_term(term_en="Mark")
    add_term(key="cddl", term="Chỉ dẫn địa lý", definition="Tên gọi của một vùng.")
    soup = soup_of(lesson.url)
    assert terms_in(soup) == ["nhãn hiệu"]
    button = soup.select_one("button.term")
    assert (button["type"], button.parent.name) == ("button", "b")
    card = soup.find(id=button["popovertarget"])
    assert card.has_attr("popover")
    assert card == button.next_sibling
    assert card.select_one(".gloss__term").get_text() == "Nhãn hiệu"
    assert card.select_one(".gloss__other").get_text() == "Mark"
    assert card.select_one(".gloss__other")["lang"] == "en"
    assert card.select_one(".gloss__def").get_text() == (
        "Dấu hiệu phân biệt hàng hóa & dịch vụ <của ai>."
    )
    assert card.a["href"] == "/thuat-ngu/#nhan-hieu"
    # Closed by a button as well, without a script; and phrasing content only, as it stands in <p>.
    assert card.button["popovertargetaction"] == "hide"
    assert {tag.name for tag in card.find_all()} == {"span", "a", "button"}


def test_the_lesson_in_english_explains_its_own_words(lesson):
    add_term(term_en="Mark", also_en=["trade mark"], definition_en="A sign.")
    english = lesson.copy_for_translation(Locale.objects.get(language_code="en"), copy_parents=True)
    english.body = [("text", "<p>A trade mark, not a nhãn hiệu.</p>")]
    english.save_revision().publish()
    soup = soup_of(english.get_url())
    assert terms_in(soup) == ["trade mark"]
    card = soup.select_one(".gloss")
    assert card.select_one(".gloss__term").get_text() == "Mark"
    assert card.select_one(".gloss__def").get_text() == "A sign."
    assert (card.select_one(".gloss__other")["lang"], card.a["href"]) == (
        "vi",
        "/en/thuat-ngu/#nhan-hieu",
    )


def test_a_term_shows_at_once_when_it_is_new_changed_or_gone(lesson):
    assert terms_in(soup_of(lesson.url)) == []
    term = add_term()
    assert terms_in(soup_of(lesson.url)) == ["nhãn hiệu"]
    term.definition = "Nghĩa mới."
    term.save()
    assert soup_of(lesson.url).select_one(".gloss__def").get_text() == "Nghĩa mới."
    term.delete()
    assert terms_in(soup_of(lesson.url)) == []


def test_text_around_the_marks_is_as_it_was(lesson):
    before = soup_of(lesson.url).select_one(".prose").get_text()
    add_term()
    soup = soup_of(lesson.url)
    for card in soup.select(".gloss"):
        card.decompose()
    assert soup.select_one(".prose").get_text() == before


# --- the page of all terms -----------------------------------------------------------------------


def glossary_page(prefix=""):
    """Letters with their terms, as the page shows them."""
    soup = soup_of(f"{prefix}/thuat-ngu/")
    return [
        (
            section.h2.get_text(),
            [dfn.get_text() for dfn in section.select("dfn")],
        )
        for section in soup.select("section.letter")
    ]


@pytest.fixture
def terms(db):
    make_course(modules=0)
    names = [
        ("Ước hẹn", "Vow"), ("Đăng ký", "Registration"), ("Dân sự", "Civil"), ("ân hạn", "Grace"),
        ("Ấn phẩm", "2030 Agenda"), ("PCT", "PCT"), ("Áp dụng", ""), ("Dấu hiệu", "civil sign"),
    ]  # fmt: skip
    source = Source.objects.create(
        key="luat", title="Luật <thử>", kind="law", url="https://vidu.example/luat"
    )
    for number, (word, english) in enumerate(names):
        add_term(f"t-{number}", term=word, term_en=english, source=source if number == 0 else None)
    return names


def test_terms_stand_in_vietnamese_order_under_their_letters(terms):
    assert reverse("courses:glossary") == "/thuat-ngu/"
    assert glossary_page() == [
        ("A", ["Áp dụng"]),
        ("Â", ["ân hạn", "Ấn phẩm"]),
        ("D", ["Dân sự", "Dấu hiệu"]),
        ("Đ", ["Đăng ký"]),
        ("P", ["PCT"]),
        ("Ư", ["Ước hẹn"]),
    ]


def test_terms_stand_in_alphabetical_order_in_english(terms):
    assert glossary_page("/en") == [
        ("A", ["Áp dụng"]),
        ("C", ["Civil", "civil sign"]),
        ("G", ["Grace"]),
        ("P", ["PCT"]),
        ("R", ["Registration"]),
        ("V", ["Vow"]),
        ("2", ["2030 Agenda"]),
    ]


def test_a_term_has_its_other_name_meaning_and_source(terms):
    soup = soup_of("/thuat-ngu/")
    item = soup.find(id="t-0")
    assert item.select_one(".terms__other").get_text() == "Vow"
    assert item.select_one(".terms__other")["lang"] == "en"
    assert "hàng hóa & dịch vụ <của ai>." in item.get_text()
    assert (item.a["href"], item.a.get_text()) == ("https://vidu.example/luat", "Luật <thử>")
    assert soup.find(id="t-5").select_one(".terms__other") is None
    letters = soup.select(".letters__link")
    assert [link.get_text() for link in letters] == ["A", "Â", "D", "Đ", "P", "Ư"]
    for link in letters:
        assert soup.find(id=unescape(link["href"]).removeprefix("#")).name == "h2"


def test_three_terms_cost_no_more_queries_than_one(db):
    make_course(modules=0)
    add_term("t-1", source=Source.objects.create(key="s-1", title="Một", kind="web"))
    soup_of("/thuat-ngu/")
    with CaptureQueriesContext(connection) as few:
        soup_of("/thuat-ngu/")
    for number in (2, 3):
        source = Source.objects.create(key=f"s-{number}", title="Hai", kind="web")
        add_term(f"t-{number}", term=f"Từ {number}", source=source)
    soup_of("/thuat-ngu/")
    with CaptureQueriesContext(connection) as many:
        soup_of("/thuat-ngu/")
    assert len(many) == len(few)


def test_words_sort_as_in_a_dictionary():
    words = ["an", "án", "An toàn", "ăn", "ba", "bà", "ba lô", "dân", "đá", "lì", "Li-xăng", "tự"]
    shuffled = random.Random(7).sample(words, len(words))
    assert sorted(shuffled, key=word_sort_key) == words


@pytest.mark.parametrize(
    ("word", "letter"),
    [("Ổ khóa", "Ô"), ("đơn", "Đ"), ("«Ý kiến»", "Y"), ("ửng", "Ư"), ("2030", "2"), ("!", "")],
)
def test_a_word_is_listed_under_its_letter_without_its_tone(word, letter):
    assert initial(word) == letter
