"""The import order of the house, checked by import-linter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.project.houses import ROOT, packages, room_of


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the project in `folder` (in a process: it keeps global state)."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [str(program), "--no-cache", "--config", "pyproject.toml"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{folder / 'site'}{os.pathsep}{folder}", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_go_downwards_only():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_package_has_its_floor():
    assert [name for name in packages() if room_of(name) is None] == []


def test_the_contract_notices_an_import_upwards(tmp_path):
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")
    for name in packages():
        folder = tmp_path / ("site" if name == "portal" else "") / name.replace(".", "/")
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").touch()
        (folder / "__init__.py").touch()
    (tmp_path / "site" / "__init__.py").unlink()
    assert lint_imports(tmp_path).returncode == 0

    for upwards in ("import learning.courses", "import portal"):
        (tmp_path / "quizzes" / "bank" / "__init__.py").write_text(upwards)
        assert lint_imports(tmp_path).returncode == 1, upwards
