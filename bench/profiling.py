"""Where a lesson page spends its time: profiled through Django's test client, cache warm.

python -m bench.profiling SCENE.json
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import django

from bench.scene import HELLO, Scene

TIMES = 200
LINES = 30


def main(source: Path) -> None:
    """Print queries, time and the costliest functions of a lesson page, beside the ceiling."""
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    scene = Scene.read(source)
    client = Client(headers={"host": urlsplit(scene.base).netloc})
    client.cookies[settings.SESSION_COOKIE_NAME] = scene.learners[0][1]
    lesson = scene.lessons[0]
    for path in (HELLO, lesson):
        for _n in range(5):
            assert client.get(path).status_code == 200, path
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        before = time.process_time()
        for _n in range(TIMES):
            client.get(path)
        took = (time.process_time() - before) / TIMES * 1000
        print(f"{path}: {took:.2f} ms of processor time, {len(captured)} queries")
        for query in captured.captured_queries:
            print(f"    {query['sql'][:150]}")
    profile = cProfile.Profile()
    profile.enable()
    for _n in range(TIMES):
        client.get(lesson)
    profile.disable()
    for order in ("cumulative", "tottime"):
        pstats.Stats(profile).sort_stats(order).print_stats(LINES)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
