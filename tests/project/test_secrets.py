"""What must not stand in the files of the project."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.project.houses import ROOT

BINARY = {".png", ".jpg", ".jpeg", ".webp", ".ico", ".woff2", ".woff", ".ttf", ".otf", ".mo"}
BINARY |= {".pdf", ".mp4", ".webm", ".xlsx", ".zip", ".gz", ".br"}
VENDORED = re.compile(r"(^|/)(vendor|node_modules)/|\.min\.(js|css)$")
COLOUR = re.compile(
    r"(?<![&\w/\"'(])#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b|\brgba?\("
)
COLOUR_ATTRIBUTE = re.compile(
    r"(?:fill|stroke|color|stop-color|bgcolor)\s*[=:]\s*[\"']?#[0-9a-fA-F]{3,8}"
)
LOADS = re.compile(
    r"""(?:\b(?:src|srcset|poster|data|action)\s*=\s*["']?\s*|url\(\s*["']?|@import\s+["']|"""
    r"""<link\b[^>]*\bhref\s*=\s*["']?|\b(?:fetch|import|importScripts|WebSocket)\(\s*["'`])"""
    r"""(?:https?:|wss?:)?//""",
    re.IGNORECASE,
)
MACHINE_PATH = re.compile(
    r"(?<![\w.])/(?:root|home/\w+|Users/\w+|work/\w+|tmp/\w+|opt/\w+)(?=/|\b)"
)
KEYS = re.compile(
    r"BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}"
    r"|django-insecure-[\w!@#$%^&*()=+-]{20}"
)


def files(*folders: str, suffixes: set[str] | None = None) -> Iterator[Path]:
    """The text files that belong to the project: what git tracks or would track."""
    # A checkout owned by another user (a build container) is read all the same.
    git = ["git", "-c", "safe.directory=*"]
    listing = subprocess.run(
        [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in sorted(set(listing.split("\0")) - {""}):
        path = ROOT / name
        if not path.is_file() or path.suffix in BINARY or VENDORED.search(name):
            continue
        if suffixes is None or path.suffix in suffixes:
            yield path


def hits(pattern: re.Pattern[str], paths: Iterator[Path]) -> list[str]:
    """`file:line: text` of every line that the pattern finds."""
    return [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_files_are_found():
    assert ROOT / "pyproject.toml" in list(files())
    assert [
        path.name for path in files("static/css", suffixes={".css"}) if path.name == "tokens.css"
    ]


def test_colours_are_named_in_tokens_only():
    css = (path for path in files("static/css") if path.name != "tokens.css")
    assert hits(COLOUR, css) == []
    assert hits(COLOUR_ATTRIBUTE, files("templates", "static/js")) == []


def test_pages_load_nothing_from_other_hosts():
    assert (
        hits(LOADS, files("templates", "static", suffixes={".html", ".css", ".js", ".svg"})) == []
    )


def test_no_path_of_a_machine():
    own = Path(__file__).resolve()
    assert hits(MACHINE_PATH, (path for path in files() if path != own)) == []


def test_no_key_in_the_repository():
    own = Path(__file__).resolve()
    assert hits(KEYS, (path for path in files() if path != own)) == []


def test_patterns_find_what_they_are_for():
    """Each of the tests above passes on an empty pattern; these lines must not."""
    assert COLOUR.search("a { color: #fff }")
    assert COLOUR.search("b { background: rgba(0, 0, 0, .5) }")
    assert not COLOUR.search('fill: url("#wave")')
    assert COLOUR_ATTRIBUTE.search('<path fill="#0a7">')
    assert LOADS.search('<script src="https://cdn.example/x.js">')
    assert LOADS.search("@font-face { src: url(//fonts.example/x.woff2) }")
    assert LOADS.search('<link rel="stylesheet" href="https://cdn.example/x.css">')
    assert not LOADS.search('<a href="https://example.vn/">')
    assert not LOADS.search("{% static 'css/main.css' %}")
    assert MACHINE_PATH.search("open('/home/lan/x')")
    assert not MACHINE_PATH.search("https://example.vn/home/lan")
    assert KEYS.search("-----BEGIN PRIVATE KEY-----")
