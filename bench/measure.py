"""One measurement: locust for a few seconds, and what came of it."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.servers import ROOT


@dataclass(frozen=True)
class Plan:
    """What is measured: a user class of `load`, how many at once, and which sample is counted.

    `longer` stretches the measurement of what takes long itself. Where one counted thing is made
    of several `requests`, the rate comes from them: attempts that straddle the window's ends
    count by their part in it.
    """

    label: str
    kind: str
    sample: str
    at_once: int
    longer: float = 1.0
    requests: int = 1


CEILING = Plan("ceiling: hello", "Hello", "hello", 8)
PLANS = (
    Plan("lesson page", "Lesson", "lesson page", 8),
    Plan("HR screen, whole city", "Statistics", "HR screen", 8),
    Plan("log-in", "LogIn", "log-in", 8, longer=2),
    # start, first question, ten saves, hand in, result; with the pages: nine questions, a review
    Plan("quiz attempt, 10 answers", "Quiz", "whole attempt", 20, longer=2, requests=14),
    Plan("  with every page looked at", "QuizPages", "whole attempt", 20, longer=2, requests=24),
)


@dataclass(frozen=True)
class Result:
    """Rates per second, times in milliseconds; `cpu_ms` is the servers' processor time for one.

    `parts` has the same for the requests an attempt is made of.
    """

    label: str
    at_once: int
    count: int
    per_second: float
    p50: float
    p95: float
    cpu_ms: float
    requests_per_second: float
    errors: dict[str, int]
    parts: dict[str, dict[str, float]]


def measure(
    plan: Plan,
    *,
    scene: Path,
    processes: list[int],
    seconds: float,
    warm: float,
    limit: int = 50_000,
) -> Result:
    """Drive `plan` for `seconds` after `warm` seconds, at most `limit` samples."""
    seconds, warm = seconds * plan.longer, warm * plan.longer
    out = scene.with_name(f"samples-{plan.kind}.json")
    out.unlink(missing_ok=True)
    variables = os.environ | {
        "PYTHONPATH": str(ROOT),
        "BENCH_SCENE": str(scene),
        "BENCH_OUT": str(out),
        "BENCH_WARM": str(warm),
        "BENCH_SECONDS": str(seconds),
        "BENCH_LIMIT": str(limit),
        "BENCH_PROCESSES": ",".join(str(pid) for pid in processes),
    }
    command = [
        sys.executable, "-m", "locust", "-f", str(ROOT / "bench" / "load.py"), "--headless",
        "--users", str(plan.at_once), "--spawn-rate", "1000", "--only-summary",
        "--run-time", f"{int(seconds + warm) + 10}s", "--loglevel", "ERROR", plan.kind,
    ]  # fmt: skip
    done = subprocess.run(
        command, env=variables, cwd=scene.parent, capture_output=True, text=True, check=False,
        timeout=seconds + warm + 60,
    )  # fmt: skip
    if not out.exists():
        raise SystemExit(f"✗ locust measured nothing:\n{(done.stdout + done.stderr)[-2000:]}")
    return _digest(plan, json.loads(out.read_text(encoding="utf-8")))


def _digest(plan: Plan, found: dict) -> Result:
    elapsed = found["elapsed"] or 1.0
    counted = found["samples"].get(plan.sample, [])
    parts = {name: values for name, values in found["samples"].items() if name != plan.sample}
    requests = sum(len(values) for values in parts.values()) if parts else len(counted)
    done = requests / plan.requests
    return Result(
        label=plan.label,
        at_once=plan.at_once,
        count=len(counted),
        per_second=done / elapsed,
        p50=percentile(counted, 50),
        p95=percentile(counted, 95),
        cpu_ms=1000 * found["cpu"] / done if done else 0.0,
        requests_per_second=requests / elapsed,
        errors=found["errors"],
        parts={
            name: {
                "count": len(values),
                "p50": percentile(values, 50),
                "p95": percentile(values, 95),
            }
            for name, values in parts.items()
        },
    )


def percentile(values: list[float], percent: int) -> float:
    """The value that `percent` of the values don't exceed; 0 for none."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
