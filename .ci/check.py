"""Everything `make test` checks, in order; ends with one line of counts.

    .venv/bin/python .ci/check.py [--lint]

Every step runs even if an earlier one failed, so that one run tells all there is to mend; the exit
status is 1 if any failed. The browser and PostgreSQL are brought along or the run fails: nothing is
left out silently. PostgreSQL is the one in DATABASE_URL, else one started from a wheel by
`tests/plugins/database.py`.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent
TEMPLATES = ROOT / "templates"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_BROWSER = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# pytest's last line: "12 passed, 1 failed, 2 skipped in 3.21s", with or without "=====".
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)\b")
SUMMARY = re.compile(r"\b(\d+ \w+(, \d+ \w+)*|no tests ran) in [\d.]+s")


class Run:
    """Runs the steps, remembers what failed, and adds up the tests."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.failed: list[str] = []
        self.counts: Counter[str] = Counter()
        self.times: list[tuple[str, float, bool]] = []

    def step(self, name: str, command: list[str], **variables: str | None) -> bool:
        """Run one command with `variables` set (None removes one); True if it succeeded."""
        print(f"\n── {name}", flush=True)
        environment = dict(self.environment)
        for key, value in variables.items():
            if value is None:
                environment.pop(key, None)
            else:
                environment[key] = value
        started = time.monotonic()
        code, last = stream(command, environment)
        seconds = time.monotonic() - started
        passed = code == 0
        counts = Counter(read_summary(last) if command[1:3] == ["-m", "pytest"] else {})
        if not passed and not counts["failed"] + counts["errors"]:
            counts["failed"] = 1  # a linter, or tests that could not start, must show in the total
        self.counts.update(counts)
        self.times.append((name, seconds, passed))
        print(f"   {'ok' if passed else 'FAILED'} · {name} · {seconds:.1f} s", flush=True)
        if not passed:
            self.failed.append(name)
        return passed

    def finish(self) -> int:
        print("\n── Summary")
        for name, seconds, passed in self.times:
            print(f"   {'ok    ' if passed else 'FAILED'} {seconds:7.1f} s  {name}")
        if self.failed:
            print(f"   Failed: {'; '.join(self.failed)}")
        bad = self.counts["failed"] + self.counts["errors"]
        skipped = f", {self.counts['skipped']} skipped" if self.counts["skipped"] else ""
        print(f"{self.counts['passed']} passed, {bad} failed{skipped}", flush=True)
        return 1 if self.failed else 0


def stream(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run, passing output on as it comes; (exit status, pytest's last summary line or "")."""
    summary = ""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                sys.stdout.write(line)
                sys.stdout.flush()
                if SUMMARY.search(line):
                    summary = line
        except BaseException:
            process.terminate()  # so that the tests' PostgreSQL stops with them
            raise
    return process.returncode, summary


def read_summary(line: str) -> dict[str, int]:
    """Counts out of pytest's last line; "error" and "errors" are one kind."""
    found: Counter[str] = Counter()
    for number, kind in COUNT.findall(line):
        found["errors" if kind == "error" else kind] += int(number)
    return found


def quietly(command: list[str], timeout: int = 1800) -> tuple[bool, str]:
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, str(error)
    return done.returncode == 0, done.stdout + done.stderr


def last_lines(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-8:])


def browser_starts(path: str) -> bool:
    """Whether this Chromium opens a page here: a missing library shows only when it starts."""
    command = [path, "--headless", "--no-sandbox", "--disable-gpu"]
    command += ["--disable-background-networking", "--dump-dom", "data:text/html,<p>ready</p>"]
    ok, output = quietly(command, timeout=90)
    return ok and "ready" in output


def installed_browser() -> str | None:
    chosen = os.environ.get("CHROMIUM_PATH")
    if chosen:
        if not browser_starts(chosen):
            raise SystemExit(f"✗ CHROMIUM_PATH={chosen} does not start.")
        return chosen
    for name in BROWSERS:
        path = shutil.which(name)
        if path and browser_starts(path):
            return path
    if MAC_BROWSER.exists() and browser_starts(str(MAC_BROWSER)):
        return str(MAC_BROWSER)
    return None


def playwright_browser() -> str | None:
    script = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    ok, output = quietly([PYTHON, "-c", script])
    path = output.strip().splitlines()[-1] if ok and output.strip() else ""
    return path if path and Path(path).exists() and browser_starts(path) else None


def can_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(package: str) -> str:
    """Bring a Debian package where that is allowed; what apt-get printed, or ""."""
    if not can_install():
        return ""
    print(f"   Installing {package} with apt-get (a minute or more)", flush=True)
    quietly(["apt-get", "update", "-qq"])
    return quietly(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package])[1]


