"""What locust drives: one kind of user a measurement, each user in turn as another learner.

Started by `bench.measure` as `locust -f load.py --headless KIND`. The samples of a window after a
warm-up are written to BENCH_OUT, with the processor time the servers used in it.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import gevent  # type: ignore[import-untyped]
import psutil  # type: ignore[import-untyped]
from locust import FastHttpUser, constant, events, task
from locust.env import Environment

from bench.scene import HELLO, LOGIN, STATISTICS, Scene

SCENE = Scene.read(Path(os.environ["BENCH_SCENE"]))
WARM_SECONDS = float(os.environ["BENCH_WARM"])
SECONDS = float(os.environ["BENCH_SECONDS"])
LIMIT = int(os.environ["BENCH_LIMIT"])
PROCESSES = [int(pid) for pid in os.environ["BENCH_PROCESSES"].split(",")]
OUT = Path(os.environ["BENCH_OUT"])

# The cookie and the header say the same: the double-submit token as any browser sends it.
TOKEN = "bench0123456789abcdefghijklmnopq"
FORM = "application/x-www-form-urlencoded"
ATTEMPT = "whole attempt"

_numbers = itertools.count()


class Window:
    """The samples between warm-up and end; times in milliseconds."""

    def __init__(self) -> None:
        self.open = False
        self.samples: dict[str, list[float]] = defaultdict(list)
        self.errors: dict[str, int] = defaultdict(int)
        self.elapsed = self.cpu = 0.0
        self.count = 0

    def begin(self) -> None:
        """Warm-up is over."""
        self._cpu_before = processor_seconds()
        self._before = time.monotonic()
        self.open = True

    def end(self) -> None:
        """Close the window and keep what was found; a second call does nothing."""
        if not self.open:
            return
        self.open = False
        self.elapsed = time.monotonic() - self._before
        self.cpu = processor_seconds() - self._cpu_before

    def add(self, name: str, milliseconds: float, error: object) -> None:
        """One answer, or one whole attempt."""
        if error:
            # Also those of the warm-up: a measurement of failures is none.
            self.errors[f"{name}: {error}"[:200]] += 1
        elif self.open:
            self.samples[name].append(milliseconds)
            self.count += 1

    def write(self) -> None:
        """Hand everything over."""
        found = {
            "elapsed": self.elapsed,
            "cpu": self.cpu,
            "samples": self.samples,
            "errors": self.errors,
        }
        OUT.write_text(json.dumps(found), encoding="utf-8")


def processor_seconds() -> float:
    """Processor time used so far by the server, its workers and the database's processes."""
    total = 0.0
    for pid in PROCESSES:
        parent = psutil.Process(pid)
        for process in [parent, *parent.children(recursive=True)]:
            try:
                used = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += used.user + used.system
    return total


window = Window()


@events.request.add_listener
def _on_request(name: str, response_time: float, exception: object, **_more: Any) -> None:
    window.add(name, response_time, exception)


@events.test_start.add_listener
def _on_start(environment: Environment, **_more: Any) -> None:
    gevent.spawn(_run, environment)


def _run(environment: Environment) -> None:
    gevent.sleep(WARM_SECONDS)
    window.begin()
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and window.count < LIMIT:
        gevent.sleep(0.05)
    window.end()
    window.write()
    assert environment.runner is not None
    environment.runner.quit()


