"""`python -m bench`: prepare, measure, tell. See the package's docstring."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import exam
from bench import report as reporting
from bench.measure import CEILING, PLANS, Plan, Result, measure
from bench.report import DatabaseReport
from bench.scene import Scene
from bench.servers import ROOT, environment, free_port, postgres, web
from bench.weight import Weight, weigh

DATABASES = ("sqlite", "postgres")
LEAST_LEARNERS = 100
RESULTS = ROOT / "bench" / "results"


def main() -> int:
    """Run what was asked; 1 if a request failed or a lesson is too heavy, else 0."""
    options = _options()
    seconds, warm = (2.0, 1.0) if options.quick else (options.seconds, 1.5)
    # Ended from outside, it must not leave servers and folders behind.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    if options.certificates:
        return _certificates()
    if options.exam:
        options.database, options.learners = ["postgres"], max(options.learners, exam.PEOPLE)
    reports: list[DatabaseReport] = []
    weights: list[Weight] = []
    failures: list[bool] = []
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        for database in options.database or DATABASES:
            with _database(database, folder) as (address, processes):
                variables = environment(folder=folder / "var", port=free_port(), database=address)
                scene = _prepare(database, folder, variables, options.learners)
                if options.profile:
                    _profile(scene, variables)
                    return 0
                with web(variables, folder / "server.log") as server:
                    watched = [server, *processes]
                    if options.exam:
                        lost = exam.failed(exam.sit_exam(scene, variables, watched))
                        failures.append(lost)
                    if options.bank:
                        _bank(database, variables)
                    if options.staff:
                        failures.append(_staff(database, variables))
                    if options.notices:
                        failures.append(_notices(database, variables))
                    if options.units:
                        failures.append(_units(database, variables))
                    if options.statistics:
                        failures.append(_statistics(database, variables, options.people))
                    if _is_special(options):
                        continue
                    if not options.weight_only:
                        found = _measure(database, scene, watched, seconds, warm, options.only)
                        reporting.print_database(found)
                        reports.append(found)
                    if not weights and not options.no_weight:
                        weights = weigh(Scene.read(scene))
                        reporting.print_weight(weights)
                if options.weight_only:
                    break
    finally:
        _show_log(folder / "server.log")
        shutil.rmtree(folder, ignore_errors=True)
    if _is_special(options):
        return int(any(failures))
    if reports:
        print(f"\n{reporting.PEER}")
    print(f"kept: {reporting.write(RESULTS, reports, weights, seconds=seconds).relative_to(ROOT)}")
    failed = any(result.errors for found in reports for result in found.results + found.ceilings)
    return 1 if failed or any(not weight.is_light for weight in weights) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Speed and weight of the product.")
    parser.add_argument("--quick", action="store_true", help="2 seconds a measurement")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of a measurement")
    parser.add_argument("--database", action="append", choices=DATABASES, help="only this one")
    parser.add_argument(
        "--only", action="append", choices=[plan.kind for plan in PLANS], help="beside the ceiling"
    )
    parser.add_argument("--learners", type=int, default=200, help="enrolled beside the demo's")
    parser.add_argument("--profile", action="store_true", help="profile a lesson page instead")
    parser.add_argument("--exam", action="store_true", help="500 people start within a second")
    parser.add_argument(
        "--certificates", action="store_true", help="draw and sign 2,000 papers of certificates"
    )
    parser.add_argument("--bank", action="store_true", help="20,000 questions beside 200")
    parser.add_argument("--staff", action="store_true", help="a staff list of 50,000 rows")
    parser.add_argument("--notices", action="store_true", help="10,000 letters to a mail server")
    parser.add_argument("--units", action="store_true", help="a tree of 5,000 units beside 500")
    parser.add_argument(
        "--statistics", action="store_true", help="2,000,000 people beside a tenth of them"
    )
    parser.add_argument("--people", type=int, default=0, help="as many for --statistics")
    weight = parser.add_mutually_exclusive_group()
    weight.add_argument("--no-weight", action="store_true", help="no browser")
    weight.add_argument("--weight-only", action="store_true", help="only the weight of a lesson")
    options = parser.parse_args()
    if options.learners < LEAST_LEARNERS:
        parser.error(f"--learners: at least {LEAST_LEARNERS}, so that nobody is two people at once")
    return options


def _is_special(options: argparse.Namespace) -> bool:
    """Whether one thing alone is measured, without the ceiling and its table."""
    names = ("exam", "bank", "staff", "notices", "units", "statistics")
    return any(getattr(options, name) for name in names)


@contextlib.contextmanager
def _database(name: str, folder: Path) -> Iterator[tuple[str | None, list[int]]]:
    """The database's address for the settings (None: their SQLite) and its process, if any."""
    if name == "sqlite":
        yield None, []
        return
    with postgres(folder / "postgres") as (address, process):
        yield address, [process]


