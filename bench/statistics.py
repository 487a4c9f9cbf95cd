"""HR's screens with a tenth of a large city and with all of it.

    make bench ARGS=--statistics                     2,000,000 people on PostgreSQL, 100,000 on
                                                     SQLite
    make bench ARGS="--statistics --people 50000"    as many on both

    python -m bench.statistics PEOPLE                in the environment of a prepared database

The screens are asked through the whole of Django by the test client. What they cost must follow
what is shown and not the number of people: each is asked in both sizes, and the ratio is told. The
limits are those of issue «HR statistics» and are told, not asserted: they hold on two cores.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.crowd import Crowd, grow

UNITS = 3_000
TIMES = 7
READER = "bench-thong-ke@vidu.example"
CSV_ROWS = 1_000_000
MEANT = {"postgresql": 2_000_000, "sqlite": 100_000}
# Milliseconds a screen may take, by the database.
LIMITS = {
    "postgresql": {"city": 300, "agency": 300, "board": 300, "people": 200},
    "sqlite": dict.fromkeys(("city", "agency", "board", "people"), 1000),
}


def main(people: int) -> int:
    """Both sizes, the table, JSON as last line; 1 if a screen is slower than it may be."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection

    from learning.courses.queries import course_choices

    settings.ALLOWED_HOSTS = ["*"]
    people = people or MEANT[connection.vendor]
    course = course_choices()[0][0]
    rows: dict[int, dict[str, float]] = {}
    already = 0
    # Before the crowd, whose keys must not meet hers.
    browser = _reader()
    for size in (people // 10, people):
        begun = time.perf_counter()
        crowd = grow(course, people=size, units=UNITS, already=already)
        already = size
        print(f"{size:,} people written in {time.perf_counter() - begun:.0f} s", flush=True)
        rows[size] = _measure(browser, crowd)
    small, large = (rows[size] for size in (people // 10, people))
    print(f"{'':34}{people // 10:>12,}{people:>12,}   ratio")
    for name in large:
        print(
            f"{name:34}{small[name]:>12,.1f}{large[name]:>12,.1f}{large[name] / small[name]:>8.2f}"
        )
    limits = LIMITS[connection.vendor]
    slow = [
        f"{name}: {spent:.0f} ms, and {limits[name.split()[0]]} ms are allowed"
        for name, spent in large.items()
        if name.endswith("ms") and spent > limits.get(name.split()[0], 60_000)
    ]
    for line in slow:
        print(f"✗ {line}")
    print(json.dumps(rows))
    return int(bool(slow))


def _measure(browser: Any, crowd: Crowd) -> dict[str, float]:
    """Milliseconds of each screen, and rows a second of the CSV."""
    found: dict[str, float] = {}
    _rebuild(found)
    _give_role(crowd)
    for name, url in _screens(crowd).items():
        found[f"{name} ms"] = _median(browser, url)
    found["CSV rows/s"] = _csv(browser, crowd)
    return found


def _rebuild(found: dict[str, float]) -> None:
    from importlib.util import find_spec

    if find_spec("learning.statistics.summary") is None:
        return
    from django.core.management import call_command

    for step in ("rebuild", "check", "refresh"):
        begun = time.perf_counter()
        call_command("statistics_summary", **{step: True}, verbosity=0)
        found[f"summary: {step} (s)"] = time.perf_counter() - begun


def _reader() -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    person, _made = get_user_model().objects.get_or_create(
        email=READER, defaults={"full_name": "Đo Mẫu"}
    )
    browser = Client()
    browser.force_login(person)
    return browser


def _give_role(crowd: Crowd) -> None:
    from django.contrib.auth import get_user_model

    from learning.organisations.actions import make_responsible
    from learning.organisations.models import Unit

    person = get_user_model().objects.get(email=READER)
    make_responsible(user=person, unit=Unit.objects.get(pk=crowd.root))


def _screens(crowd: Crowd) -> dict[str, str]:
    from django.urls import reverse

    overview, people = reverse("statistics:overview"), reverse("statistics:people")
    course = f"khoa={crowd.course}"
    return {
        "city": f"{overview}?{course}&don-vi={crowd.root}",
        "agency": f"{overview}?{course}&don-vi={crowd.agency}",
        "board": f"{reverse('statistics:board')}?{course}&don-vi={crowd.root}",
        "people of an agency": f"{people}?{course}&don-vi={crowd.agency}",
        "people of the city": f"{people}?{course}&don-vi={crowd.root}",
        "people overdue, city": f"{people}?{course}&don-vi={crowd.root}&trang-thai=qua-han",
        "search in the city": f"{people}?{course}&don-vi={crowd.root}&tim=do-77777",
        "goals": f"{reverse('statistics:goals')}?don-vi={crowd.root}",
    }


def _median(browser: Any, url: str) -> float:
    """Milliseconds, the median of some requests after a first one; of slow ones, fewer."""
    spent: list[float] = []
    while len(spent) <= TIMES and sum(spent) < 20_000:
        spent.append(_timed(lambda: browser.get(url)) * 1000)
    return statistics.median(spent[1:] or spent)


def _timed(ask: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    reply = ask()
    assert reply.status_code == 200, reply.status_code
    return time.perf_counter() - begun


def _csv(browser: Any, crowd: Crowd) -> float:
    """Rows a second, to the end or to the millionth."""
    from django.urls import reverse

    address = reverse("statistics:export", kwargs={"form": "csv"})
    begun = time.perf_counter()
    reply = browser.get(f"{address}?khoa={crowd.course}&don-vi={crowd.root}")
    rows = 0
    for portion in reply.streaming_content:
        rows += portion.count(b"\r\n")
        if rows >= CSV_ROWS:
            break
    reply.close()
    return rows / (time.perf_counter() - begun)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