class Person(FastHttpUser):
    """Someone with a browser's cookies; the next free learner of the scene."""

    abstract = True
    host = SCENE.base
    wait_time = constant(0)

    def on_start(self) -> None:
        # Cookies are sent by hand: a user of locust changes the person she is.
        self.client.client.cookiejar = None
        self.become(self.session())

    def session(self) -> str:
        """The session key of a learner nobody else is."""
        return SCENE.learners[next(_numbers) % len(SCENE.learners)][1]

    def become(self, session: str) -> None:
        """Send this session's cookies from now on."""
        self.cookies = f"sessionid={session}; csrftoken={TOKEN}"

    def ask(self, method: str, url: str, name: str, must: str = "", **more: Any) -> Any:
        """One request, redirects not followed; a page without `must` in it is a failure."""
        headers = {"Cookie": self.cookies, **more.pop("headers", {})}
        with self.client.request(
            method,
            url,
            name=name,
            headers=headers,
            allow_redirects=False,
            catch_response=True,
            **more,
        ) as response:
            text = response.text or ""
            if response.status_code == 302 and method == "GET":
                response.failure("redirected")
            elif not 200 <= response.status_code < 400:
                response.failure(f"status {response.status_code}")
            elif must not in text:
                response.failure(f"no {must!r} in it")
        return response

    def post(self, url: str, name: str, fields: dict[str, Any], **headers: str) -> Any:
        """A form's post with the token, as the browser or the page's script sends it."""
        return self.ask(
            "POST",
            url,
            name,
            data=urlencode(fields, doseq=True),
            headers={"Content-Type": FORM, "X-CSRFToken": TOKEN, **headers},
        )

    def save(self, attempt: str, position: int, answer: list[str]) -> None:
        """One answer, as the page's script sends it; it must be acknowledged."""
        fields = {"client": f"bench{id(self)}", "sequence": time.time_ns(), "answer": answer}
        response = self.post(
            f"{attempt}luu/{position}/", "save an answer", fields, Accept="application/json"
        )
        if response.status_code == 200 and response.json().get("answered") != position:
            window.add("save an answer", 0, "not counted")


class Hello(Person):
    """The ceiling."""

    @task
    def look(self) -> None:
        self.ask("GET", HELLO, "hello", must="hello ")


class Lesson(Person):
    """A logged-in learner turning the pages."""

    @task
    def read(self) -> None:
        url = SCENE.lessons[next(_numbers) % len(SCENE.lessons)]
        # Only who is logged in is offered to log out.
        self.ask("GET", url, "lesson page", must="/dang-xuat/")


class Statistics(Person):
    """The department's administrator and the figures of the whole city."""

    def session(self) -> str:
        return SCENE.administrator

    @task
    def look(self) -> None:
        self.ask("GET", STATISTICS, "HR screen", must="<svg")


class LogIn(Person):
    """People coming in; the password is checked as in production."""

    @task
    def log_in(self) -> None:
        login, _session = SCENE.learners[next(_numbers) % len(SCENE.learners)]
        self.cookies = f"csrftoken={TOKEN}"
        response = self.post(LOGIN, "log-in", {"username": login, "password": SCENE.password})
        if response.status_code == 200:
            window.add("log-in", 0, "refused")


class Quiz(Person):
    """A whole attempt: start, every answer by a post of its own, hand in, see the result."""

    pages = False

    def session(self) -> str:
        # Each kind has a half of the learners: what one run leaves open the other won't resume.
        half = len(SCENE.learners) // 2
        place = next(_numbers) % half + (half if self.pages else 0)
        return SCENE.learners[place][1]

    @task
    def sit(self) -> None:
        self.become(self.session())
        begun = time.monotonic()
        started = self.post(SCENE.quiz_start, "start", {})
        if started.status_code != 302:
            window.add(ATTEMPT, 0, "not started")
            gevent.sleep(0.2)
            return
        attempt = urlsplit(started.headers["location"]).path
        last = len(SCENE.answers)
        self.ask("GET", attempt, "question", must="data-attempt")
        for position, answer in enumerate(SCENE.answers, start=1):
            self.save(attempt, position, answer)
            if self.pages and position < last:
                self.ask("GET", f"{attempt}?cau={position + 1}", "question", must="data-attempt")
        if self.pages:
            self.ask("GET", f"{attempt}nop-bai/", "review", must="nop-bai")
        self.post(f"{attempt}nop-bai/", "hand in", {})
        shown = self.ask("GET", f"{attempt}ket-qua/", "result")
        whole = shown.status_code == 200
        took = (time.monotonic() - begun) * 1000
        window.add(ATTEMPT, took, None if whole else "no result")


class QuizPages(Quiz):
    """The same, with every question's page and the review looked at, as a person does."""

    pages = True
