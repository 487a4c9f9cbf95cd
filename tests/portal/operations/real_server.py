"""The production server as a child process that may be killed, on a database of its own."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.urls import reverse

from portal.operations.serving import port_is_free
from portal.operations.web_server import HOST, web_command

# A start takes two seconds; many times as long where the machine does much other work.
START_SECONDS = 90.0


def wait_until(done, *, seconds: float = 45.0, pause: float = 0.001) -> None:
    """Wait for `done()`; an error where it never comes."""
    limit = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(pause)


@contextlib.contextmanager
def own_database(folder) -> Iterator[dict[str, str]]:
    """A fresh database of the kind under test; the environment that leads a server to it.

    Inside, the test's own ORM reads and writes there as well.
    """
    name = f"killed_{os.getpid()}"
    usual = connection.settings_dict["NAME"]
    own, environment = create_database(folder, name)
    use_database(own)
    try:
        yield environment
    finally:
        use_database(usual)
        if connection.vendor == "postgresql":
            run_beside(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def create_database(folder, name: str) -> tuple[str, dict[str, str]]:
    """A copy of the migrated test database; its name, and the environment a server finds it by.

    Copied, as migrating a second one would take longer than all the rest.
    """
    if connection.vendor == "sqlite":
        path = str(folder / "db.sqlite3")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [path])
        return path, {"DATABASE_URL": f"sqlite:///{path}"}
    template = connection.settings_dict["NAME"]
    # PostgreSQL copies only a database that nobody uses.
    connection.close()
    run_beside(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    url = urlsplit(os.environ["DATABASE_URL"])
    return name, {"DATABASE_URL": url._replace(path=f"/{name}").geturl()}


def run_beside(statement: str) -> None:
    """Run one statement on the test's PostgreSQL, outside of any database that is copied."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as beside:
        beside.execute(statement)


def use_database(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


@dataclass(frozen=True)
class Reply:
    """What came back, wholly read."""

    status: int
    location: str
    body: bytes


class RealServer:
    """The web server as a deployment starts it, with two processes; on one port all its lives."""

    def __init__(self, folder, database: dict[str, str]) -> None:
        with contextlib.closing(socket.socket()) as probe:
            probe.bind((HOST, 0))
            self.port = probe.getsockname()[1]
        self.log = folder / "server.log"
        self.process: subprocess.Popen | None = None
        (folder / "static").mkdir()
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PYTHONPATH": os.pathsep.join((str(settings.ROOT / "site"), str(settings.ROOT))),
            "VAR_DIR": str(folder),
            # With the same key the sessions made here are valid there.
            "SECRET_KEY": settings.SECRET_KEY,
            "BASE_URL": f"http://{HOST}:{self.port}",
            "ALLOWED_HOSTS": HOST,
            "SECURE_SSL_REDIRECT": "false",
            **database,
        }
        if sys.dont_write_bytecode:
            # Compiling everything anew would triple the time of each start.
            self.environment["PYTHONDONTWRITEBYTECODE"] = ""
            self.environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")

    def start(self) -> None:
        """Start it, again if need be, and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                web_command(port=self.port, workers=2),
                env=self.environment,
                cwd=settings.ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(
            lambda: self.is_ready() or self.process.poll() is not None,
            seconds=START_SECONDS,
            pause=0.02,
        )
        assert self.process.poll() is None, self.log.read_text(encoding="utf-8")

    def is_ready(self) -> bool:
        try:
            return self.ask("GET", reverse("health"), {"Accept": "application/json"}).status == 200
        except (OSError, http.client.HTTPException):
            return False

    def ask(self, method: str, path: str, headers: dict[str, str], body: str = "") -> Reply:
        """One request on a connection of its own."""
        with contextlib.closing(http.client.HTTPConnection(HOST, self.port, timeout=30)) as line:
            line.request(method, path, body=body, headers=headers)
            reply = line.getresponse()
            return Reply(reply.status, reply.headers.get("Location", ""), reply.read())

    def kill(self) -> None:
        """SIGKILL for all its processes at once: none of them can finish anything."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
            wait_until(lambda: port_is_free(self.port))

    def kill_when(self, done) -> None:
        """Kill it as soon as `done()`; also where that never comes, so that nobody waits on."""
        try:
            wait_until(done)
        finally:
            self.kill()
