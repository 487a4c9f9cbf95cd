"""The ways through an attempt in a browser: all on one page, never back, practice, by the clock."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.home.setup import ensure_home
from quizzes.attempts.actions import start_attempt
from quizzes.attempts.models import Attempt
from quizzes.bank.actions import save_quiz
from tests.journeys.conftest import _plant_tree
from tests.quizzes.factories import PersonFactory
from tests.quizzes.samples import SAMPLES

CHOSEN = ("single", "multiple", "number")


@pytest.fixture
def open_attempt(transactional_db: None, live_server: Any, page_of: Any) -> Callable[..., Any]:
    """Starts a quiz with these rules; the attempt, and its taker's browser at its page."""
    _plant_tree()
    ensure_home(hostname="localhost", port=int(live_server.url.rsplit(":", 1)[1]))
    keys = [SAMPLES[kind].save().key for kind in CHOSEN]

    def make(*, script: bool = True, **rules: Any) -> tuple[Attempt, Page]:
        quiz = save_quiz(key="duong-di", title="Các đường đi", question_keys=keys, **rules)
        attempt = start_attempt(taker=PersonFactory(), quiz=quiz)
        page = page_of(attempt.taker, java_script_enabled=script)
        page.goto(f"/bai-lam/{attempt.pk}/")
        return attempt, page

    return make


def answers(attempt: Attempt) -> list[list[str]]:
    return list(attempt.items.order_by("position").values_list("answer", flat=True))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_all_questions_on_one_page(open_attempt: Any, check_axe: Any, script: bool) -> None:
    attempt, page = open_attempt(paging="whole", script=script)
    page.locator("input[name=cau-1]").first.check()
    page.locator("input[name=cau-3]").fill("12,5")
    if script:
        page.keyboard.press("Tab")
        expect(page.locator("[data-saved]")).to_contain_text("Đã lưu lúc")
        expect(page.locator("[data-answered-line]")).to_contain_text("2 trong 3")
        check_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Xem lại và nộp bài").click()
    page.wait_for_url("**/nop-bai/")
    found = answers(attempt)
    assert [len(found[0]), found[1], found[2]] == [1, [], ["12,5"]]
    page.get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/ket-qua/")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_never_back(open_attempt: Any, check_axe: Any, script: bool) -> None:
    attempt, page = open_attempt(may_go_back=False, script=script)
    for position in (1, 2, 3):
        expect(page.locator("legend")).to_contain_text(f"Câu {position} trong 3")
        if position == 1:
            page.locator("input[name=answer]").first.check()
            if script:
                check_axe(page)
        assert page.get_by_role("button", name="Câu trước").count() == 0
        page.locator("form[data-question] .btn--go").click()
        if position < 3:
            expect(page.locator("legend")).to_contain_text(f"Câu {position + 1} trong 3")
    page.wait_for_url("**/nop-bai/")
    assert len(answers(attempt)[0]) == 1
    page.goto(f"/bai-lam/{attempt.pk}/?cau=1")
    page.wait_for_url("**/nop-bai/")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_practice_says_what_is_right_at_once(
    open_attempt: Any, check_axe: Any, script: bool
) -> None:
    attempt, page = open_attempt(mode="practice", script=script)
    page.locator("input[name=answer]").first.check()
    page.get_by_role("button", name="Kiểm tra câu này").click()
    expect(page.locator("#xem-lai")).to_be_visible()
    if script:
        check_axe(page)
    assert page.locator("input[name=answer]").count() == 0
    assert attempt.items.get(position=1).checked_at is not None
    page.locator("form[data-question] .btn--go").click()
    expect(page.locator("legend")).to_contain_text("Câu 2 trong 3")


def test_when_time_is_up_the_page_hands_in_by_itself(open_attempt: Any) -> None:
    attempt, page = open_attempt(time_limit_minutes=10)
    page.locator("input[name=answer]").first.check()
    expect(page.locator("[data-saved]")).to_contain_text("Đã lưu lúc")
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() + timedelta(seconds=3))
    page.reload()
    page.wait_for_url("**/ket-qua/")
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.GRADED
    assert len(answers(attempt)[0]) == 1
