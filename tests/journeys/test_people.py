"""An officer's day in a browser: a list comes in, a card is printed, and who holds it learns."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from learning.organisations.models import Membership
from tests.journeys.conftest import PASSWORD
from tests.learning.staff.files import workbook

OFFICERS = (
    "/can-bo/",
    "/can-bo/danh-sach/moi/",
    "/giao-hoc/",
    "/giao-hoc/moi/",
    "/nhac-nho/",
    "/the-kich-hoat/",
    "/phan-quyen/",
    "/yeu-cau-du-lieu/",
    "/thong-ke/",
    "/thong-ke/chi-tieu/",
)
LEARNERS = (
    "/thong-bao/",
    "/thong-bao/cai-dat/",
    "/du-lieu-cua-toi/",
    "/du-lieu-cua-toi/tai-ve/",
    "/du-lieu-cua-toi/yeu-cau/sua-ten/",
    "/tai-khoan/",
    "/tai-khoan/vai-tro/",
    "/thong-bao-xu-ly-du-lieu/",
)


@pytest.mark.one_database
@pytest.mark.parametrize(("who", "addresses"), [("hr_officer", OFFICERS), ("learner", LEARNERS)])
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_screens(
    city: Any, page_of: Any, check_axe: Any, who: str, addresses: Any, width: int, scheme: str
) -> None:
    page = page_of(
        getattr(city, who), viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        check_axe(page)


def test_a_list_comes_in_and_a_card_opens_the_course(
    city: Any, page_of: Any, new_context: Any, check_axe: Any, tmp_path: Any
) -> None:
    office = page_of(city.hr_officer, viewport={"width": 1280, "height": 900})
    bring_in(office, tmp_path)
    check_axe(office)
    member = Membership.objects.get(user__full_name="Trịnh Thị Thí Dụ")
    assert (member.unit.code, member.position) == ("so-khcn-1", "Văn thư")
    code = printed_code(office, tmp_path)
    phone = new_context().new_page()
    phone.goto("/kich-hoat/")
    phone.fill("input[name=name]", "VD-9001")
    phone.fill("input[name=code]", code)
    phone.locator("main form button").click()
    phone.wait_for_url("**/kich-hoat/mat-khau/")
    check_axe(phone)
    for name in ("new_password1", "new_password2"):
        phone.fill(f"input[name={name}]", f"{PASSWORD}-rieng")
    phone.locator("main form button").click()
    phone.wait_for_url("**/viec-hoc/")
    # The agency's course was assigned to her the moment she came in.
    expect(phone.locator(".duties")).to_contain_text("Bắt buộc")


def bring_in(page: Page, folder: Any) -> None:
    """A list with a title above its header, checked and applied."""
    path = folder / "danh-sach.xlsx"
    rows = [
        ("DANH SÁCH CÁN BỘ, CÔNG CHỨC",),
        ("STT", "Mã cán bộ", "Họ và tên", "Chức vụ", "Phòng", "Email"),
        (1, "VD-9001", "Trịnh Thị Thí Dụ", "Văn thư", unit_name("so-khcn-1"), ""),
        (2, "VD-9002", "", "Văn thư", unit_name("so-khcn-1"), ""),
    ]
    path.write_bytes(workbook(rows))
    page.goto("/can-bo/danh-sach/moi/")
    page.set_input_files("input[name=file]", path)
    page.get_by_role("button", name="Tải lên").click()
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.locator(".staff-tabs")).to_contain_text("Lỗi")
    page.get_by_role("button", name=re.compile("Áp dụng|Ghi|Cập nhật")).click()
    expect(page.locator(".callout--ok")).to_be_visible()


def unit_name(code: str) -> str:
    return str(Membership.objects.filter(unit__code=code).select_related("unit")[0].unit.name)


def printed_code(page: Page, folder: Any) -> str:
    """The code on her card, read from the PDF as a person reads it."""
    page.goto("/the-kich-hoat/")
    row = page.locator("tr", has_text=unit_name("so-khcn-1"))
    with page.expect_download() as taken:
        row.get_by_role("button").first.click()
    path = folder / "the.pdf"
    taken.value.save_as(path)
    text = "\n".join(found.extract_text() for found in PdfReader(path).pages)
    after = text[text.index("VD-9001") :]
    found = re.search(r"\b[0-9A-Z]{4}(?:[- ][0-9A-Z]{4})+\b", after)
    assert found, after[:400]
    return found[0]
