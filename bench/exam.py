"""An exam on PostgreSQL with two worker processes: many people start within one second.

    make bench ARGS=--exam

Each then saves every answer and hands in. Told are the rates and times of each step; afterwards
the database is asked whether every acknowledged answer is there. An error or a lost answer fails.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.measure import percentile
from bench.scene import Scene
from bench.servers import ROOT, WORKERS

PEOPLE = 500
MOST_SECONDS = 300
STEPS = ("start", "save an answer", "hand in")


def sit_exam(scene: Path, variables: dict[str, str], processes: list[int]) -> dict[str, Any]:
    """Drive the exam against the running server, print its table; what was found.

    `lost` and `ungraded` come from the database of `variables`, read after the last hand-in.
    """
    found = _drive(scene, processes)
    rows = [_row(step, found["steps"]) for step in STEPS]
    starts = [sent for step, sent, _took in found["steps"] if step == "start"]
    checked = _check(scene, variables)
    told = {
        "people": PEOPLE,
        "workers": WORKERS,
        "spread_seconds": max(starts) - min(starts) if starts else 0.0,
        "steps": rows,
        "errors": found["errors"],
        **checked,
    }
    _print(told)
    return told


def failed(told: dict[str, Any]) -> bool:
    """Whether somebody met an error, or something is not in the database."""
    return bool(told["errors"] or told["lost"] or told["ungraded"])


def _drive(scene: Path, processes: list[int]) -> dict[str, Any]:
    out = scene.with_name("exam.json")
    variables = os.environ | {
        "PYTHONPATH": str(ROOT),
        "BENCH_SCENE": str(scene),
        "BENCH_OUT": str(out),
        "BENCH_WARM": str(MOST_SECONDS),
        "BENCH_SECONDS": "1",
        "BENCH_LIMIT": "1",
        "BENCH_PROCESSES": ",".join(map(str, processes)),
        "BENCH_PEOPLE": str(PEOPLE),
    }
    command = [
        sys.executable, "-m", "locust", "-f", str(ROOT / "bench" / "exam_load.py"), "--headless",
        "--users", str(PEOPLE), "--spawn-rate", str(PEOPLE), "--only-summary",
        "--run-time", f"{MOST_SECONDS}s", "--loglevel", "ERROR", "Exam",
    ]  # fmt: skip
    done = subprocess.run(
        command, env=variables, cwd=scene.parent, capture_output=True, text=True, check=False,
        timeout=MOST_SECONDS + 60,
    )  # fmt: skip
    if not out.exists():
        raise SystemExit(f"✗ the exam did not end:\n{(done.stdout + done.stderr)[-2000:]}")
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def _row(step: str, steps: list[tuple[str, float, float]]) -> dict[str, Any]:
    mine = [(sent, took) for name, sent, took in steps if name == step]
    times = [took for _sent, took in mine]
    first = min((sent for sent, _took in mine), default=0.0)
    last = max((sent + took / 1000 for sent, took in mine), default=0.0)
    return {
        "step": step,
        "count": len(mine),
        "per_second": len(mine) / (last - first) if last > first else 0.0,
        **{f"p{n}": percentile(times, n) for n in (50, 95, 99)},
    }


def _check(scene: Path, variables: dict[str, str]) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.exam", str(scene)],
        env=variables, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


def _print(told: dict[str, Any]) -> None:
    print(
        f"\nexam: {told['people']} people start within {told['spread_seconds']:.2f} s, "
        f"PostgreSQL, {told['workers']} workers"
    )
    print(f"  {'':<18}{'count':>7}{'per s':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}")
    for row in told["steps"]:
        print(
            f"  {row['step']:<18}{row['count']:>7}{row['per_second']:>9.1f}"
            f"{row['p50']:>9.0f}{row['p95']:>9.0f}{row['p99']:>9.0f}"
        )
    for error, count in told["errors"].items():
        print(f"    ✗ {count} × {error}")
    print(
        f"  in the database: {told['kept']} answers as sent, {told['lost']} lost; "
        f"{told['graded']} attempts graded, {told['ungraded']} not"
    )


def count_kept(scene: Scene) -> dict[str, int]:
    """What the database has of the exam: answers as they were sent, and graded attempts."""
    from quizzes.attempts.models import Attempt, AttemptItem

    logins = [login for login, _session in scene.learners[:PEOPLE]]
    attempts = Attempt.objects.filter(taker__email__in=logins, quiz__key="bench")
    graded = attempts.filter(state=Attempt.State.GRADED).count()
    kept = sum(
        sorted(answer) == sorted(scene.answers[position - 1])
        for position, answer in AttemptItem.objects.filter(attempt__in=attempts).values_list(
            "position", "answer"
        )
    )
    return {
        "kept": kept,
        "lost": PEOPLE * len(scene.answers) - kept,
        "graded": graded,
        "ungraded": PEOPLE - graded,
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(count_kept(Scene.read(Path(sys.argv[1])))))
