"""Starting the production server and the background worker beside each other."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from types import FrameType

from django.conf import settings

from portal.operations.web_server import HOST, web_command

_READY_SECONDS = 30.0
_STOP_SECONDS = 8.0


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this port of this machine now."""
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex((HOST, port)) != 0


def is_healthy(port: int) -> bool:
    """Whether `/healthz` answers 200 on this port."""
    try:
        connection = http.client.HTTPConnection(HOST, port, timeout=2)
        connection.request("GET", "/healthz", headers={"Accept": "application/json"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False


class Servers:
    """The web server and the worker as child processes; ended together."""

    def __init__(self, *, port: int, workers: int) -> None:
        self.port = port
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PYTHONPATH": os.pathsep.join((str(settings.ROOT / "site"), str(settings.ROOT))),
        }
        web = web_command(port=port, workers=workers)
        worker = [sys.executable, str(settings.ROOT / "manage.py"), "db_worker", "-v", "0"]
        self.children = [
            # Both commands are written above; nothing of them comes from outside.
            subprocess.Popen(  # noqa: S603
                command, env=environment, cwd=settings.ROOT, start_new_session=True
            )
            for command in (web, worker)
        ]

    def wait_until_ready(self) -> bool:
        """True as soon as the site answers; False if a child ended or 30 seconds passed."""
        limit = time.monotonic() + _READY_SECONDS
        while time.monotonic() < limit and all(c.poll() is None for c in self.children):
            if is_healthy(self.port):
                return True
            time.sleep(0.1)
        return False

    def run(self) -> int:
        """Wait for Ctrl-C, SIGTERM or a child's end, then end all; the web server's exit code."""
        stopping: list[int] = []

        def stop(number: int, _frame: FrameType | None) -> None:
            stopping.append(number)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        while not stopping and all(child.poll() is None for child in self.children):
            time.sleep(0.2)
        failed = not stopping
        self.stop()
        return 1 if failed else 0

    def stop(self) -> None:
        """End every child: asked first, killed if it doesn't answer within eight seconds."""
        for child in self.children:
            if child.poll() is None:
                child.terminate()
        limit = time.monotonic() + _STOP_SECONDS
        for child in self.children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, limit - time.monotonic()))
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
