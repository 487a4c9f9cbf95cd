"""What a campaign gives to spread the word, read back as those who get it would."""

from __future__ import annotations

import html
import io
import re
import struct
import unicodedata
import uuid
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
import segno
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader
from wagtail.models import Locale, PageViewRestriction

from learning.courses.models import CampaignPage, CoursePage
from tests.factories import add_page, make_course

pytestmark = pytest.mark.django_db

NAMES = (
    "ap-phich.pdf",
    "ap-phich.png",
    "anh-bai-dang.png",
    "anh-cong-thong-tin.png",
    "ma-qr.svg",
    "ma-qr.png",
)
TITLE = "Ngày Sở hữu trí tuệ thế giới 2024"
LEAD = "Xây dựng tương lai chung bằng đổi mới & <sáng tạo> #pagebreak()"
LETTER = "Kính gửi Anh/Chị,\n\nKhóa học ở đây:\n{link}\n\nTrân trọng & cảm ơn"


@dataclass
class Made:
    """A campaign in both languages, each with its course."""

    campaign: CampaignPage
    course: CoursePage
    english: CampaignPage
    english_course: CoursePage

    def url(self, name: str, prefix: str = "") -> str:
        return f"{prefix}/chien-dich/{self.campaign.translation_key}/{name}"


def publish(page, **fields):
    page.refresh_from_db()
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


@pytest.fixture
def made() -> Made:
    course = make_course(modules=2, lessons=3, title="Khóa học về sở hữu trí tuệ")
    campaign = publish(
        course.campaign,
        title=TITLE,
        lead=LEAD,
        programme="26/4 | Ngày Sở hữu trí tuệ thế giới\n\nKhông có ngày",
        this_week="Treo áp phích\n\nHọc một bài",
        mail_subject="Mời học & làm",
        mail_text=LETTER,
        chat_text="Kính gửi Anh/Chị: {link}",
    )
    english = Locale.objects.get_or_create(language_code="en")[0]
    in_english = publish(
        campaign.copy_for_translation(english),
        title="World Intellectual Property Day 2024",
        lead="IP and the SDGs",
        mail_text="Here: {link}",
    )
    english_course = publish(
        course.page.copy_for_translation(english), title="A course on intellectual property"
    )
    return Made(campaign, course.page, in_english, english_course)


def get(url: str) -> bytes:
    reply = Client().get(url)
    assert reply.status_code == 200, url
    return reply.content


def squeezed(text: str) -> str:
    """Without white space, which a PDF doesn't keep as typed."""
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text))


def full(page: CoursePage | CampaignPage) -> str:
    return settings.SITE_URL + urlsplit(page.get_url()).path


# --- the poster ----------------------------------------------------------------------------------


def poster(made: Made, prefix: str = "") -> tuple[PdfReader, str, bytes]:
    content = get(made.url("ap-phich.pdf", prefix))
    reader = PdfReader(io.BytesIO(content))
    return reader, squeezed("".join(page.extract_text() for page in reader.pages)), content


def test_the_poster_says_theme_course_and_address(made):
    reader, text, content = poster(made)
    for said in (TITLE, LEAD, made.course.title, full(made.course)):
        assert squeezed(said) in text, said
    assert len(reader.pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [210, 297]
    assert len(content) < 400_000


def test_the_english_poster_is_in_english_and_leads_to_the_english_course(made):
    reader, text, _content = poster(made, "/en")
    for said in (
        made.english.title,
        made.english_course.title,
        full(made.english_course),
        "2 modules, 6 lessons",
        "Ten minutes at a time, on a phone or a computer",
    ):
        assert squeezed(said) in text, said
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_the_poster_is_tagged_for_screen_readers(made):
    reader, _text, content = poster(made)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 (pypdf's own kind of boolean)
    assert root["/Lang"] == "vi"
    assert b"pdfuaid:part" in content
    assert squeezed(reader.metadata.title) == squeezed(TITLE)


def test_a_sign_that_the_fonts_lack_does_not_stop_the_poster(made):
    publish(made.campaign, lead="Chủ đề 漢字")
    assert poster(made)[2].startswith(b"%PDF-")


def test_without_a_course_the_poster_leads_to_the_campaign(made):
    made.course.unpublish()
    _reader, text, _content = poster(made)
    assert squeezed(full(made.campaign)) in text


# --- pictures and code ---------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("anh-bai-dang.png", (1200, 630)),
        ("anh-cong-thong-tin.png", (1920, 480)),
        ("ap-phich.png", (827, 1169)),
    ],
)
def test_pictures_have_their_sizes(made, name, size, prefix):
    content = get(made.url(name, prefix))
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == size
    assert len(content) < 400_000


def test_the_languages_have_pictures_of_their_own(made):
    assert get(made.url("anh-bai-dang.png")) != get(made.url("anh-bai-dang.png", "/en"))


