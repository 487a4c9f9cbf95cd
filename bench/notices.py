"""The outbox: 1,000 and 10,000 people are told something, and a mail server takes their letters.

    make bench ARGS=--notices

    python -m bench.notices       in the environment of a migrated database

The mail server is a real one on this machine that takes everything and keeps only a count. Each
size is told, written and sent in a process of its own, as the worker's would be, so that its peak
of memory is its own: it must not follow the number of letters, and every letter arrives once.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from email import message_from_bytes
from typing import Any

from bench.servers import free_port
from portal.operations.web_server import HOST

SIZES = (1_000, 10_000)
# Of the larger outbox's peak to the smaller one's.
MOST_MEMORY = 1.35
STEPS = ("tell", "send")


def main() -> int:
    """Both sizes, the table, JSON as last line; 1 if a letter is missing, double or memory grew."""
    from aiosmtpd.controller import Controller

    taken: Counter[str] = Counter()
    port = free_port()
    sink = Controller(Sink(taken), hostname=HOST, port=port)
    sink.start()
    rows: dict[int, dict[str, dict[str, float]]] = {}
    wrong: list[str] = []
    try:
        for size in SIZES:
            taken.clear()
            rows[size] = {step: _step(size, step, port) for step in STEPS}
            for step in STEPS:
                _tell(size, step, rows[size][step])
            if (len(taken), taken.total()) != (size, size):
                wrong.append(f"{taken.total()} mails, {len(taken)} different ones, for {size}")
    finally:
        sink.stop()
    print(json.dumps(rows))
    small, large = (rows[size] for size in SIZES)
    wrong += [
        f"{step}: memory follows the number of letters"
        for step in STEPS
        if large[step]["megabytes"] > MOST_MEMORY * small[step]["megabytes"]
    ]
    for what in wrong:
        print(f"✗ {what}")
    return int(bool(wrong))


class Sink:
    """A mail server's answers: yes to everything; `taken` counts by Message-ID."""

    def __init__(self, taken: Counter[str]) -> None:
        self.taken = taken

    async def handle_DATA(  # noqa: N802 — the library's name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        """Count the mail and take it."""
        head = envelope.content.partition(b"\r\n\r\n")[0]
        self.taken[str(message_from_bytes(head)["Message-ID"])] += 1
        return "250 OK"


def _tell(size: int, step: str, found: dict[str, float]) -> None:
    rate = size / found["seconds"]
    timed = f"{found['seconds']:>8.1f} s{rate:>9,.0f} a second"
    print(f"  {size:>7,} {step:<5}{timed}{found['megabytes']:>8.0f} MB", flush=True)


def _step(size: int, step: str, port: int) -> dict[str, float]:
    variables = os.environ | {
        "EMAIL_URL": f"smtp://{HOST}:{port}",
        "NOTICES_QUIET_FROM": "0",
        "NOTICES_QUIET_UNTIL": "0",
        "NOTICES_QUIET_WEEKENDS": "false",
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.notices", str(size), step],
        env=variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"✗ {step}:\n{done.stderr[-3000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def run(size: int, step: str) -> None:
    """One step in this process; its seconds and peak of memory as JSON."""
    import django

    django.setup()
    from django.db import connection

    if connection.vendor == "sqlite":
        # Pages of the database's file that the system maps are no memory of the process.
        connection.cursor().execute("PRAGMA mmap_size=0")
    people = _people(size) if step == "tell" else []
    begun = time.perf_counter()
    if step == "tell":
        _tell_all(people, size)
    else:
        _send_all()
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak}))


def _people(size: int) -> list[int]:
    """Invented people; those who were there before have nothing waiting."""
    from django.contrib.auth import get_user_model

    from learning.notices.models import Notice

    Notice.objects.filter(letter__isnull=True).update(by_mail=False)
    users: Any = get_user_model()
    token = time.time_ns() // 1_000_000
    made: list[int] = []
    for first in range(0, size, 1_000):
        batch = [
            users(full_name="Trần Mẫu Thư", email=f"thu-{token}-{number}@vidu.example")
            for number in range(first, min(first + 1_000, size))
        ]
        made += [user.pk for user in users._default_manager.bulk_create(batch)]
    return made


def _tell_all(people: list[int], size: int) -> None:
    from learning.enrolments.reminding.kinds import SOON
    from learning.notices.actions import Told, tell
    from learning.notices.models import Notice

    facts = {"course": "Văn hóa sở hữu trí tuệ", "due": "31/12/2026"}
    told = tell(kind=SOON, people=(Told(pk, f"bench:{pk}", facts, "/viec-hoc/") for pk in people))
    if told != size:
        raise SystemExit(f"told {told} of {size}")
    # The minutes in which more may come for the same letter are not what is measured.
    Notice.objects.filter(key__startswith="bench:").update(not_before="2020-01-01T00:00:00Z")


def _send_all() -> None:
    from learning.notices.models import Letter
    from learning.notices.tasks import run as deliver_now

    deliver_now()
    if left := Letter.objects.exclude(state=Letter.State.SENT).count():
        raise SystemExit(f"{left} letters were not sent")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        run(int(sys.argv[1]), sys.argv[2])
    else:
        sys.exit(main())
