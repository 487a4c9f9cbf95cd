"""The paper, read back from the PDF as its holder gets it."""

from __future__ import annotations

import io
import re
import unicodedata
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from learning.certificates.paper.rendering import place_and_date, render_pdf
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


def test_the_same_facts_make_the_same_bytes():
    certificate = issue()
    assert render_pdf(certificate) == render_pdf(certificate)


@pytest.mark.parametrize("field", ["full_name", "position", "unit_name", "course_title"])
def test_markup_is_printed_as_it_was_typed(field):
    reader, text = read(issue(**{field: MARKUP}))
    assert len(reader.pages) == 1
    assert squeezed(MARKUP) in text


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, position=NAMES, unit=NAMES, course=st.lists(SYLLABLES, min_size=1, max_size=60))
def test_long_names_stay_on_one_page(name, position, unit, course):
    certificate = issue(
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


@pytest.mark.parametrize("name", ["Trần Mẫu 中文", "Łukasz Mẫu", "Nguyễn\u2011Mẫu An", "Mẫu 🙂 An"])
def test_a_letter_the_fonts_lack_does_not_keep_the_paper_away(name):
    certificate = issue(full_name=name)
    assert render_pdf(certificate).startswith(b"%PDF")
