"""A real server, a real Chromium, the real course."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from wagtail.models import Collection, Locale
from wagtail.models import Page as WagtailPage

from learning.courses.packing.loading import course_key_of, load_pack
from learning.courses.packing.reader import read_pack
from learning.courses.packing.specs import Pack
from learning.courses.queries import get_outline
from portal.accounts.roles import ensure_roles
from portal.home.setup import ensure_home
from portal.operations.demo import PACK
from portal.operations.demo_people import create_demo_people

# Playwright's loop runs in the test's own thread; Django's ORM is called beside it, not inside.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
PASSWORD = "mot-mat-khau-du-dai"
CLICKED = ("single", "multiple", "true_false")
PHONE = {"width": 390, "height": 844}
_AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a journey."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


def _plant_tree() -> None:
    """What Wagtail's migrations wrote and the flush after another transactional test took away."""
    ContentType.objects.clear_cache()
    Locale.objects.get_or_create(language_code="vi")
    if not WagtailPage.objects.filter(depth=1).exists():
        WagtailPage.add_root(title="Root", slug="root", locale=Locale.get_default())
    if not Collection.objects.filter(depth=1).exists():
        Collection.add_root(name="Root")
    ensure_roles()


@pytest.fixture(scope="session")
def whole_pack() -> Pack:
    """The World IP Day course, all of it."""
    return read_pack(PACK)


@pytest.fixture
def pack(whole_pack: Pack) -> Pack:
    """What of the course a journey is served: three modules, quicker to load than eight, and
    questions that are answered by a click, whichever of them are drawn."""
    modules = [
        replace(module, questions=[one for one in module.questions if one.kind in CLICKED])
        for module in whole_pack.modules[:3]
    ]
    return replace(whole_pack, modules=modules, final=None, english=None)


@pytest.fixture
def city(transactional_db: None, live_server: Any, settings: Any, pack: Pack) -> Any:
    """The course and the invented city, served; returns the people one can log in as."""
    settings.SITE_URL = settings.WAGTAILADMIN_BASE_URL = live_server.url
    _plant_tree()
    home = ensure_home(hostname="localhost", port=int(live_server.url.rsplit(":", 1)[1]))
    load_pack(pack, parent=home)
    return create_demo_people(
        course_key=course_key_of(pack.key), today=timezone.localdate(), password=PASSWORD
    )


@pytest.fixture
def course(city: Any) -> Any:
    """The outline of the World IP Day course."""
    return get_outline(course_key_of("world-ip-day-2024"))


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One Chromium for all journeys."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium_path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture
def new_context(browser: Browser, live_server: Any) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a person's browser; whatever a page loads from another host fails the test."""
    opened: list[BrowserContext] = []
    strangers: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(
            base_url=live_server.url, locale="vi-VN", **({"viewport": PHONE} | options)
        )
        context.set_default_timeout(30_000)
        context.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((live_server.url, "data:", "blob:"))
                else strangers.append(request.url)
            ),
        )
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    assert strangers == []


@pytest.fixture
def page_of(new_context: Any, live_server: Any) -> Callable[..., Page]:
    """Opens a browser in which this person is logged in already."""

    def make(person: Any, **options: Any) -> Page:
        browser = Client()
        browser.force_login(person)
        context: BrowserContext = new_context(**options)
        session = browser.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        return context.new_page()

    return make


@pytest.fixture
def check_axe() -> Callable[[Page], None]:
    """Asserts that axe finds nothing against WCAG 2.2 AA on the page as it stands."""

    def check(page: Page) -> None:
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": _AXE_RULES}})
        assert [
            (v["id"], [node["target"] for node in v["nodes"]]) for v in found.response["violations"]
        ] == [], page.url

    return check


def log_in(page: Page, login: str, password: str = PASSWORD) -> None:
    """Log in by the form, as a person does."""
    page.goto("/dang-nhap/")
    page.fill("input[name=username]", login)
    page.fill("input[name=password]", password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url("**/viec-hoc/")
