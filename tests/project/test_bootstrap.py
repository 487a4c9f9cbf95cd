"""`.ci/bootstrap.py` says clearly what a person has to settle, on old Pythons too."""

from __future__ import annotations

import ast
import importlib.util
import os
import socket
import subprocess
import sys

import pytest

from tests.project.houses import ROOT

SCRIPT = ROOT / ".ci" / "bootstrap.py"


@pytest.fixture(scope="module")
def bootstrap():
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_old_pythons_can_read_it():
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("version", [(3, 6, 9), (3, 10, 14)])
def test_old_python_is_told(bootstrap, version):
    with pytest.raises(bootstrap.Problem) as caught:
        bootstrap.check_version(version)
    assert "3.11" in caught.value.vietnamese
    assert "3.11" in caught.value.english


def test_new_python_passes(bootstrap):
    bootstrap.check_version((3, 11, 0))
    bootstrap.check_version((4, 0, 0))


@pytest.mark.parametrize("text", ["", "abc", "0", "70000"])
def test_senseless_port_is_told(bootstrap, text):
    with pytest.raises(bootstrap.Problem):
        bootstrap.check_port(text)


def test_taken_port_is_told_at_once_and_without_traceback():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = subprocess.run(
            [sys.executable, str(SCRIPT), "demo"],
            env=os.environ | {"PORT": str(port)},
            capture_output=True,
            encoding="utf-8",
            timeout=20,
            check=False,
        )
    assert result.returncode == 2
    assert f"Cổng {port} đang có chương trình khác dùng" in result.stderr
    assert "Traceback" not in result.stderr


def test_free_port_passes(bootstrap):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    bootstrap.check_port(str(port))


def test_missing_venv_module_names_the_package(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap, "has_venv_modules", lambda: False)
    monkeypatch.setattr(bootstrap, "is_root", lambda: False)
    with pytest.raises(bootstrap.Problem) as caught:
        bootstrap.install_venv_modules()
    assert "apt-get install python3." in caught.value.vietnamese


def test_network_failures_are_known(bootstrap):
    pip = "NewConnectionError: Failed to establish a new connection: [Errno 111]"
    uv = "error: Failed to fetch: error sending request for url (https://host.example/simple/)"
    assert bootstrap.looks_like_network(pip)
    assert bootstrap.looks_like_network(uv)
    assert not bootstrap.looks_like_network("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES")


def test_development_environment_serves_the_demo(bootstrap, monkeypatch, tmp_path):
    stamp = tmp_path / "stamp"
    monkeypatch.setattr(bootstrap, "STAMP", str(stamp))
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", sys.executable)
    assert not bootstrap.is_current("runtime")
    stamp.write_text(bootstrap.stamp_for("dev"), encoding="utf-8")
    assert bootstrap.is_current("runtime")
    assert bootstrap.is_current("dev")
    stamp.write_text(bootstrap.stamp_for("runtime"), encoding="utf-8")
    assert not bootstrap.is_current("dev")
