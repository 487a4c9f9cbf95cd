"""The whole path in one go, from the log-in to the row in the HR officer's XLSX."""

import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from learning.certificates.models import Certificate
from learning.progress.models import CourseCompletion, LessonRead
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.bank.kinds import get_kind
from tests.journeys.conftest import CLICKED, log_in


def completed_figure(page: Page) -> int:
    """The number of people who completed, as the HR officer's screen tells it."""
    page.goto("/thong-ke/")
    text = page.locator("[data-figure=completed]").first.inner_text()
    return int(re.sub(r"\D", "", text))


def fill_in(page: Page, name: str, values: list[str]) -> None:
    """Choose or type the values of one field, whatever it is."""
    field = page.locator(f"form[data-question] [name='{name}']").first
    shape = field.evaluate("field => field.type")
    for value in values:
        if shape in ("radio", "checkbox"):
            page.locator(f"[name='{name}'][value='{value}']").check()
        elif shape == "select-one":
            field.select_option(value)
        else:
            field.fill(value)


def press(page: Page, point: str) -> None:
    """Press on the picture at a point in thousandths of it; the lists beside it follow."""
    picture = page.locator("form[data-question] input[type=image]:visible")
    box = picture.bounding_box()
    assert box is not None
    x, y = (int(part) / 1000 for part in point.split(","))
    picture.click(position={"x": box["width"] * x, "y": box["height"] * y})


def answer_quiz(page: Page, *, right: bool) -> None:
    """Answer every question on its own page and hand in."""
    while True:
        position = int(page.locator("[data-position]").first.get_attribute("data-position") or 0)
        attempt_pk = int(page.locator("[data-attempt]").first.get_attribute("data-attempt") or 0)
        item = AttemptItem.objects.select_related("version").get(
            attempt_id=attempt_pk, position=position
        )
        kind, content = get_kind(item.kind), item.version.content
        answer = kind.right_answer(content)
        if not right:
            wrong = [option["key"] for option in content["options"] if not option.get("right")]
            # An empty answer is wrong too, and every kind takes it.
            answer = wrong[:1] if item.kind in CLICKED else []
        # Places in ascending order, so that what is moved later pushes nothing away.
        fields = kind.fields(answer, item.option_order)
        if answer and item.kind == "hotspot":
            press(page, answer[0])
            fields = {}
        for name, values in sorted(fields.items(), key=lambda field: field[1]):
            fill_in(page, name, values)
        if answer:
            expect(page.get_by_text("Đã lưu lúc").first).to_be_visible()
        # The script may have a typed answer to send before it leaves the page.
        here = page.url
        page.locator("form[data-question] .btn--go").click()
        page.wait_for_url(lambda url, here=here: url != here)
        if "/nop-bai/" in page.url:
            break
    page.get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/ket-qua/")


def read_module(page: Page, module: Any) -> None:
    """Read a module's lessons one after the other, pressing «Đã học xong» at each end."""
    page.goto(module.lessons[0].url)
    for lesson in module.lessons:
        assert page.url.endswith(lesson.url)
        page.get_by_role("button", name="Đã học xong").click()
        page.wait_for_load_state()


@pytest.fixture
def pack(whole_pack: Any) -> Any:
    """The course as it is: eight modules and the final test."""
    return whole_pack


def take_final_test(page: Page, course: Any) -> None:
    """From the course's page, by the button that opens when every module is done."""
    page.goto(course.url)
    page.get_by_role("button", name="Làm bài kiểm tra cuối khóa").click()
    page.wait_for_url("**/bai-lam/**")
    answer_quiz(page, right=True)


def test_a_learner_goes_the_whole_way(
    city: Any, course: Any, new_context: Any, check_axe: Any
) -> None:
    learner, officer = city.learner, city.hr_officer
    hr: BrowserContext = new_context(viewport={"width": 1280, "height": 900})
    hr_page = hr.new_page()
    log_in(hr_page, officer.email)
    before = completed_figure(hr_page)
    check_axe(hr_page)

    page = new_context().new_page()
    log_in(page, learner.email)
    check_axe(page)
    page.get_by_role("link", name="Học tiếp").first.click()
    page.wait_for_load_state()
    check_axe(page)

    for number, module in enumerate(course.modules, start=1):
        read_module(page, module)
        page.get_by_role(
            "button", name=re.compile("bài kiểm tra|Làm bài", re.IGNORECASE)
        ).first.click()
        page.wait_for_url("**/bai-lam/**")
        if number == 1:
            check_axe(page)
            answer_quiz(page, right=False)
            assert (
                page.get_by_text("Chưa đạt").or_(page.get_by_text("Không đạt")).first.is_visible()
            )
            check_axe(page)
            page.goto(module.url)
            page.get_by_role(
                "button", name=re.compile("Làm lại|Làm bài", re.IGNORECASE)
            ).first.click()
            page.wait_for_url("**/bai-lam/**")
        answer_quiz(page, right=True)

    assert CourseCompletion.objects.filter(enrolment__user=learner).count() == 0
    take_final_test(page, course)
    # Every module's quiz, one of them twice, and the final test.
    assert Attempt.objects.filter(taker=learner, state="graded").count() == len(course.modules) + 2
    assert LessonRead.objects.filter(enrolment__user=learner).count() == len(course.lessons)
    assert CourseCompletion.objects.filter(enrolment__user=learner).count() == 1
    certificate = Certificate.objects.get(enrolment__user=learner)

    page.goto("/giay-chung-nhan/")
    check_axe(page)
    # The paper opens in the browser's own viewer; its bytes are fetched as the link would.
    address = page.get_by_role("link", name="Tải PDF").first.get_attribute("href")
    paper = page.request.get(address or "")
    assert (paper.status, paper.headers["content-type"]) == (200, "application/pdf")
    text = " ".join(
        " ".join(
            sheet.extract_text() for sheet in PdfReader(io.BytesIO(paper.body())).pages
        ).split()
    )
    assert learner.full_name in text
    assert certificate.number_text in text
    assert certificate.code in text
    assert "GIẤY CHỨNG NHẬN" in text

    stranger = new_context().new_page()
    stranger.goto(f"/xac-thuc/{certificate.code}/")
    assert stranger.get_by_text(learner.full_name).first.is_visible()
    assert stranger.get_by_text(certificate.number_text).first.is_visible()
    check_axe(stranger)

    assert completed_figure(hr_page) == before + 1
    hr_page.goto("/thong-ke/")
    export = hr_page.locator("a[href*='xuat/xlsx']").first.get_attribute("href")
    exported = hr_page.request.get(export or "")
    sheets = load_workbook(io.BytesIO(exported.body()))
    rows = [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    mine = [row for row in rows if learner.full_name in row]
    assert len(mine) == 1
