"""What a first visit to a lesson brings over the wire, seen by a real browser."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import Any

from bench.scene import Scene

MOST_BYTES = 150_000
MOST_REQUESTS = 15
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SETTLE_MS = 500


@dataclass(frozen=True)
class Weight:
    """Of one visit with an empty cache, pictures left out; bytes with headers, as compressed.

    `items` are (bytes, type, path), the heaviest first.
    """

    path: str
    requests: int
    size: int
    items: list[tuple[int, str, str]]

    @property
    def is_light(self) -> bool:
        """Whether it keeps to the house's limits."""
        return self.size <= MOST_BYTES and self.requests <= MOST_REQUESTS


def weigh(scene: Scene) -> list[Weight]:
    """Every lesson as a logged-in learner who was never here; the heaviest first."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_browser(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        try:
            found = [_visit(browser, scene, path) for path in scene.lessons]
        finally:
            browser.close()
    return sorted(found, key=lambda weight: -weight.size)


def _browser() -> str | None:
    """The Chromium of the machine; None for the one playwright has installed, if it has."""
    named = os.environ.get("CHROMIUM_PATH")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _visit(browser: Any, scene: Scene, path: str) -> Weight:
    context = browser.new_context(base_url=scene.base, viewport={"width": 390, "height": 844})
    try:
        session = {"name": "sessionid", "value": scene.learners[0][1], "url": scene.base}
        context.add_cookies([session])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        asked: dict[str, tuple[str, str]] = {}
        sizes: dict[str, int] = {}

        def on_response(event: Any) -> None:
            url = event["response"]["url"]
            if url.startswith("http"):
                asked[event["requestId"]] = (event["type"], url.removeprefix(scene.base))

        def on_finished(event: Any) -> None:
            sizes[event["requestId"]] = int(event["encodedDataLength"])

        wire.on("Network.responseReceived", on_response)
        wire.on("Network.loadingFinished", on_finished)
        wire.send("Network.enable")
        page.goto(path, wait_until="networkidle")
        # Fonts that only lower text needs come when it is looked at.
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.wait_for_timeout(SETTLE_MS)
    finally:
        context.close()
    items = sorted(
        (
            (sizes.get(request, 0), kind, url)
            for request, (kind, url) in asked.items()
            if kind != "Image"
        ),
        reverse=True,
    )
    return Weight(path, len(items), sum(size for size, *_rest in items), items)
