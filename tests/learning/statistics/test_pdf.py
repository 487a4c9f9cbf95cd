"""The report and the tables as PDF, read back."""

import io

import pypdf
import pytest

from learning.audit.models import Disclosure
from learning.statistics.official.models import Letterhead
from tests.learning.statistics.screens import export, figures, listed, overview, people, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client, city):
    client.force_login(city.officer)
    return client


def read(response):
    assert response["Content-Type"] == "application/pdf"
    return pypdf.PdfReader(io.BytesIO(response.content))


def words(page) -> str:
    return " ".join(page.extract_text().split())


def millimetres(page) -> list[int]:
    return [round(float(side) * 25.4 / 72) for side in (page.mediabox.width, page.mediabox.height)]


def test_the_report_has_the_form_of_the_decree(officer, city):
    reader = read(export(officer, "pdf"))
    first, annex = reader.pages[0], reader.pages[-1]
    assert (millimetres(first), millimetres(annex)) == ([210, 297], [297, 210])
    text = words(first)
    for line in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "SỞ MỘT"):
        assert line in text
    assert "- Lưu: VT." in " ".join(map(words, reader.pages))
    # Of its own numbers the annex begins with 1; the report's first page shows none.
    assert words(annex).startswith("1 Phụ lục I")
    assert not text.startswith("1 ")
    fonts = {str(font.get_object()["/BaseFont"]) for font in first["/Resources"]["/Font"].values()}
    assert all("LiberationSerif" in name for name in fonts)
    # Tagged, in Vietnamese.
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "vi"


def test_a_second_page_has_its_number(officer, city):
    Letterhead.objects.create(
        unit=city.one, agency_name="Sở", place="Hải Phòng", recipients="Nơi nhận mẫu\n" * 60
    )
    pages = read(export(officer, "pdf")).pages
    assert [words(page)[:2] for page in pages[1:]] == ["2 ", *["3 "] * (len(pages) - 3), "1 "]


def test_what_is_typed_is_never_markup(officer, city):
    evil = '#read("report.typ") $x$ *đậm*'
    Letterhead.objects.create(unit=city.one, agency_name="Sở", place="HP", signer_name=evil)
    assert evil in " ".join(map(words, read(export(officer, "pdf")).pages))


def test_the_tables_are_the_screens(officer, city):
    shown = table(overview(officer))[1:-1]
    page = read(export(officer, "don-vi-pdf")).pages[0]
    text = words(page)
    assert millimetres(page) == [297, 210]
    for line in shown:
        assert f"{line[0].removesuffix('(trực tiếp)').strip()}" in text
    assert f"Cộng 5 {figures(overview(officer))['assigned']} " in text
    assert Disclosure.objects.count() == 0
    listing = read(export(officer, "danh-sach-pdf"))
    names = listed(people(officer))
    told = " ".join(map(words, listing.pages))
    places = [told.index(name) for name in names]
    assert (len(places), places) == (5, sorted(places))
    assert "1/1" in told
    assert Disclosure.objects.exclude(how="viewed").get().count == 5
