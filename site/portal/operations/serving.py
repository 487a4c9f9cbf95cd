"""Starting the production server and the background worker beside each other.

Importing the site takes longer than everything else of a start. On Linux the web server, its
workers and the background worker are therefore forked from this process, which has imported it:
once instead of four times. Where forking is not safe (macOS), each of them imports for itself.
"""

import contextlib
import http.client
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from importlib import import_module
from multiprocessing.process import BaseProcess
from types import FrameType

import django
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connections

from portal.operations.web_server import HOST, web_arguments

_READY_SECONDS = 60.0
_STOP_SECONDS = 8.0
if sys.platform == "linux":
    _CONTEXT = multiprocessing.get_context("fork")
else:
    _CONTEXT = multiprocessing.get_context("spawn")


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
        self.workers = workers
        self.stopping = False
        self.children: list[BaseProcess] = []

    def start(self) -> bool:
        """Start the web server, and the worker as soon as the site answers.

        False if the web server ended, a minute passed, or this process was told to stop.
        """
        # From here on: being told to stop must find the children and end them.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._told_to_stop)
        if _CONTEXT.get_start_method() == "fork":
            import_module("portal.wsgi")
        self._start_child(_serve, self.port, self.workers)
        limit = time.monotonic() + _READY_SECONDS
        while time.monotonic() < limit and self._all_is_well():
            if is_healthy(self.port):
                self._start_child(_work)
                return True
            time.sleep(0.05)
        return False

    def run(self) -> int:
        """Wait for Ctrl-C, SIGTERM or a child's end, then end all; 1 if a child ended by itself."""
        while self._all_is_well():
            time.sleep(0.2)
        failed = not self.stopping
        self.stop()
        return 1 if failed else 0

    def stop(self) -> None:
        """End every child: asked first, killed if it doesn't answer within eight seconds."""
        for child in self.children:
            child.terminate()
        limit = time.monotonic() + _STOP_SECONDS
        for child in self.children:
            child.join(max(0.1, limit - time.monotonic()))
            if child.is_alive() and child.pid:
                os.killpg(child.pid, signal.SIGKILL)

    def _start_child(self, work: Callable[..., None], *arguments: int) -> None:
        # A connection must not be shared between processes.
        connections.close_all()
        caches.close_all()
        child = _CONTEXT.Process(target=work, args=arguments)
        self.children.append(child)
        child.start()

    def _all_is_well(self) -> bool:
        return not self.stopping and all(child.is_alive() for child in self.children)

    def _told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True


def _serve(port: int, workers: int) -> None:
    """The child that is the web server."""
    _settle()
    from granian.cli import cli

    cli(web_arguments(port=port, workers=workers))


def _work() -> None:
    """The child that is the background worker."""
    _settle()
    django.setup()
    # Never reloading: that would start this program's own command line, the whole trial, again.
    from learning.statistics.tasks import await_refresh
    from portal.operations.daily import await_morning

    await_morning()
    await_refresh()
    call_command("db_worker", verbosity=0, reload=False)


def _settle() -> None:
    """Become the head of a session, so that Ctrl-C reaches the parent alone, who ends the rest."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    os.chdir(settings.ROOT)
    # The web server starts its workers in the same way.
    multiprocessing.set_start_method(_CONTEXT.get_start_method(), force=True)
