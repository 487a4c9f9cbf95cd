"""Two tabs, the back button, a lost session, a lost connection: what was acknowledged stays."""

from typing import Any

from playwright.sync_api import Page, expect

from learning.courses.origins import origin_of
from quizzes.attempts.actions import start_attempt
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.bank.models import Quiz
from tests.journeys.conftest import PASSWORD, log_in


def open_quiz(city: Any, course: Any) -> Attempt:
    module = course.modules[0]
    return start_attempt(
        taker=city.learner,
        quiz=Quiz.objects.get(pk=module.quiz_id),
        origin=origin_of(module.key),
        return_to=module.url,
    )


def choose(page: Page, place: int) -> str:
    option = page.locator("input[name=answer]").nth(place)
    option.check()
    return option.get_attribute("value") or ""


def saved(attempt: Attempt, position: int) -> list[str]:
    return AttemptItem.objects.get(attempt=attempt, position=position).answer


def test_an_answer_is_there_on_another_device(city: Any, course: Any, new_context: Any) -> None:
    attempt = open_quiz(city, course)
    page = new_context().new_page()
    log_in(page, city.learner.email)
    page.goto(f"/bai-lam/{attempt.pk}/?cau=1")
    key = choose(page, 1)
    expect(page.get_by_text("Đã lưu lúc").first).to_be_visible()
    other = new_context(viewport={"width": 1280, "height": 900}).new_page()
    log_in(other, city.learner.email)
    other.goto(f"/bai-lam/{attempt.pk}/?cau=1")
    assert other.locator(f"input[name=answer][value='{key}']").is_checked()


def test_an_answer_given_offline_is_sent_when_the_connection_is_back(
    city: Any, course: Any, new_context: Any
) -> None:
    attempt = open_quiz(city, course)
    context = new_context()
    page = context.new_page()
    log_in(page, city.learner.email)
    page.goto(f"/bai-lam/{attempt.pk}/?cau=1")
    context.set_offline(True)
    key = choose(page, 1)
    page.wait_for_timeout(800)
    assert saved(attempt, 1) == []
    context.set_offline(False)
    expect(page.get_by_text("Đã lưu lúc").first).to_be_visible(timeout=20_000)
    assert saved(attempt, 1) == [key]


def test_an_answer_survives_a_lost_session(city: Any, course: Any, new_context: Any) -> None:
    attempt = open_quiz(city, course)
    context = new_context()
    page = context.new_page()
    log_in(page, city.learner.email)
    page.goto(f"/bai-lam/{attempt.pk}/?cau=1")
    context.clear_cookies()
    key = choose(page, 0)
    page.wait_for_timeout(800)
    assert saved(attempt, 1) == []
    page.goto(f"/dang-nhap/?next=/bai-lam/{attempt.pk}/%3Fcau%3D1")
    page.fill("input[name=username]", city.learner.email)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url("**/bai-lam/**")
    expect(page.get_by_text("Đã lưu lúc").first).to_be_visible(timeout=20_000)
    assert saved(attempt, 1) == [key]


def test_handing_in_from_two_tabs_counts_once(city: Any, course: Any, new_context: Any) -> None:
    attempt = open_quiz(city, course)
    context = new_context()
    first, second = context.new_page(), context.new_page()
    log_in(first, city.learner.email)
    for page in (first, second):
        page.goto(f"/bai-lam/{attempt.pk}/nop-bai/")
    for page in (first, second):
        page.get_by_role("button", name="Nộp bài").dblclick()
        page.wait_for_url("**/ket-qua/")
    assert first.url == second.url
    assert list(Attempt.objects.filter(taker=city.learner).values_list("number", "state")) == [
        (1, "graded")
    ]


def test_the_quiz_works_without_a_script(city: Any, course: Any, new_context: Any) -> None:
    attempt = open_quiz(city, course)
    page = new_context(java_script_enabled=False).new_page()
    log_in(page, city.learner.email)
    page.goto(f"/bai-lam/{attempt.pk}/?cau=1")
    key = choose(page, 1)
    page.locator("form[data-question] .btn--go").click()
    page.wait_for_load_state()
    assert saved(attempt, 1) == [key]
    page.goto(f"/bai-lam/{attempt.pk}/nop-bai/")
    page.get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/ket-qua/")
    attempt.refresh_from_db()
    assert attempt.state == "graded"
