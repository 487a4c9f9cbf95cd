"""What locust drives for the start of an exam: everybody presses «start» within one second.

Started by `bench.exam` as `locust -f exam_load.py --headless Exam`. Each person starts once all are
there, at a moment of her own in that second, saves every answer one after the other, and hands in.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from typing import Any
from urllib.parse import urlsplit

import gevent  # type: ignore[import-untyped]
from gevent.event import Event  # type: ignore[import-untyped]
from locust import events, task
from locust.exception import StopUser

from bench.load import OUT, SCENE, Person, window

PEOPLE = int(os.environ["BENCH_PEOPLE"])

_together = Event()
_places = itertools.count()
# (step, sent at, milliseconds), times of one clock.
_steps: list[tuple[str, float, float]] = []
_done = itertools.count(1)


@events.spawning_complete.add_listener
def _on_everybody(**_more: Any) -> None:
    _together.set()


class Exam(Person):
    """One person of the exam."""

    abstract = False

    def session(self) -> str:
        """Everybody is somebody else."""
        return SCENE.learners[0][1]

    @task
    def sit(self) -> None:
        place = next(_places)
        self.become(SCENE.learners[place][1])
        _together.wait()
        gevent.sleep(place / PEOPLE)
        started = self._timed("start", lambda: self.post(SCENE.quiz_start, "start", {}))
        if started.status_code == 302:
            attempt = urlsplit(started.headers["location"]).path
            for position, answer in enumerate(SCENE.answers, start=1):
                self._timed("save an answer", lambda n=position, a=answer: self.save(attempt, n, a))
            self._timed("hand in", lambda: self.post(f"{attempt}nop-bai/", "hand in", {}))
        if next(_done) == PEOPLE:
            _finish()
            self.environment.runner.quit()
        raise StopUser

    def _timed(self, step: str, ask: Any) -> Any:
        sent = time.monotonic()
        answer = ask()
        _steps.append((step, sent, (time.monotonic() - sent) * 1000))
        return answer


def _finish() -> None:
    found = {"steps": _steps, "errors": dict(window.errors)}
    OUT.write_text(json.dumps(found), encoding="utf-8")
