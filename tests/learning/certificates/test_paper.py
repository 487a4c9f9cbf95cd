"""The paper, read back from the PDF as its holder gets it."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import page
import pytest
from fontTools.ttLib import TTFont
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from learning.certificates.actions import reissue_certificate
from learning.certificates.models import Certificate, CourseRule
from learning.certificates.paper import rendering
from learning.certificates.paper.design import Design, house_design
from learning.certificates.paper.rendering import (
    draw_preview,
    paper_facts,
    place_and_date,
    render_pdf,
)
from learning.certificates.paper.sample import sample_certificate
from tests.factories import EnrolmentFactory
from tests.learning.certificates.factories import issue

pytestmark = pytest.mark.django_db

SYLLABLES = st.sampled_from(
    ["Nguyễn", "Đặng", "Thị", "Hữu", "Quỳnh", "Tằng", "Ỷ", "Lượng", "Khuyến", "Ơn", "Ửng", "Ỹ", "A"]
)
NAMES = st.lists(SYLLABLES, min_size=1, max_size=22).map(
    lambda parts: " ".join(parts)[:120].strip()
)
MARKUP = "#pagebreak() *Vũ* _x_ $a^2$ @b <b>c</b> \\ // `d` = E [f] {g}"


def squeezed(text: str) -> str:
    """Without white space, which a PDF doesn't keep as typed."""
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text))


def sample(**changed) -> Certificate:
    """A certificate of the factory's facts that is not in the database."""
    return sample_certificate(house_design(), **changed)


def read(certificate) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(render_pdf(certificate)))
    return reader, squeezed("".join(page.extract_text() for page in reader.pages))


def test_it_says_all_that_was_completed():
    certificate = issue(full_name="Nguyễn Thị Ưởng Đặng", goal_name="Mục tiêu năm 2026")
    _reader, text = read(certificate)
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        certificate.issuer_parent,
        certificate.issuer_name,
        "GIẤY CHỨNG NHẬN",
        f"Số: {certificate.number_text}",
        "Nguyễn Thị Ưởng Đặng",
        "Chuyên viên, UBND phường Lê Chân",
        "Đã hoàn thành chuyên đề trực tuyến:",
        "Kiến thức cơ bản về sở hữu trí tuệ",
        "Từ ngày 27/02/2026 đến ngày 05/03/2026",
        "Thời lượng 1,5 giờ · Kết quả: Đạt (92,5%)",
        "Mục tiêu năm 2026",
        certificate.signer_name,
        certificate.code,
        f"Số vào sổ: {certificate.register_number}",
        "Không thay thế chứng chỉ bồi dưỡng theo quy định.",
    ):
        assert squeezed(said) in text, said
    assert "CHỨNGCHỈ" not in text


def test_it_is_one_page_tagged_for_archive_and_screen_readers():
    certificate = issue()
    pdf = render_pdf(certificate)
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    page = reader.pages[0].mediabox
    assert (round(page.width / 72 * 25.4), round(page.height / 72 * 25.4)) == (297, 210)
    assert len(pdf) < 150_000
    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"].startswith("vi")
    assert catalog["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own boolean
    metadata = catalog["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfaid:part>2<", metadata)
    assert re.search(r"pdfuaid:part>1<", metadata)
    assert certificate.full_name in reader.metadata.title
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    kinds = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts]
    assert all("/FontFile2" in kind or "/FontFile3" in kind for kind in kinds)


def test_the_same_facts_make_the_same_bytes():
    certificate = issue()
    assert render_pdf(certificate) == render_pdf(certificate)


@pytest.mark.parametrize("field", ["full_name", "position", "unit_name", "course_title"])
def test_markup_is_printed_as_it_was_typed(field):
    reader, text = read(issue(**{field: MARKUP}))
    assert len(reader.pages) == 1
    assert squeezed(MARKUP) in text


@settings(max_examples=5, deadline=None)
@given(name=NAMES, position=NAMES, unit=NAMES, course=st.lists(SYLLABLES, min_size=1, max_size=60))
def test_long_names_stay_on_one_page(name, position, unit, course):
    certificate = sample(
        full_name=name,
        position=position,
        unit_name=f"{unit} {unit}"[:250],
        course_title=" ".join(course)[:255],
        goal_name=unit,
    )
    reader, text = read(certificate)
    assert len(reader.pages) == 1
    assert squeezed(name) in text
    assert squeezed(certificate.course_title) in text


# Where nothing may be printed, in millimetres (left, top, right, bottom): the sheet's margins, the
# strips between the head, what is attested and the foot, and those between the foot's columns.
EMPTY = [
    (18, 18, 23, 135),
    (274, 18, 279, 192),
    (23, 19, 274, 23),
    (160, 43, 274, 46.5),
    (75, 136, 274, 141),
    (163, 143, 166, 190),
    (23, 189.5, 274, 192),
]


def marks_in(picture: Image.Image, strip: tuple[float, float, float, float]) -> int:
    """How many grey levels there are: 1 is white alone."""
    scale = picture.width / 297
    return len(picture.crop([round(side * scale) for side in strip]).getcolors())


