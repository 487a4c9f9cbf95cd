"""The README and the packages' docstrings tell what there is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.project.houses import ROOT, packages

COMMANDS = sorted(
    path.stem
    for top in ("site/portal", "learning", "quizzes")
    for path in (ROOT / top).glob("**/management/commands/*.py")
    if not path.stem.startswith("_")
)
TARGETS = re.findall(r"^([a-z][a-z-]*):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def docstring_of(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def test_there_are_commands_and_targets():
    assert "update_messages" in COMMANDS
    assert {"demo", "test", "test-fast"} <= set(TARGETS)


@pytest.mark.parametrize("name", COMMANDS)
def test_readme_names_the_command(name):
    assert re.search(rf"\b{name}\b", readme()), f"README.md does not name manage.py {name}"


@pytest.mark.parametrize("name", TARGETS)
def test_readme_names_the_make_target(name):
    assert re.search(rf"make {name}(?![\w-])", readme()), f"README.md does not name make {name}"


@pytest.mark.parametrize("name", [*packages(), "learning", "quizzes"])
def test_package_says_what_it_owns(name):
    folder = ROOT / ("site" if name == "portal" else "") / name.replace(".", "/")
    assert len(docstring_of(folder / "__init__.py")) >= 40


@pytest.mark.parametrize("name", packages())
def test_package_has_no_giant_file(name):
    """A file above about 400 lines becomes a folder of the same name."""
    folder = ROOT / ("site" if name == "portal" else "") / name.replace(".", "/")
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in folder.rglob("*.py")
        if "migrations" not in path.parts
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 420
    }
    assert long == {}
