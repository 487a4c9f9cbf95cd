"""The table a person reads, and the file that is kept."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from bench.measure import Result
from bench.weight import MOST_BYTES, MOST_REQUESTS, Weight

LESSON_AIM = 0.5  # of the ceiling
PEER_TIMES = 15
# Moodle 4.5 on the machine of the design, measured the same way: see the design's notes on the
# stack. Not this machine: context, no comparison of equals.
PEER_ATTEMPTS = (2.8, 3.7)
PEER = "peer, on its own machine: attempts 2.8–3.7/s, log-ins 14–17/s, lesson pages 18–25/s"
NOISE = 0.2


@dataclass
class DatabaseReport:
    """Everything measured on one database. The ceiling was taken before and after the rest."""

    database: str
    ceilings: list[Result] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)

    @property
    def ceiling(self) -> float:
        """Mean of the ceilings, per second."""
        rates = [result.per_second for result in self.ceilings]
        return sum(rates) / len(rates) if rates else 0.0

    @property
    def ceiling_cpu(self) -> float:
        """Mean processor time of the ceiling's request, milliseconds."""
        costs = [result.cpu_ms for result in self.ceilings]
        return sum(costs) / len(costs) if costs else 0.0

    def ratio(self, result: Result) -> float:
        """Rate as a share of the ceiling."""
        return result.per_second / self.ceiling if self.ceiling else 0.0

    def cpu_ratio(self, result: Result) -> float:
        """The ceiling's processor time as a share of this one's: less noisy than the rate's."""
        return self.ceiling_cpu / result.cpu_ms if result.cpu_ms else 0.0


def print_database(report: DatabaseReport) -> None:
    """The table of one database."""
    print(f"\n{report.database}")
    print(
        f"  {'':<28}{'at once':>8}{'per s':>9}{'p50 ms':>9}{'p95 ms':>9}"
        f"{'CPU ms':>8}{'rate':>8}{'by CPU':>8}"
    )
    for result in [*report.ceilings, *report.results]:
        print(
            f"  {result.label:<28}{result.at_once:>8}{result.per_second:>9.1f}{result.p50:>9.1f}"
            f"{result.p95:>9.1f}{result.cpu_ms:>8.2f}{report.ratio(result):>8.2f}"
            f"{report.cpu_ratio(result):>8.2f}"
        )
        for name, part in result.parts.items():
            print(f"    {name:<26}{'':>8}{'':>9}{part['p50']:>9.1f}{part['p95']:>9.1f}")
        for error, count in result.errors.items():
            print(f"    ✗ {count} × {error}")
    rates = [result.per_second for result in report.ceilings]
    if rates and max(rates) - min(rates) > NOISE * max(rates):
        print("  (the ceiling moved by more than a fifth in this run: others use the machine)")
    for result in report.results:
        if result.label == "lesson page":
            print(
                f"  lesson page: {report.ratio(result):.2f} of the ceiling by rate, "
                f"{report.cpu_ratio(result):.2f} by processor time (aim {LESSON_AIM})"
            )
        elif "attempt" in result.label or "every page" in result.label:
            low, high = (result.per_second / peer for peer in reversed(PEER_ATTEMPTS))
            print(
                f"  {result.label.strip()}: {low:.0f}–{high:.0f} times the peer (aim {PEER_TIMES})"
            )


def print_weight(weights: list[Weight]) -> None:
    """The heaviest first visit, item by item."""
    print("\nFirst visit to a lesson, empty cache, without its pictures")
    heaviest = weights[0]
    verdict = "within" if heaviest.is_light else "✗ OVER"
    print(
        f"  heaviest of {len(weights)}: {heaviest.size / 1000:.1f} kB in {heaviest.requests} "
        f"requests, {verdict} {MOST_BYTES // 1000} kB and {MOST_REQUESTS} requests"
    )
    print(f"  {heaviest.path}")
    for size, kind, path in heaviest.items:
        print(f"    {size / 1000:>7.1f} kB  {kind:<12}{path}")


def write(
    folder: Path, reports: list[DatabaseReport], weights: list[Weight], *, seconds: float
) -> Path:
    """Keep the run as JSON; the file's path."""
    now = datetime.now().astimezone()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y-%m-%d-%H%M}.json"
    told = {
        "at": now.isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load_average": os.getloadavg(),
        "seconds": seconds,
        "databases": [
            {
                "database": report.database,
                "ceiling_per_second": report.ceiling,
                "ceiling_cpu_ms": report.ceiling_cpu,
                "ceilings": [asdict(result) for result in report.ceilings],
                "results": [
                    asdict(result)
                    | {"ratio": report.ratio(result), "cpu_ratio": report.cpu_ratio(result)}
                    for result in report.results
                ],
            }
            for report in reports
        ],
        "weight": [asdict(weight) for weight in weights],
        "peer": PEER,
    }
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path
