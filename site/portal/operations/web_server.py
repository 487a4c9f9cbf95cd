"""The production web server's command line: one for the trial, the bench and the README."""

import sys

HOST = "127.0.0.1"


def web_arguments(*, port: int, workers: int) -> list[str]:
    """What the web server is told to serve the site on this port of this machine.

    One Python thread a worker: pages spend their time in Python, where a second thread only waits
    for the first and makes it give way.
    """
    return [
        "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", "1", "--workers-kill-timeout", "5", "--no-ws",
        "--log-level", "warning", "portal.wsgi:application",
    ]  # fmt: skip


def web_command(*, port: int, workers: int) -> list[str]:
    """The command that starts the web server in a process of its own."""
    return [sys.executable, "-m", "granian", *web_arguments(port=port, workers=workers)]
