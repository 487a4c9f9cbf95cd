"""The report in Word, read back: its figures are the screen's, its form the decree's."""

import datetime
import io
import re

import docx
import pytest
from django.urls import reverse
from docx.enum.section import WD_ORIENT
from docx.shared import Mm

from learning.audit.models import Disclosure
from learning.enrolments.actions import save_goal
from learning.statistics.official.models import Letterhead
from tests.learning.statistics.screens import export, figures, overview, table

pytestmark = pytest.mark.django_db


def read(response):
    assert response.status_code == 200
    return docx.Document(io.BytesIO(response.content))


def words(document) -> str:
    """All text, cells too, in the order of the file."""
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter() if node.tag.endswith("}t"))
        for paragraph in document.element.body.iter()
        if paragraph.tag.endswith("}p")
    )


def millimetres(*lengths) -> list[int]:
    return [round(length / Mm(1)) for length in lengths]


@pytest.fixture
def officer(client, city):
    client.force_login(city.officer)
    return client


def test_its_figures_are_the_screens(officer, city):
    seen = figures(overview(officer))
    text = words(read(export(officer, "docx")))
    told = f"Trong {seen['assigned']} người được giao học, {seen['completed']} người đã hoàn thành"
    assert told in text
    assert f"Điểm trung bình là {seen['mean_score']}" in text
    assert "Tỷ lệ hoàn thành đúng hạn trong số người đã đến hạn là 0,0%" in text


def test_the_annex_is_the_screens_table(officer, city):
    annex = read(export(officer, "docx")).tables[-1]
    rows = [[cell.text for cell in row.cells] for row in annex.rows]
    shown = [line[:2] for line in table(overview(officer))[1:]]
    assert [[row[1], row[3]] for row in rows[1:]] == shown
    assert rows[-1][1] == "Cộng"


def test_the_form_is_that_of_the_decree(officer, city):
    document = read(export(officer, "docx"))
    first, annex = document.sections
    assert millimetres(first.page_width, first.page_height) == [210, 297]
    assert millimetres(first.left_margin, first.right_margin, first.top_margin) == [30, 20, 20]
    assert millimetres(annex.page_width, annex.page_height) == [297, 210]
    assert first.different_first_page_header_footer
    assert (annex.orientation, annex.header.is_linked_to_previous) == (WD_ORIENT.LANDSCAPE, False)
    assert "w:pgNumType" in annex._sectPr.xml
    assert document.styles["Normal"].font.name == "Times New Roman"
    heads = document.tables[0]
    assert heads.style.name != "Table Grid"
    text = words(document)
    for line in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "BÁO CÁO"):
        assert line in text
    assert "SỞ MỘT" in text
    assert re.search(r"Số: {5,}/BC", text)
    assert re.search(r"ngày {3,}tháng {3,}năm \d{4}", text)
    assert "- Lưu: VT." in text
    assert "___" not in text


def test_a_goal_and_a_period_are_told(officer, city, today):
    due = today + datetime.timedelta(days=9)
    save_goal(
        name="Văn hóa SHTT",
        decision="QĐ số 00",
        target_percent=80,
        due_on=due,
        course_keys=[city.course],
    )
    text = words(read(export(officer, "docx", **{"tu-ngay": today.isoformat()})))
    assert "«Văn hóa SHTT» (QĐ số 00): 80% cán bộ" in text
    assert "cần thêm 2 người hoàn thành" in text
    assert "Trong kỳ có 5 người mới được giao và 2 người hoàn thành" in text


def test_a_past_day_says_so_and_nobody_assigned_too(officer, city):
    text = words(read(export(officer, "docx", **{"den-ngay": "31/01/2026"})))
    assert "Số liệu tính đến hết ngày 31/01/2026" in text
    assert "chưa có ai được giao học" in text


def test_no_person_is_disclosed(officer, city):
    text = words(read(export(officer, "docx")))
    assert not [user for user in city.people.values() if user.full_name in text]
    assert Disclosure.objects.count() == 0


def test_who_signs_is_kept_for_the_unit(client, city):
    address = reverse("statistics:letterhead", args=[city.one.pk])
    for user, met in ((city.people["done"], 404), (city.other_officer, 404), (city.officer, 200)):
        client.force_login(user)
        assert client.get(address).status_code == met
    typed = {
        "agency_name": "Sở Một Mẫu",
        "place": "Hải Phòng",
        "symbol": "BC-SM",
        "signer_lines": "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
        "signer_name": "Nguyễn Mẫu Ký",
        "recipients": "UBND thành phố\nLưu hồ sơ",
    }
    wrong = client.post(address, {**typed, "agency_name": ""})
    assert "Nguyễn Mẫu Ký" in wrong.content.decode()
    assert Letterhead.objects.count() == 0
    assert client.post(address, typed).status_code == 302
    text = words(read(export(client, "docx")))
    for line in ("SỞ MỘT MẪU", "/BC-SM", "KT. GIÁM ĐỐC", "Nguyễn Mẫu Ký", "- UBND thành phố;"):
        assert line in text