def prepare_driver() -> None:
    """Playwright's driver is a Node that wants libatomic, which a bare Debian lacks."""
    command = [PYTHON, "-m", "playwright", "--version"]
    starts, output = quietly(command)
    if not starts:
        details = apt_install("libatomic1")
        starts, output = quietly(command)
        output = details + output
    if not starts:
        raise SystemExit(
            "✗ Playwright, chương trình điều khiển trình duyệt, không khởi động được. Hãy cài thư "
            "viện còn thiếu (sudo apt-get install libatomic1).\n"
            "  Playwright, which drives the browser, does not start: install what it lacks.\n"
            + last_lines(output)
        )


def find_browser() -> str:
    """The path of a Chromium that starts, installed if need be; SystemExit if there is no way."""
    path = installed_browser() or playwright_browser()
    if path:
        return path
    details = apt_install("chromium")
    path = installed_browser() if details else None
    if path:
        return path
    print("   Installing Chromium with playwright (a few minutes)", flush=True)
    command = [PYTHON, "-m", "playwright", "install", *(["--with-deps"] if can_install() else [])]
    _, output = quietly([*command, "chromium"])
    path = playwright_browser()
    if path:
        return path
    raise SystemExit(
        "✗ Không có Chromium cho các bài kiểm thử trên trình duyệt. Hãy cài chromium "
        "(sudo apt-get install chromium) hoặc đặt CHROMIUM_PATH.\n"
        "  The browser journeys need Chromium: install it or set CHROMIUM_PATH.\n"
        + last_lines(details + output)
    )


def lint(run: Run) -> None:
    templates = sorted(str(path.relative_to(ROOT)) for path in TEMPLATES.rglob("*.html"))
    run.step("ruff check", [PYTHON, "-m", "ruff", "check", "."])
    run.step("ruff format", [PYTHON, "-m", "ruff", "format", "--check", "."])
    if templates:
        run.step("djhtml", [PYTHON, "-m", "djhtml", "--check", "--tabwidth", "2", *templates])
    run.step("mypy", [PYTHON, "-m", "mypy"], DEMO="true")
    run.step("import order", [str(BIN / "lint-imports"), "--no-logo"])
    run.step(
        "missing migrations",
        [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
        DATABASE_URL=None,
        DEMO="true",
    )
    run.step(
        "deployment check",
        [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        **PRODUCTION,
    )


# A complete production configuration with a throw-away key: what `check --deploy` has to accept.
PRODUCTION: dict[str, str | None] = {
    "DEBUG": None,
    "DEMO": None,
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "hoc.example.vn",
    "BASE_URL": "https://hoc.example.vn",
    "DATABASE_URL": None,
}


# Journeys that are made on both databases.
BOTH_WAYS = ("whole_path", "nothing_is_lost")


def tests(run: Run) -> None:
    unit = [PYTHON, "-m", "pytest", "-q", "-n", "2", "-rs", "--ignore=tests/journeys"]
    journeys = [PYTHON, "-m", "pytest", "-q", "-n", "2", "-rs", "tests/journeys"]
    given = os.environ.get("DATABASE_URL", "")
    # A DATABASE_URL of another kind is not the PostgreSQL asked for: the plugin starts its own.
    server = given if given.startswith(("postgres://", "postgresql://")) else None
    # What asks no database runs once; what asks one runs on both.
    run.step("pytest on sqlite", unit, TEST_DATABASE="sqlite", DATABASE_URL=None)
    run.step(
        "pytest on postgres", unit, TEST_DATABASE="postgres", DATABASE_URL=server, SKIP_PURE="1"
    )
    run.step("pytest journeys on sqlite", journeys, TEST_DATABASE="sqlite", DATABASE_URL=None)
    # The browser is the same: on PostgreSQL the ways on which rows are written by several at once.
    run.step(
        "pytest journeys on postgres",
        [*journeys[:-1], *(f"tests/journeys/test_{name}.py" for name in BOTH_WAYS)],
        TEST_DATABASE="postgres",
        DATABASE_URL=server,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lint", action="store_true", help="only the linters and static checks")
    options = parser.parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    os.chdir(ROOT)
    environment = dict(os.environ, PYTHONUTF8="1", PYTHONUNBUFFERED="1")
    environment["PATH"] = f"{BIN}{os.pathsep}{environment.get('PATH', '')}"
    environment["PYTHONPATH"] = f"{ROOT / 'site'}{os.pathsep}{ROOT}"
    environment["NO_COLOR"] = "1"
    # The checks must neither need nor touch the data of a demo in var/.
    folder = tempfile.TemporaryDirectory(prefix="check-")
    environment["VAR_DIR"] = folder.name
    run = Run(environment)
    if not options.lint:
        print("── Browser", flush=True)
        prepare_driver()
        environment["CHROMIUM_PATH"] = find_browser()
        if shutil.which("softhsm2-util") is None:
            # A token in software, for signing with a key on a token; its test is skipped without.
            apt_install("softhsm2")
        print(f"   {environment['CHROMIUM_PATH']}", flush=True)
    lint(run)
    if not options.lint:
        tests(run)
    folder.cleanup()
    return run.finish()


if __name__ == "__main__":
    raise SystemExit(main())