@settings(max_examples=6, deadline=None)
@given(
    name=st.integers(1, 120).flatmap(
        lambda length: st.sampled_from(["Nguyễn Ửng ", "W", "Ằ g", "ỹ "]).map(
            lambda piece: (piece * length)[:length]
        )
    ),
    rest=st.integers(1, 250),
)
@example(name="W" * 120, rest=250)
@example(name="Ẫ" * 120, rest=120)
def test_nothing_leaves_its_place_however_long_the_words_are(name, rest):
    words = ("Trung tâm Ứng dụng " * 20)[:rest]
    certificate = sample(
        full_name=name,
        position=words[:200],
        unit_name=words,
        course_title=words,
        goal_name=words,
        issuer_parent=words[:200],
        issuer_name=words[:200],
        signer_lines=[words[:60], "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"],
        signer_name=words[:120],
    )
    sheet = draw_preview(certificate, replace(house_design(), palette="none"))
    picture = Image.open(io.BytesIO(sheet)).convert("L")
    assert [marks_in(picture, strip) for strip in EMPTY] == [1] * len(EMPTY)


def test_in_english_all_that_the_house_says_is_english():
    certificate = sample(language="en", result="Đạt (92,5%)", expires_on=date(2028, 3, 5))
    _reader, text = read(certificate)
    for said in (
        "SOCIALIST REPUBLIC OF VIET NAM",
        "CERTIFICATE",
        "This is to certify that",
        "From 27 February 2026 to 5 March 2026 · 1.5 hours of study · Result: Passed (92.5%)",
        "Valid until 5 March 2028",
        "Hải Phòng, 10 March 2026",
    ):
        assert squeezed(said) in text, said
    assert "GIẤY" not in text


def test_one_that_was_issued_again_says_for_which_paper_it_stands():
    old = issue(full_name="Nguyễn Mẫu Anh")
    new = reissue_certificate(certificate=old, full_name="Nguyễn Mẫu An", reason="Sai tên", by=None)
    _reader, text = read(new)
    assert squeezed(f"Cấp lại, thay giấy số {old.number_text}") in text
    assert squeezed("Nguyễn Mẫu An") in text


def test_the_last_valid_day_and_the_birth_date_are_printed_where_the_rule_wants_them():
    enrolment = EnrolmentFactory(course_key=uuid4())
    CourseRule.objects.create(
        course_key=enrolment.course_key, valid_months=24, print_birth_date=True
    )
    certificate = issue(enrolment, course_key=enrolment.course_key, birth_date=date(1990, 5, 9))
    design = replace(house_design(), shown=(*Design().shown, "birth_date"))
    assert paper_facts(certificate, design=design)["birth"] == "Sinh ngày 09/05/1990"
    _reader, text = read(certificate)
    assert squeezed(f"Có giá trị đến hết ngày {certificate.expires_on:%d/%m/%Y}") in text
    assert squeezed("Sinh ngày") not in text


@pytest.mark.parametrize("trial", [True, False])
def test_a_trial_says_so(settings, trial):
    settings.DEMO = trial
    _reader, text = read(issue())
    assert (squeezed("Bản dùng thử, không có giá trị.") in text) is trial


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 3, 5), "Hải Phòng, ngày 05 tháng 3 năm 2026"),
        (date(2026, 1, 10), "Hải Phòng, ngày 10 tháng 01 năm 2026"),
        (date(2026, 2, 28), "Hải Phòng, ngày 28 tháng 02 năm 2026"),
        (date(2026, 11, 9), "Hải Phòng, ngày 09 tháng 11 năm 2026"),
    ],
)
def test_the_date_is_written_as_the_decree_says(day, said):
    assert place_and_date("Hải Phòng", day) == said


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Trần Mẫu 中文", "Trần Mẫu □□"),
        ("Mẫu 🙂 An", "Mẫu □ An"),
        ("Łukasz Mẫu", "Łukasz Mẫu"),
        ("Nguyễn\u2011Mẫu An", "Nguyễn-Mẫu An"),
    ],
)
def test_a_letter_the_fonts_lack_is_a_box_and_the_title_has_it(name, printed):
    certificate = sample(full_name=name)
    reader, text = read(certificate)
    assert len(reader.pages) == 1
    assert squeezed(printed) in text
    assert b"pdfaid" in render_pdf(certificate)
    assert name.replace("\u2011", "-") in reader.metadata.title


def test_letters_from_right_to_left_are_printed():
    _reader, text = read(sample(full_name="Mẫu مثال אבג"))
    assert set("אבג") <= set(text)


def test_the_list_of_signs_is_that_of_the_fonts():
    fonts = (Path(rendering.__file__).parent / "fonts").glob("*.ttf")
    assert rendering._covered() == set().union(*(TTFont(font).getBestCmap() for font in fonts))


def test_signs_that_turn_the_direction_of_reading_are_left_out():
    _reader, text = read(sample(full_name="Mẫu \u202eAn\u2066 Bình"))
    assert squeezed("Mẫu An Bình") in text


# What an archive and a reader of the screen can rely on, by the word of another program.
_MARKED = {"PDF_A_2A": 154, "PDF_UA_1": 104}


@pytest.mark.parametrize(
    "changed",
    [
        {"full_name": "Vũ An"},
        {"full_name": " ".join(["Nguyễn-Phước", "Tằng", "Tôn", "Nữ", "Thí", "Dụ"] * 4)[:120]},
        {"full_name": MARKUP},
        {"language": "en", "expires_on": date(2028, 3, 5)},
    ],
)
def test_another_program_finds_the_archives_and_the_readers_format(changed):
    pdf = render_pdf(sample(**changed))
    for profile, rules in _MARKED.items():
        report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile[profile])
        assert [(one.rule_id, one.message) for one in report.failures] == []
        assert report.rules.passed == rules