def _prepare(database: str, folder: Path, variables: dict[str, str], learners: int) -> Path:
    """Fill the database in a process of its own; the scene's path."""
    print(f"{database}: preparing …", end=" ", flush=True)
    begun = time.monotonic()
    scene = folder / f"scene-{database}.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench.prepare", str(scene), str(learners)],
        env=variables, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"✗ could not be prepared:\n{done.stderr[-3000:]}")
    print(f"{time.monotonic() - begun:.0f} s", flush=True)
    return scene


def _measure(
    database: str,
    scene: Path,
    processes: list[int],
    seconds: float,
    warm: float,
    only: list[str] | None,
) -> DatabaseReport:
    """The ceiling, everything else, the ceiling again."""
    found = DatabaseReport(database)

    def run(plan: Plan) -> Result:
        return measure(plan, scene=scene, processes=processes, seconds=seconds, warm=warm)

    found.ceilings.append(run(CEILING))
    found.results += [run(plan) for plan in PLANS if not only or plan.kind in only]
    found.ceilings.append(run(CEILING))
    return found


def _profile(scene: Path, variables: dict[str, str]) -> None:
    command = [sys.executable, "-m", "bench.profiling", str(scene)]
    subprocess.run(command, env=variables, cwd=ROOT, check=True)


def _bank(database: str, variables: dict[str, str]) -> None:
    print(f"\n{database}: bank", flush=True)
    subprocess.run([sys.executable, "-m", "bench.bank"], env=variables, cwd=ROOT, check=True)


def _staff(database: str, variables: dict[str, str]) -> bool:
    """Whether a list took longer, or more memory, than it may."""
    print(f"\n{database}: staff lists", flush=True)
    command = [sys.executable, "-m", "bench.staff"]
    return bool(subprocess.run(command, env=variables, cwd=ROOT, check=False).returncode)


def _notices(database: str, variables: dict[str, str]) -> bool:
    """Whether a letter was lost or doubled, or memory followed their number."""
    print(f"\n{database}: letters", flush=True)
    command = [sys.executable, "-m", "bench.notices"]
    return bool(subprocess.run(command, env=variables, cwd=ROOT, check=False).returncode)


def _units(database: str, variables: dict[str, str]) -> bool:
    """Whether a screen grows with the whole tree."""
    print(f"\n{database}: units", flush=True)
    command = [sys.executable, "-m", "bench.units"]
    return bool(subprocess.run(command, env=variables, cwd=ROOT, check=False).returncode)


def _statistics(database: str, variables: dict[str, str], people: int) -> bool:
    """Whether a screen of the statistics was slower than it may be."""
    print(f"\n{database}: statistics", flush=True)
    command = [sys.executable, "-m", "bench.statistics", str(people)]
    return bool(subprocess.run(command, env=variables, cwd=ROOT, check=False).returncode)


def _certificates() -> int:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        variables = environment(folder=Path(folder) / "var", port=free_port(), database=None)
        command = [sys.executable, "-m", "bench.certificates"]
        return subprocess.run(command, env=variables, cwd=ROOT, check=False).returncode


def _show_log(log: Path) -> None:
    """What the server complained of, if it did: a silent error would make a fast page."""
    text = log.read_text(encoding="utf-8", errors="replace").strip() if log.exists() else ""
    if text:
        print(f"\nThe server said:\n{text[-2000:]}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
