"""A paper with a question of each kind: by keyboard alone, with a script and without."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.home.setup import ensure_home
from quizzes.attempts.actions import start_attempt
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.bank.actions import save_quiz
from tests.journeys.conftest import _plant_tree
from tests.quizzes.factories import PersonFactory
from tests.quizzes.samples import SAMPLES

MOST_TABS = 120
# An essay waits for a person: its paper is one of its own.
JUDGED = [sample for sample in SAMPLES.values() if sample.marked_by_machine]
NAMES = [sample.kind for sample in JUDGED]


@pytest.fixture
def paper(transactional_db: None, live_server: Any) -> Attempt:
    """An open attempt at a question of each kind, in the order of the samples."""
    _plant_tree()
    ensure_home(hostname="localhost", port=int(live_server.url.rsplit(":", 1)[1]))
    keys = [sample.save().key for sample in JUDGED]
    quiz = save_quiz(key="moi-dang", title="Mỗi dạng một câu", question_keys=keys)
    return start_attempt(taker=PersonFactory(), quiz=quiz)


@pytest.fixture
def open_paper(paper: Attempt, page_of: Any) -> Callable[..., Page]:
    """The taker's browser, logged in, at a question of the paper."""

    def make(position: int = 1, **options: Any) -> Page:
        page = page_of(paper.taker, **options)
        page.goto(f"/bai-lam/{paper.pk}/?cau={position}")
        return page

    return make


def item_of(paper: Attempt, position: int) -> AttemptItem:
    return paper.items.select_related("version").get(position=position)


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab, and nothing else, until `target` has the focus."""
    for _press in range(MOST_TABS):
        if target.evaluate("field => field === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {target}")


def press(page: Page, key: str, times: int) -> None:
    for _press in range(times):
        page.keyboard.press(key)


def choose_radio(page: Page, field: str, value: str) -> None:
    """The first of the group by Tab and Space, the others by arrows, as browsers have it."""
    radios = page.locator(f"input[name='{field}']")
    values = [radio.get_attribute("value") for radio in radios.all()]
    tab_to(page, radios.first)
    page.keyboard.press("Space")
    press(page, "ArrowDown", values.index(value))


def move_into_order(page: Page, wanted: list[str]) -> None:
    """Press each item's «up» until it stands where it belongs; `wanted` are fields in order."""
    for place, field in enumerate(wanted):
        row = page.locator("[data-item]").filter(has=page.locator(f"select[name='{field}']"))
        shown = [select.get_attribute("name") for select in page.locator("select").all()]
        steps = shown.index(field) - place
        if steps:
            tab_to(page, row.locator("[data-move=up]"))
            press(page, "Enter", steps)


def answer(page: Page, sent: dict[str, list[str]], *, script: bool) -> None:
    """Give the answer that a form would send as `sent`, with the keyboard."""
    if script and page.locator("[data-ranked]").count():
        move_into_order(page, sorted(sent, key=lambda field: int(sent[field][0])))
        return
    for field, values in sent.items():
        for value in values:
            control = page.locator(f"[name='{field}']").first
            if control.get_attribute("type") == "hidden":
                continue
            if control.get_attribute("type") == "radio":
                choose_radio(page, field, value)
            elif control.get_attribute("type") == "checkbox":
                tab_to(page, page.locator(f"[name='{field}'][value='{value}']"))
                page.keyboard.press("Space")
            elif control.evaluate("field => field.tagName") == "SELECT":
                tab_to(page, control)
                offered = [o.get_attribute("value") for o in control.locator("option").all()]
                press(page, "ArrowDown", offered.index(value))
            else:
                tab_to(page, control)
                page.keyboard.type(value)


