"""The trial's servers: started from one process, ended together."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import textwrap

import pytest
from django.conf import settings

from portal.operations.serving import port_is_free
from portal.operations.web_server import web_command

SCRIPT = """
    import os, signal, sys
    import django

    django.setup()
    from portal.operations.serving import Servers, is_healthy

    free, taken = map(int, sys.argv[1:])
    servers = Servers(port=taken, workers=1)
    print("taken", servers.start(), servers.stopping, servers.run(), flush=True)
    servers = Servers(port=free, workers=1)
    print("free", servers.start(), servers.stopping, is_healthy(free), flush=True)
    print(*(child.pid for child in servers.children), flush=True)
    os.kill(os.getpid(), signal.SIGTERM)
    print("end", servers.run(), flush=True)
"""


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_site_answers_and_everything_ends_together(tmp_path):
    """In a process of its own: forking pytest with its database would prove little."""
    environment = os.environ | {
        "DEMO": "true",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONPATH": os.pathsep.join((str(settings.ROOT / "site"), str(settings.ROOT))),
        "VAR_DIR": str(tmp_path),
    }
    environment.pop("DATABASE_URL", None)
    free = free_port()
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        result = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(SCRIPT), str(free), str(taken)],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
    lines = result.stdout.splitlines()
    assert lines[0] == "taken False False 1", result.stderr
    assert lines[1] == "free True False True", result.stderr
    assert lines[3] == "end 0", result.stderr
    assert [pid for pid in map(int, lines[2].split()) if is_there(pid)] == []
    assert port_is_free(free)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_command_of_the_web_server_names_the_site(workers):
    command = web_command(port=8123, workers=workers)
    assert command[1:3] == ["-m", "granian"]
    assert command[command.index("--port") + 1] == "8123"
    assert command[command.index("--workers") + 1] == str(workers)
    assert command[-1] == settings.WSGI_APPLICATION.replace(".application", ":application")
