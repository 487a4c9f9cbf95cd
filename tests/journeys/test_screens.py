"""Every public screen, small and wide, light and dark: readable by axe, nothing sticks out."""

from typing import Any

import pytest

from tests.journeys.conftest import log_in


@pytest.mark.one_database
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_public_screens(
    city: Any, course: Any, new_context: Any, check_axe: Any, width: int, scheme: str
) -> None:
    page = new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    ).new_page()
    lesson = course.lessons[-1]
    campaign = course.url.rstrip("/").rsplit("/", 1)[0] + "/"
    for address in (
        "/",
        campaign,
        course.url,
        course.modules[0].url,
        lesson.url,
        "/thuat-ngu/",
        "/tim-kiem/?q=so+huu+tri+tue",
        "/en/thuat-ngu/",
        "/xac-thuc/",
        "/dang-nhap/",
        "/khong-co-trang-nay/",
    ):
        page.goto(address)
        check_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_practice_question_is_answered_in_place(
    city: Any, course: Any, new_context: Any, check_axe: Any
) -> None:
    page = new_context().new_page()
    lesson = next(x for x in course.lessons)
    page.goto(lesson.url)
    practice = page.locator("form.practice").first
    practice.locator("input[name=answer]").first.check()
    practice.get_by_role("button").click()
    page.get_by_text("Giải thích").or_(page.get_by_text("Căn cứ")).first.wait_for()
    assert page.url.split("#")[0].endswith(lesson.url)
    check_axe(page)


@pytest.mark.one_database
def test_the_learners_own_screens(city: Any, course: Any, new_context: Any, check_axe: Any) -> None:
    page = new_context(color_scheme="dark").new_page()
    log_in(page, city.learner.email)
    for address in (
        "/viec-hoc/",
        course.url,
        course.modules[0].url,
        "/giay-chung-nhan/",
        "/doi-mat-khau/",
    ):
        page.goto(address)
        check_axe(page)
