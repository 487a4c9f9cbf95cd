"""Where the time goes: a lesson page and a quiz attempt through Django's test client, cache warm.

    python -m bench.profiling SCENE.json

Without the server and the network, so that the figures are the application's alone.
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django

from bench.scene import HELLO, Scene

TIMES = 100
ATTEMPTS = 10
LINES = 25
OWN = r"site/portal|learning/|quizzes/"
ACK = {"accept": "application/json"}


def main(source: Path) -> None:
    """Print time and queries of each step, then the costliest templates and functions."""
    django.setup()
    from django.conf import settings
    from django.test import Client

    scene = Scene.read(source)
    client = Client(headers={"host": urlsplit(scene.base).netloc})
    client.cookies[settings.SESSION_COOKIE_NAME] = scene.learners[0][1]

    def hello() -> None:
        _ask(client.get(HELLO))

    def lesson() -> None:
        _ask(client.get(scene.lessons[0]))

    for _n in range(5):
        hello()
        lesson()
    _time("hello", hello)
    _time("lesson page", lesson, show=True)
    _by_template(lesson)
    _by_function(lesson, TIMES)
    _attempt_steps(client, scene)
    _by_function(lambda: _sit(client, scene), ATTEMPTS)


def _ask(response: Any) -> Any:
    assert response.status_code < 400, f"{response.request['PATH_INFO']}: {response.status_code}"
    return response


def _queries(action: Callable[[], object]) -> list[str]:
    """The SQL of one call."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        action()
        return [query["sql"] for query in captured.captured_queries]


def _time(label: str, action: Callable[[], object], *, show: bool = False) -> None:
    queries = _queries(action)
    before = time.process_time()
    for _n in range(TIMES):
        action()
    took = (time.process_time() - before) / TIMES * 1000
    print(f"{label:<16}{took:8.2f} ms of processor time, {len(queries)} queries")
    for query in queries if show else []:
        print(f"    {query[:140]}")


def _by_template(action: Callable[[], object]) -> None:
    """Milliseconds a page in each template, with what it includes; a parent holds its child."""
    from django.template import base

    spent: Counter[str] = Counter()
    template: Any = base.Template  # its inner method is not in the stubs
    render = template._render

    def timed(self: Any, context: Any) -> Any:
        before = time.perf_counter()
        try:
            return render(self, context)
        finally:
            spent[str(self.name)] += time.perf_counter() - before  # type: ignore[assignment]

    template._render = timed
    try:
        for _n in range(TIMES):
            action()
    finally:
        template._render = render
    print("\nby template, ms a page, with what each includes")
    for name, seconds in spent.most_common(15):
        print(f"{seconds / TIMES * 1000:8.2f}  {name}")


def _by_function(action: Callable[[], object], times: int) -> None:
    profile = cProfile.Profile()
    profile.enable()
    for _n in range(times):
        action()
    profile.disable()
    print(f"\nprofile of {times} calls (the profiler itself makes everything slower)")
    stats = pstats.Stats(profile)
    stats.sort_stats("cumulative").print_stats(OWN, LINES)
    stats.print_stats(r"execute|_fetch_all|pickle|node|Node|reverse|template/|templatetags", LINES)
    stats.sort_stats("tottime").print_stats(LINES)


def _steps(client: Any, scene: Scene) -> list[tuple[str, Callable[[], object]]]:
    """The requests of one attempt; the first finds the address for the others."""
    found: dict[str, str] = {}

    def start() -> None:
        found["at"] = _ask(client.post(scene.quiz_start))["location"]

    def save(position: int, answer: list[str]) -> Callable[[], object]:
        fields = {"client": "profile", "sequence": time.time_ns(), "answer": answer}
        return lambda: _ask(client.post(f"{found['at']}luu/{position}/", fields, headers=ACK))

    return [
        ("start", start),
        ("question", lambda: _ask(client.get(found["at"]))),
        *[("save", save(n, answer)) for n, answer in enumerate(scene.answers, start=1)],
        ("review", lambda: _ask(client.get(f"{found['at']}nop-bai/"))),
        ("hand in", lambda: _ask(client.post(f"{found['at']}nop-bai/"))),
        ("result", lambda: _ask(client.get(f"{found['at']}ket-qua/"))),
    ]


def _sit(client: Any, scene: Scene) -> None:
    for _name, step in _steps(client, scene):
        step()


def _attempt_steps(client: Any, scene: Scene) -> None:
    """Processor time and queries of each step of an attempt, the mean of a few."""
    _sit(client, scene)
    spent: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    for _n in range(ATTEMPTS):
        for name, step in _steps(client, scene):
            before = time.process_time()
            step()
            spent[name] += time.process_time() - before  # type: ignore[assignment]
            calls[name] += 1
    queries = {name: len(_queries(step)) for name, step in _steps(client, scene)}
    print("\nsteps of an attempt: ms of processor time, queries")
    for name, seconds in spent.items():
        print(f"{name:<16}{seconds / calls[name] * 1000:8.2f}{queries[name]:6}   × {calls[name]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