def right_fields(paper: Attempt, position: int) -> dict[str, list[str]]:
    from quizzes.bank.kinds import get_kind

    item = item_of(paper, position)
    kind = get_kind(item.kind)
    return kind.fields(kind.right_answer(item.version.content), item.option_order)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_paper_of_each_kind_is_taken_by_keyboard_alone(
    paper: Attempt, open_paper: Any, check_axe: Any, script: bool
) -> None:
    page = open_paper(java_script_enabled=script)
    for position in range(1, len(JUDGED) + 1):
        assert page.url.endswith(f"cau={position}")
        answer(page, right_fields(paper, position), script=script)
        if script:
            expect(page.get_by_text("Đã lưu lúc").first).to_be_visible()
            check_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        tab_to(page, page.locator("form[data-question] .btn--go"))
        page.keyboard.press("Enter")
        page.wait_for_url("**/nop-bai/" if position == len(JUDGED) else f"**cau={position + 1}")
    tab_to(page, page.get_by_role("button", name="Nộp bài"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/ket-qua/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    if script:
        check_axe(page)
    wrong = [item.kind for item in paper.items.all() if item.earned != item.points]
    assert wrong == []
    paper.refresh_from_db()
    assert paper.percent == 100


def test_an_outbox_in_the_old_form_is_still_sent(paper: Attempt, open_paper: Any) -> None:
    page = open_paper()
    old = '{"1": {"value": ["b"], "sequence": 7}}'
    page.evaluate("([key, old]) => localStorage.setItem(key, old)", [f"attempt:{paper.pk}", old])
    page.reload()
    assert page.locator("input[name=answer][value=b]").is_checked()
    expect(page.get_by_text("Đã lưu lúc").first).to_be_visible()
    assert item_of(paper, 1).answer == ["b"]


def test_words_typed_offline_and_an_order_made_offline_are_sent_later(
    paper: Attempt, open_paper: Any
) -> None:
    names = NAMES
    page = open_paper(names.index("blank") + 1)
    page.context.set_offline(True)
    page.locator("[name='answer:2']").press_sequentially("văn bằng")
    page.context.set_offline(False)
    page.reload()
    assert page.locator("[name='answer:2']").input_value() == "văn bằng"
    expect(page.get_by_text("Đã lưu lúc").first).to_be_visible(timeout=20_000)
    assert item_of(paper, names.index("blank") + 1).answer == ["2=văn bằng"]

    page.goto(f"/bai-lam/{paper.pk}/?cau={names.index('ordering') + 1}")
    page.context.set_offline(True)
    last = page.locator("[data-item]").last
    text = last.locator("[data-text]").inner_text()
    last.locator("[data-move=up]").click()
    expect(page.locator("[data-ranked-status]")).to_have_text(f"{text}: vị trí 3 trên 4")
    page.context.set_offline(False)
    page.reload()
    assert page.locator("[data-text]").nth(2).inner_text() == text
    expect(page.get_by_text("Đã lưu lúc").first).to_be_visible(timeout=20_000)
    assert len(item_of(paper, names.index("ordering") + 1).answer) == 4


def test_a_place_is_pressed_and_marked_where_it_was_pressed(
    paper: Attempt, open_paper: Any
) -> None:
    position = NAMES.index("hotspot") + 1
    page = open_paper(position)
    pressed = page.locator("input[type=image]:visible")
    box = pressed.bounding_box()
    pressed.click(position={"x": box["width"] * 0.24, "y": box["height"] * 0.36})
    expect(page.get_by_text("Đã lưu lúc").first).to_be_visible()
    x, y = map(int, item_of(paper, position).answer[0].split(","))
    assert abs(x - 240) <= 5
    assert abs(y - 360) <= 5
    assert page.locator("[data-column]").input_value() == "C"
    assert page.locator("[data-row]").input_value() == "4"
    mark = page.locator("[data-point] circle").bounding_box()
    assert abs(mark["x"] + mark["width"] / 2 - box["x"] - box["width"] * 0.24) < 3


def test_without_a_script_the_picture_is_a_button(paper: Attempt, open_paper: Any) -> None:
    position = NAMES.index("hotspot") + 1
    page = open_paper(position, java_script_enabled=False)
    pressed = page.locator("input[type=image]:visible")
    box = pressed.bounding_box()
    pressed.click(position={"x": box["width"] * 0.24, "y": box["height"] * 0.36})
    page.wait_for_url(f"**cau={position}")
    assert page.locator("[data-column]").input_value() == "C"
    assert page.locator("[data-point] circle").is_visible()
    x, y = map(int, item_of(paper, position).answer[0].split(","))
    assert abs(x - 240) <= 5
    assert abs(y - 360) <= 8


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_an_essay_is_written_by_keyboard_and_kept(
    paper: Attempt, open_paper: Any, check_axe: Any, script: bool
) -> None:
    quiz = save_quiz(key="bai-viet", title="Bài viết", question_keys=[SAMPLES["essay"].save().key])
    attempt = start_attempt(taker=paper.taker, quiz=quiz)
    page = open_paper(java_script_enabled=script)
    page.goto(f"/bai-lam/{attempt.pk}/?cau=1")
    tab_to(page, page.locator("textarea[name=answer]"))
    page.keyboard.type("Dòng một")
    page.keyboard.press("Enter")
    page.keyboard.type("Dòng hai")
    if script:
        expect(page.get_by_text("Đã lưu lúc").first).to_be_visible()
        check_axe(page)
    tab_to(page, page.locator("form[data-question] .btn--go"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/nop-bai/")
    assert item_of(attempt, 1).answer == ["Dòng một\nDòng hai"]