def test_a_very_long_title_still_gives_one_picture(made):
    publish(made.campaign, title="Sở hữu trí tuệ " * 13, lead="Đổi mới sáng tạo " * 60)
    assert struct.unpack(">II", get(made.url("anh-cong-thong-tin.png"))[16:24]) == (1920, 480)
    assert len(poster(made)[0].pages) == 1


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_qr_code_holds_the_courses_full_address(made, prefix):
    address = full(made.english_course if prefix else made.course)
    expected = segno.make(address, error="q", micro=False)
    for name, kind, options in (
        ("ma-qr.svg", "svg", {"scale": 8, "light": "#ffffff"}),
        ("ma-qr.png", "png", {"scale": 16}),
    ):
        drawn = io.BytesIO()
        expected.save(drawn, kind=kind, border=4, dark="#000000", **options)
        assert get(made.url(name, prefix)) == drawn.getvalue(), name


# --- who gets it, and how often it is made -------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_or_withdrawn_campaign_has_no_kit(made, name):
    get(made.url(name))
    assert Client().get(f"/chien-dich/{uuid.uuid4()}/{name}").status_code == 404
    made.campaign.unpublish()
    assert Client().get(made.url(name)).status_code == 404


def test_a_campaign_that_is_not_public_has_no_kit(made):
    PageViewRestriction.objects.create(page=made.campaign, restriction_type="login")
    assert Client().get(made.url("ap-phich.pdf")).status_code == 404


def test_a_file_that_is_not_in_the_kit_is_not_found(made):
    assert Client().get(made.url("ap-phich.docx")).status_code == 404


def test_a_course_is_no_campaign(made):
    key = made.course.translation_key
    assert Client().get(f"/chien-dich/{key}/ap-phich.pdf").status_code == 404


def test_files_may_be_kept_and_are_compared_by_their_hash(made):
    reply = Client().get(made.url("ap-phich.pdf"))
    assert reply["Content-Type"] == "application/pdf"
    assert reply["Cache-Control"] == "public, max-age=600"
    assert "Cookie" not in reply.get("Vary", "")
    again = Client().get(made.url("ap-phich.pdf"), HTTP_IF_NONE_MATCH=reply["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_a_file_is_made_once_and_anew_after_a_publication(made):
    url = made.url("ap-phich.pdf")
    first = get(url)
    with CaptureQueriesContext(connection) as caught:
        assert get(url) == first
    assert len(caught) == 1, "the stamp alone"
    publish(made.campaign, title="Một tiêu đề mới")
    assert squeezed("Một tiêu đề mới") in poster(made)[1]


# --- the page ------------------------------------------------------------------------------------


def textarea(page: str, name: str) -> str:
    found = re.search(rf'<textarea[^>]*id="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found, name
    return html.unescape(found[1])


def test_the_page_is_readable_logged_out_and_offers_every_file(made):
    page = get(made.campaign.get_url()).decode()
    for name in NAMES:
        assert made.url(name) in page
        stem, ending = name.split(".")
        filename = f"{stem}-{made.campaign.slug}.{ending}"
        assert (f'download="{filename}"' in page) == True, name  # noqa: E712
    assert [html.unescape(x) for x in re.findall(r'class="programme__when">(.*?)<', page)] == [
        "26/4"
    ]
    assert [html.unescape(x) for x in re.findall(r'class="programme__what">(.*?)<', page)] == [
        "Ngày Sở hữu trí tuệ thế giới",
        "Không có ngày",
    ]
    assert "Treo áp phích" in page and "Học một bài" in page


def test_the_texts_hold_the_courses_address(made):
    page = get(made.campaign.get_url()).decode()
    address = full(made.course)
    assert textarea(page, "kit-mail") == LETTER.replace("{link}", address)
    assert textarea(page, "kit-chat") == f"Kính gửi Anh/Chị: {address}"
    english = get(made.english.get_url()).decode()
    assert textarea(english, "kit-mail") == f"Here: {full(made.english_course)}"


def test_the_mail_program_gets_subject_and_text(made):
    page = get(made.campaign.get_url()).decode()
    [link] = re.findall(r'href="(mailto:[^"]*)"', page)
    assert "+" not in link
    asked = parse_qs(urlsplit(html.unescape(link)).query)
    assert asked["subject"] == ["Mời học & làm"]
    letter = LETTER.replace("{link}", full(made.course))
    assert asked["body"] == [letter.replace("\n", "\r\n")]


def test_a_campaign_without_texts_offers_the_files_alone(made):
    publish(made.campaign, mail_text="", chat_text="", programme="", this_week="")
    page = get(made.campaign.get_url()).decode()
    assert "<textarea" not in page
    assert 'class="programme"' not in page
    assert made.url("ap-phich.pdf") in page


def test_more_programme_and_courses_cost_no_more_queries(made):
    def queries() -> int:
        get(made.campaign.get_url())
        with CaptureQueriesContext(connection) as caught:
            get(made.campaign.get_url())
        return len(caught)

    with_one = queries()
    for number in (2, 3):
        add_page(
            made.campaign,
            CoursePage(title=f"Khóa {number}", slug=f"khoa-so-{number}", summary="Tóm tắt."),
        )
    publish(made.campaign, programme="a | b\nc | d\ne | f", this_week="a\nb\nc")
    assert queries() == with_one
